import type { Logger } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { Failure } from '../../novel/failure.ts'
import { type InstallStatus, isInstallFinished, type StoredWeights, type VoiceInstall } from '../../novel/installed-voice.ts'
import type { CatalogueVoice } from '../../novel/voice-catalogue.ts'
import type { Database } from '../../storage/database-tables.ts'
import {
  insertInstall,
  installById,
  isVoiceInstalled,
  unfinishedInstalls,
  updateInstall,
} from '../../storage/queries/voice-queries.ts'
import { sqlDialect } from '../../storage/sql-dialect.ts'
import { catalogueVoice } from '../../storage/voices/voice-catalogue-table.ts'
import type { EventBus } from '../event-bus.ts'
import type { JobProgress } from '../job-progress.ts'
import type { JobQueue, JobWorker } from '../job-queue.ts'

/** Downloads a voice's files and validates them; the voice is installed whole when this resolves, else absent. */
export type InstallVoice = (
  install: VoiceInstall,
  voice: CatalogueVoice,
  report: { readonly onBytes: (done: number) => void; readonly onFetched: () => Promise<void> },
  signal: AbortSignal,
) => Promise<void>

interface VoiceInstallerParts {
  readonly db: Database
  readonly jobs: JobQueue
  readonly progress: JobProgress
  readonly catalogue: readonly CatalogueVoice[]
  readonly eventBus: EventBus
  readonly log: Logger
  readonly installVoice: InstallVoice
  /** Deletes the downloaded files of an install. */
  readonly discard: (installId: string) => Promise<void>
  readonly isInstalled: (voiceId: string) => boolean
  /** Bytes that have to be fetched for a voice. */
  readonly bytesOf: (voice: CatalogueVoice, weights: StoredWeights | undefined) => number
}

/** After an error of the database. */
const retryDelayMs = 5000

/**
 * Installs requested voices, one at a time on each server. Requests are committed before they are answered, so that a
 * killed server resumes them, a download from the byte where it stopped; of several servers another begins it anew.
 * Close it with `stop`.
 */
export class VoiceInstaller {
  readonly #parts: VoiceInstallerParts
  #worker: JobWorker | undefined
  #stopped = false

  constructor(parts: VoiceInstallerParts) {
    this.#parts = parts
  }

  /**
   * Requests an install; durable when it returns, and idempotent. `weights`: of a model that is there in several sizes;
   * left out: as usual, or those that are installed. Throws `voice.not-in-catalogue`, `voice.installed`.
   */
  async request(voiceId: string, weights?: StoredWeights): Promise<VoiceInstall> {
    const { db, catalogue } = this.#parts
    const voice = catalogueVoice(catalogue, voiceId)
    const accepted = await sqlDialect(db).exclude(db, 'installs', (connection) =>
      this.#accept(connection, voice, weights),
    )
    this.#publish(accepted.id)
    this.#start()
    return accepted
  }

