import { Failure, type FailureCode } from '../novel/failure.ts'
import type { DataPaths } from '../storage/folder/data-paths.ts'
import { freeBytes, reserveBytes } from '../storage/folder/disk-space.ts'
import { isFull, isStorageError } from '../storage/sqlite/sqlite-errors.ts'

export interface Problem {
  readonly code: FailureCode
  /** One sentence that says what to do. */
  readonly message: string
}

/**
 * What is wrong and stays so until somebody does something about it, for the log and for `/api/health`. One of each
 * code at most. What can be seen at any time (the disk, the speakers) is not kept here.
 */
export class Problems {
  readonly #known = new Map<FailureCode, Problem>()

  get all(): readonly Problem[] {
    return [...this.#known.values()]
  }

  /** Why nothing is spoken for the time being, if anything of this is the reason. */
  get blocking(): Problem | undefined {
    return this.#known.get('storage.damaged') ?? this.#known.get('storage.salvaging')
  }

  /** Returns the sentence, for the log. */
  report(code: FailureCode, details: Failure['details'] = {}): string {
    const { message } = new Failure(code, details)
    this.#known.set(code, { code, message })
    return message
  }

  resolve(code: FailureCode): void {
    this.#known.delete(code)
  }
}

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
