import { isFull, isStorageTrouble } from '../database/sqlite-errors.ts'
import { freeBytes, reserveBytes } from '../library/disk.ts'
import type { Folder } from '../library/folder.ts'
import { Failure } from '../novel/failure.ts'

const lookEveryMs = 5000

/**
 * Whether what is made can be kept: the work waits while the disk has no room, or refuses to be written or read. Close
 * it with `stop`.
 */
export class Room {
  readonly #folder: Folder
  readonly #onChange: (trouble: Failure | undefined) => void
  readonly #timer: NodeJS.Timeout
  /** Why the last clips could not be written, and are tried again until they are. */
  #writes: Failure | undefined
  /** Why the last segment could not be dealt with though nothing was wrong with it. */
  #work: Failure | undefined
  #low = false

  constructor(folder: Folder, onChange: (trouble: Failure | undefined) => void) {
    this.#folder = folder
    this.#onChange = onChange
    this.#timer = setInterval(() => void this.look(), lookEveryMs).unref()
  }

  get full(): boolean {
    return this.#low || this.#writes?.code === 'storage.full'
  }

  /** Nothing more is to be made: it could not be kept. */
  get blocked(): boolean {
    return this.#low || this.#writes !== undefined
  }

  /** What keeps the work from going on, if anything. */
  get trouble(): Failure | undefined {
    return this.full ? new Failure('storage.full') : (this.#writes ?? this.#work)
  }

  /** Clips could not be written, or (`undefined`) could again. */
  noteWrites(error: unknown): void {
    this.#change(() => (this.#writes = failureOf(error)))
  }

  /** Something around a segment went wrong that is tried again after a rest, or (`undefined`) went well again. */
  noteWork(error: unknown): void {
    this.#change(() => (this.#work = failureOf(error)))
  }

  async look(): Promise<void> {
    const free = await freeBytes(this.#folder).catch(() => Infinity)
    this.#change(() => (this.#low = free < reserveBytes))
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #change(change: () => unknown): void {
    const before = this.trouble?.message
    change()
    if (this.trouble?.message !== before) this.#onChange(this.trouble)
  }
}

function failureOf(error: unknown): Failure | undefined {
  if (isFull(error)) return new Failure('storage.full')
  if (error instanceof Failure) return error
  if (!(error instanceof Error) || !isStorageTrouble(error)) return undefined
  return new Failure('storage.failing', { detail: error.message })
}