  /** Throws `install.unknown`. */
  async byId(id: string): Promise<VoiceInstall> {
    const install = await installById(this.#parts.db, id)
    if (!install) throw new Failure('install.unknown', { installId: id })
    return install
  }

  /** Cancels an install and deletes its files; a finished one stays as it is. Throws `install.unknown`. */
  async cancel(id: string): Promise<VoiceInstall> {
    const { jobs, discard } = this.#parts
    await this.byId(id)
    if (await this.#end(id, 'cancelled')) {
      await jobs.cancel('install-voice', id)
      await discard(id)
    }
    return this.byId(id)
  }

  /** By the id of each install. */
  async bytesDone(installs: readonly VoiceInstall[]): Promise<ReadonlyMap<string, number>> {
    const isRunning = installs.some(({ status }) => status === 'downloading')
    const running = isRunning ? await this.#parts.progress.all() : new Map<string, number>()
    return new Map(
      installs.map(({ id, status, bytesTotal }) => {
        const isFetched = status === 'completed' || status === 'proving'
        return [id, isFetched ? bytesTotal : Math.min(running.get(id) ?? 0, bytesTotal)]
      }),
    )
  }

  /** Takes up the unfinished installs. */
  work(): void {
    this.#start()
    this.#takeUp().catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'unfinished installs could not be taken up')
    })
  }

  /** Aborts the running install; the next start resumes it. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#worker?.[Symbol.asyncDispose]()
  }

  /** `connection`: on which nobody else accepts one. */
  async #accept(
    connection: Database,
    voice: CatalogueVoice,
    weights: StoredWeights | undefined,
  ): Promise<VoiceInstall> {
    const unfinished = await unfinishedInstalls(connection)
    const same = unfinished.find((install) => install.voiceId === voice.id)
    if (same) {
      await this.#send(same, connection)
      return same
    }
    if (this.#parts.isInstalled(voice.id) || (await isVoiceInstalled(connection, voice.id)))
      throw new Failure('voice.installed', { voice: voice.name })
    const install: VoiceInstall = {
      id: uuidv7(),
      voiceId: voice.id,
      name: voice.name,
      status: 'pending',
      bytesTotal: this.#parts.bytesOf(voice, weights),
      ...(weights !== undefined && { weights }),
      createdAt: new Date().toISOString(),
    }
    await insertInstall(connection, install)
    await this.#send(install, connection)
    return install
  }

  async #takeUp(): Promise<void> {
    const { db } = this.#parts
    for (const install of await unfinishedInstalls(db)) await this.#send(install, db)
  }

  async #send({ id }: VoiceInstall, db: Database): Promise<void> {
    await this.#parts.jobs.send('install-voice', { installId: id }, { singletonKey: id, transaction: db })
  }

  #start(): void {
    if (this.#stopped) return
    this.#worker ??= this.#parts.jobs.work(
      'install-voice',
      { concurrency: () => 1, retries: Infinity, backoffMs: () => retryDelayMs },
      ({ installId }, { signal }) => this.#install(installId, signal),
    )
  }

  /** Throws if the install is to be tried again, here or by another server. */
  async #install(id: string, signal: AbortSignal): Promise<void> {
    const { db, catalogue, discard, installVoice, log, progress } = this.#parts
    const install = await installById(db, id)
    if (!install || isInstallFinished(install.status)) return
    const { voiceId } = install
    try {
      await this.#setStatus(id, 'downloading', signal)
      progress.report(id, 0)
      const report = {
        onBytes: (done: number) => {
          progress.report(id, done)
          this.#publish(id)
        },
        onFetched: () => this.#setStatus(id, 'proving', signal),
      }
      await installVoice(install, catalogueVoice(catalogue, voiceId), report, signal)
      log.info({ voice: voiceId }, 'a voice was installed')
    } catch (error) {
      if ((await installById(db, id))?.status === 'cancelled') return await discard(id)
      signal.throwIfAborted()
      await discard(id)
      const failure = error instanceof Failure ? error : new Failure('server.broken')
      log.warn({ err: error, voice: voiceId }, 'a voice could not be installed')
      await this.#end(id, 'failed', failure.message)
    } finally {
      await progress.end(id)
      this.#publish(id)
    }
  }

  /** Throws if the install has ended meanwhile. */
  async #setStatus(id: string, status: InstallStatus, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (!(await updateInstall(this.#parts.db, id, { status }))) throw new Error('the install has ended')
    this.#publish(id)
  }

  /** Returns whether it had not ended before. */
  async #end(id: string, status: InstallStatus, errorMessage?: string): Promise<boolean> {
    const ended = await updateInstall(this.#parts.db, id, {
      status,
      completedAt: new Date().toISOString(),
      ...(errorMessage !== undefined && { errorMessage }),
    })
    this.#publish(id)
    return ended
  }

  #publish(installId: string): void {
    this.#parts.eventBus.publish({ kind: 'install', id: installId })
  }
}
