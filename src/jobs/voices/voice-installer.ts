import type { Logger } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { Failure } from '../../novel/failure.ts'
import { type InstallStatus, isInstallFinished, type VoiceInstall } from '../../novel/installed-voice.ts'
import type { CatalogueVoice } from '../../novel/voice-catalogue.ts'
import type { Database } from '../../storage/database-tables.ts'
import { insertInstall, installById, unfinishedInstalls, updateInstall } from '../../storage/queries/voice-queries.ts'
import { catalogueVoice } from '../../storage/voices/voice-catalogue-table.ts'
import { Mutex } from '../concurrency.ts'
import type { EventBus } from '../event-bus.ts'

/** Downloads a voice's files and validates them; the voice is installed whole when this resolves, else absent. */
export type InstallVoice = (
  install: VoiceInstall,
  voice: CatalogueVoice,
  report: { readonly onBytes: (done: number) => void; readonly onFetched: () => Promise<void> },
  signal: AbortSignal,
) => Promise<void>

interface VoiceInstallerParts {
  readonly db: Database
  readonly catalogue: readonly CatalogueVoice[]
  readonly eventBus: EventBus
  readonly log: Logger
  readonly installVoice: InstallVoice
  /** Deletes the downloaded files of an install. */
  readonly discard: (installId: string) => Promise<void>
  readonly isInstalled: (voiceId: string) => boolean
}

/** The install that is being downloaded or validated. */
interface RunningInstall {
  readonly id: string
  readonly abort: AbortController
  bytesDone: number
}

/**
 * Installs requested voices, one at a time. Requests are committed before they are answered, so that a killed server
 * resumes them, a download from the byte where it stopped. Close it with `stop`.
 */
export class VoiceInstaller {
  readonly #parts: VoiceInstallerParts
  readonly #mutex = new Mutex()
  #running: RunningInstall | undefined
  #working: Promise<void> | undefined
  #stopped = false

  constructor(parts: VoiceInstallerParts) {
    this.#parts = parts
  }

  /**
   * Requests an install; durable when it returns, and idempotent. Throws `voice.not-in-catalogue`, `voice.installed`.
   */
  async request(voiceId: string): Promise<VoiceInstall> {
    const { db, catalogue, isInstalled } = this.#parts
    const voice = catalogueVoice(catalogue, voiceId)
    const accepted = await this.#mutex.run(async () => {
      const same = (await unfinishedInstalls(db)).find((install) => install.voiceId === voiceId)
      if (same) return same
      if (isInstalled(voiceId)) throw new Failure('voice.installed', { voice: voice.name })
      const install: VoiceInstall = {
        id: uuidv7(),
        voiceId,
        name: voice.name,
        status: 'pending',
        bytesTotal: voice.bytes,
        createdAt: new Date().toISOString(),
      }
      await insertInstall(db, install)
      return install
    })
    this.#publish(accepted.id)
    this.work()
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
    await this.#mutex.run(async () => {
      const install = await this.byId(id)
      if (isInstallFinished(install.status)) return
      await this.#end(id, 'cancelled')
      if (this.#running?.id === id) this.#running.abort.abort()
      else await this.#parts.discard(id)
    })
    return this.byId(id)
  }

  bytesDone({ id, status, bytesTotal }: VoiceInstall): number {
    if (status === 'completed' || status === 'proving') return bytesTotal
    return this.#running?.id === id ? Math.min(this.#running.bytesDone, bytesTotal) : 0
  }

  /** Starts working through the unfinished installs, unless that is under way. */
  work(): void {
    if (this.#stopped) return
    this.#working ??= this.#workThrough()
      .catch((error: unknown) => this.#parts.log.error({ err: error }, 'a voice could not be installed'))
      .finally(() => {
        this.#working = undefined
      })
  }

  /** Aborts the running install; the next start resumes it. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#running?.abort.abort()
    await this.#working
  }

  async #workThrough(): Promise<void> {
    while (!this.#stopped) {
      const [next] = await unfinishedInstalls(this.#parts.db)
      if (!next) return
      await this.#install(next)
    }
  }

  async #install(install: VoiceInstall): Promise<void> {
    const { catalogue, discard, installVoice, log } = this.#parts
    const { id, voiceId } = install
    const running: RunningInstall = { id, abort: new AbortController(), bytesDone: 0 }
    this.#running = running
    try {
      await this.#setStatus(id, 'downloading')
      const report = {
        onBytes: (done: number) => {
          running.bytesDone = done
          this.#publish(id)
        },
        onFetched: () => this.#setStatus(id, 'proving'),
      }
      await installVoice(install, catalogueVoice(catalogue, voiceId), report, running.abort.signal)
      log.info({ voice: voiceId }, 'a voice was installed')
    } catch (error) {
      if (this.#stopped) return
      await discard(id)
      const failure = error instanceof Failure ? error : new Failure('server.broken')
      if (!running.abort.signal.aborted) {
        log.warn({ err: error, voice: voiceId }, 'a voice could not be installed')
        await this.#end(id, 'failed', failure.message)
      }
    } finally {
      this.#running = undefined
      this.#publish(id)
    }
  }

  /** Throws if the install was cancelled meanwhile. */
  async #setStatus(id: string, status: InstallStatus): Promise<void> {
    await this.#mutex.run(async () => {
      if (this.#running?.abort.signal.aborted) return
      await updateInstall(this.#parts.db, id, { status })
    })
    this.#running?.abort.signal.throwIfAborted()
    this.#publish(id)
  }

  async #end(id: string, status: InstallStatus, errorMessage?: string): Promise<void> {
    await updateInstall(this.#parts.db, id, {
      status,
      completedAt: new Date().toISOString(),
      ...(errorMessage !== undefined && { errorMessage }),
    })
    this.#publish(id)
  }

  #publish(installId: string): void {
    this.#parts.eventBus.publish({ kind: 'install', id: installId })
  }
}
