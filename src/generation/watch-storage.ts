import { checkBesides } from '../database/check.ts'
import type { StorageGuard } from '../database/guard.ts'
import { salvageClips } from './salvage-clips.ts'
import type { Studio } from './studio.ts'

interface WatchedStorage {
  readonly guard: StorageGuard
  /** A damaged `clips.db` that waits for its salvage. */
  readonly salvage?: string
}

/**
 * Notes damage of the files as it is found, and has it mended where it can be. Nothing is spoken until it is. Close it
 * with `stop`.
 */
export class StorageWatch {
  readonly #studio: Studio
  readonly #guard: StorageGuard
  readonly #abort = new AbortController()
  /** Files that were set aside before the work began. */
  #waiting: string[] = []
  #working: Promise<void> | undefined

  constructor(studio: Studio, { guard, salvage }: WatchedStorage) {
    this.#studio = studio
    this.#guard = guard
    const { folder, log, problems } = studio
    guard.listen({
      onClipsSetAside: (aside) => this.#setAside(aside),
      onDamage: (detail) => log.error(problems.note('storage.damaged', { folder: folder.root, detail })),
    })
    if (salvage !== undefined) this.#setAside(salvage)
  }

  /** Resolves when what was found damaged before is mended. */
  async work(): Promise<void> {
    const { folder, log } = this.#studio
    checkBesides(folder.nightjarDb, this.#abort.signal)
      .then((damage) => damage !== undefined && this.#guard.foundDamaged(damage))
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
    const { folder, log, problems } = this.#studio
    log.warn({ aside }, problems.note('storage.salvaging', { folder: folder.root }))
    if (this.#working) this.#salvage(aside)
    else this.#waiting.push(aside)
  }

  #salvage(aside: string): void {
    const { log } = this.#studio
    this.#working = this.#working
      ?.then(() => salvageClips(this.#studio, aside, this.#abort.signal))
      .catch((error: unknown) => {
        log.error({ err: error, aside }, 'the salvage of clips.db was cut short')
      })
  }
}
