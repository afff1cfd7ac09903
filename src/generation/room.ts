import { isFull, isStorageError } from '../database/sqlite-errors.ts'
import { freeBytes, reserveBytes } from '../library/disk.ts'
import type { DataPaths } from '../library/folder.ts'
import { Failure } from '../novel/failure.ts'

const checkIntervalMs = 5000

/**
 * Whether what is made can be kept: the work waits while the disk has no room, or refuses to be written or read. Close
 * it with `stop`.
 */
export class DiskSpaceMonitor {
  readonly #folder: DataPaths
  readonly #onChange: (failure: Failure | undefined) => void
  readonly #timer: NodeJS.Timeout
  /** Why the last clips could not be written, and are tried again until they are. */
  #writeFailure: Failure | undefined
  /** Why the last segment could not be dealt with though nothing was wrong with it. */
  #workFailure: Failure | undefined
  #low = false

  constructor(folder: DataPaths, onChange: (trouble: Failure | undefined) => void) {
    this.#folder = folder
    this.#onChange = onChange
    this.#timer = setInterval(() => void this.check(), checkIntervalMs).unref()
  }

  get full(): boolean {
    return this.#low || this.#writeFailure?.code === 'storage.full'
  }

  /** Nothing more is to be made: it could not be kept. */
  get blocked(): boolean {
    return this.#low || this.#writeFailure !== undefined
  }

  /** What keeps the work from going on, if anything. */
  get trouble(): Failure | undefined {
    return this.full ? new Failure('storage.full') : (this.#writeFailure ?? this.#workFailure)
  }

  /** Clips could not be written, or (`undefined`) could again. */
  reportWriteError(error: unknown): void {
    this.#change(() => (this.#writeFailure = storageFailureOf(error)))
  }

  /** Something around a segment went wrong that is tried again after a rest, or (`undefined`) went well again. */
  reportWorkError(error: unknown): void {
    this.#change(() => (this.#workFailure = storageFailureOf(error)))
  }

  async check(): Promise<void> {
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

function storageFailureOf(error: unknown): Failure | undefined {
  if (isFull(error)) return new Failure('storage.full')
  if (error instanceof Failure) return error
  if (!(error instanceof Error) || !isStorageError(error)) return undefined
  return new Failure('storage.failing', { detail: error.message })
}
