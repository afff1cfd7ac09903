import { checkIntegrityInWorker } from '../database/check.ts'
import type { DamageGuard } from '../database/guard.ts'
import { salvageClips } from './salvage-clips.ts'
import type { Application } from './studio.ts'

interface MonitoredStorage {
  readonly guard: DamageGuard
  /** A damaged `clips.db` that waits for its salvage. */
  readonly salvage?: string
}

/**
 * Notes damage of the files as it is found, and has it mended where it can be. Nothing is spoken until it is. Close it
 * with `stop`.
 */
export class StorageMonitor {
  readonly #application: Application
  readonly #guard: DamageGuard
  readonly #abort = new AbortController()
  /** Files that were set aside before the work began. */
  #waiting: string[] = []
  #working: Promise<void> | undefined

  constructor(application: Application, { guard, salvage }: MonitoredStorage) {
    this.#application = application
    this.#guard = guard
    const { folder, log, problems } = application
    guard.subscribe({
      onClipsQuarantined: (aside) => this.#setAside(aside),
      onDamage: (detail) => log.error(problems.report('storage.damaged', { folder: folder.root, detail })),
    })
    if (salvage !== undefined) this.#setAside(salvage)
  }

  /** Resolves when what was found damaged before is mended. */
  async work(): Promise<void> {
    const { folder, log } = this.#application
    checkIntegrityInWorker(folder.nightjarDb, this.#abort.signal)
      .then((damage) => damage !== undefined && this.#guard.markDamaged(damage))
      .catch((error: unknown) => log.error({ err: error }, 'nightjar.db could not be looked through'))
    this.#working = Promise.resolve()
    for (const aside of this.#waiting) this.#salvage(aside)
    return this.#working
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#working
  }

  #setAside(aside: string): void {
    const { folder, log, problems } = this.#application
    log.warn({ aside }, problems.report('storage.salvaging', { folder: folder.root }))
    if (this.#working) this.#salvage(aside)
    else this.#waiting.push(aside)
  }

  #salvage(aside: string): void {
    const { log } = this.#application
    this.#working = this.#working
      ?.then(() => salvageClips(this.#application, aside, this.#abort.signal))
      .catch((error: unknown) => {
        log.error({ err: error, aside }, 'the salvage of clips.db was cut short')
      })
  }
}
