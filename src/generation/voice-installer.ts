import type { Logger } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../database/tables.ts'
import { insertInstall, installById, unfinishedInstalls, updateInstall } from '../database/voice-installs.ts'
import { catalogueVoice } from '../library/voice-catalogue.ts'
import { Failure } from '../novel/failure.ts'
import type { CatalogueVoice } from '../novel/voice-catalogue.ts'
import { isOver, type InstallStatus, type VoiceInstall } from '../novel/voice-install.ts'
import type { Announcer } from './announce.ts'
import { Turns } from './turns.ts'

/** Fetches a voice's files and proves them; whole or absent when it returns. */
export type FetchVoice = (
  install: VoiceInstall,
  voice: CatalogueVoice,
  report: { readonly onBytes: (done: number) => void; readonly onFetched: () => Promise<void> },
  signal: AbortSignal,
) => Promise<void>

interface InstallerParts {
  readonly db: Database
  readonly catalogue: readonly CatalogueVoice[]
  readonly announcer: Announcer
  readonly log: Logger
  readonly fetchVoice: FetchVoice
  /** Removes what was fetched of an install. */
  readonly discard: (installId: string) => Promise<void>
  readonly isInstalled: (voiceId: string) => boolean
}

/** What is being fetched or proved at this moment. */
interface InHand {
  readonly id: string
  readonly abort: AbortController
  bytesDone: number
}

/**
 * Installs the voices that people want, one after the other. Every wish is written down before it is answered, so that
 * a killed server goes on with it, from the byte where it was. Close it with `stop`.
 */
export class VoiceInstaller {
  readonly #parts: InstallerParts
  readonly #requests = new Turns()
  #inHand: InHand | undefined
  #working: Promise<void> | undefined
  #stopped = false

  constructor(parts: InstallerParts) {
    this.#parts = parts
  }

  /** Durable when it returns; asking twice is asking once. Throws `voice.not-in-catalogue`, `voice.installed`. */
  async request(voiceId: string): Promise<VoiceInstall> {
    const { db, catalogue, isInstalled } = this.#parts
    const voice = catalogueVoice(catalogue, voiceId)
    const accepted = await this.#requests.take(async () => {
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
    this.#tell(accepted.id)
    this.work()
    return accepted
  }

  /** Throws `install.unknown`. */
  async byId(id: string): Promise<VoiceInstall> {
    const install = await installById(this.#parts.db, id)
    if (!install) throw new Failure('install.unknown', { installId: id })
    return install
  }

  /** Nothing of it is kept; what is over already stays as it is. Throws `install.unknown`. */
  async cancel(id: string): Promise<VoiceInstall> {
    await this.#requests.take(async () => {
      const install = await this.byId(id)
      if (isOver(install.status)) return
      await this.#end(id, 'cancelled')
      if (this.#inHand?.id === id) this.#inHand.abort.abort()
      else await this.#parts.discard(id)
    })
    return this.byId(id)
  }

  bytesDone({ id, status, bytesTotal }: VoiceInstall): number {
    if (status === 'completed' || status === 'proving') return bytesTotal
    return this.#inHand?.id === id ? Math.min(this.#inHand.bytesDone, bytesTotal) : 0
  }

  /** The installs that wait, if there are any, and nobody is at it. */
  work(): void {
    if (this.#stopped) return
    this.#working ??= this.#workThrough()
      .catch((error: unknown) => this.#parts.log.error({ err: error }, 'a voice could not be installed'))
      .finally(() => {
        this.#working = undefined
      })
  }

  /** What is under way is left where it is and goes on at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#inHand?.abort.abort()
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
    const { catalogue, discard, fetchVoice, log } = this.#parts
    const { id, voiceId } = install
    const hand: InHand = { id, abort: new AbortController(), bytesDone: 0 }
    this.#inHand = hand
    try {
      await this.#enter(id, 'downloading')
      const report = {
        onBytes: (done: number) => {
          hand.bytesDone = done
          this.#tell(id)
        },
        onFetched: () => this.#enter(id, 'proving'),
      }
      await fetchVoice(install, catalogueVoice(catalogue, voiceId), report, hand.abort.signal)
      log.info({ voice: voiceId }, 'a voice was installed')
    } catch (error) {
      if (this.#stopped) return
      await discard(id)
      const failure = error instanceof Failure ? error : new Failure('server.broken')
      if (!hand.abort.signal.aborted) {
        log.warn({ err: error, voice: voiceId }, 'a voice could not be installed')
        await this.#end(id, 'failed', failure.message)
      }
    } finally {
      this.#inHand = undefined
      this.#tell(id)
    }
  }

  /** Somebody may have cancelled it meanwhile. */
  async #enter(id: string, status: InstallStatus): Promise<void> {
    await this.#requests.take(async () => {
      if (this.#inHand?.abort.signal.aborted) return
      await updateInstall(this.#parts.db, id, { status })
    })
    this.#inHand?.abort.signal.throwIfAborted()
    this.#tell(id)
  }

  async #end(id: string, status: InstallStatus, errorMessage?: string): Promise<void> {
    await updateInstall(this.#parts.db, id, {
      status,
      completedAt: new Date().toISOString(),
      ...(errorMessage !== undefined && { errorMessage }),
    })
    this.#tell(id)
  }

  #tell(installId: string): void {
    this.#parts.announcer.tell({ kind: 'install', id: installId })
  }
}
