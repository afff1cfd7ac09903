import { Failure, type FailureCode } from '../novel/failure.ts'
import type { DataPaths } from '../storage/local/data-paths.ts'
import { freeBytes, reserveBytes } from '../storage/local/disk-space.ts'
import { isFull, isStorageError } from '../storage/storage-errors.ts'

export interface Problem {
  readonly code: FailureCode
  /** One sentence that says what to do. */
  readonly message: string
}

/**
 * Problems that persist until an operator acts, for the log and for `/api/health`; one of each code at most. What can
 * be observed at any time (the disk, the speech workers) is not kept here.
 */
export class Problems {
  readonly #known = new Map<FailureCode, Problem>()

  get all(): readonly Problem[] {
    return [...this.#known.values()]
  }

  /** The problem that stops all speaking, if there is one. */
  get blocking(): Problem | undefined {
    return this.#known.get('storage.damaged') ?? this.#known.get('storage.salvaging')
  }

  /** Returns the problem's message, for the log. */
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
 * Whether results can be stored: work waits while the disk is low on space, or fails to be written or read. Close it
 * with `stop`.
 */
export class DiskSpaceMonitor {
  readonly #folder: DataPaths
  readonly #onChange: (failure: Failure | undefined) => void
  readonly #timer: NodeJS.Timeout
  /** Why the last clips could not be written; their write is retried until it succeeds. */
  #writeFailure: Failure | undefined
  /** The storage failure that the last segment met, through no fault of its own. */
  #workFailure: Failure | undefined
  #low = false

  constructor(folder: DataPaths, onChange: (failure: Failure | undefined) => void) {
    this.#folder = folder
    this.#onChange = onChange
    this.#timer = setInterval(() => void this.check(), checkIntervalMs).unref()
  }

  get full(): boolean {
    return this.#low || this.#writeFailure?.code === 'storage.full'
  }

  /** Whether new work must not start, because its result could not be stored. */
  get blocked(): boolean {
    return this.#low || this.#writeFailure !== undefined
  }

  /** What stops or delays the work, if anything. */
  get trouble(): Failure | undefined {
    return this.full ? new Failure('storage.full') : (this.#writeFailure ?? this.#workFailure)
  }

  /** A write of clips failed, or (`undefined`) succeeded again. */
  reportWriteError(error: unknown): void {
    this.#change(() => (this.#writeFailure = storageFailureOf(error)))
  }

  /** The work on a segment failed and is retried after a delay, or (`undefined`) succeeded again. */
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

/** The message to users for an error of the storage; `undefined` for another error. */
export function storageFailureOf(error: unknown): Failure | undefined {
  if (isFull(error)) return new Failure('storage.full')
  if (error instanceof Failure) return error
  if (!(error instanceof Error) || !isStorageError(error)) return undefined
  return new Failure('storage.failing', { detail: error.message })
}
