import type { Clip, ClipKey } from '../../novel/clip.ts'
import type { Database } from '../../storage/database-tables.ts'
import { type FailedClip, failureOf } from '../../storage/queries/clip-failure-queries.ts'
import { isStorageError } from '../../storage/sqlite/sqlite-errors.ts'
import type { ProgressCounts } from '../generations/progress-counts.ts'

interface PendingClip {
  readonly key: ClipKey
  readonly clip: Clip
  readonly written: PromiseWithResolvers<number[]>
}

interface ClipWriterOptions {
  /** Why nothing can be written; `undefined`: it can again. */
  readonly onTrouble: (error: unknown) => void
  /** Milliseconds between two tries while nothing can be written. */
  readonly retryEvery?: number
}

/**
 * Commits clips as they come; those that arrive while a commit is under way go together in the next. While the disk is
 * full or refuses to be written, it keeps what it holds and tries again: no finished clip is lost. What the database
 * refuses for another reason is given back alone, so that no clip falls with another.
 */
export class ClipWriter {
  readonly #counts: ProgressCounts
  readonly #options: ClipWriterOptions
  #waiting: PendingClip[] = []
  #writing: Promise<void> | undefined
  /** As it was last told. */
  #error: string | undefined
  #stopped = false
  #wake: (() => void) | undefined

  constructor(counts: ProgressCounts, options: ClipWriterOptions) {
    this.#counts = counts
    this.#options = options
  }

  /** Resolves with the ids of the chapters that the clip is part of once it is durable. */
  put(key: ClipKey, clip: Clip): Promise<number[]> {
    const written = Promise.withResolvers<number[]>()
    this.#waiting.push({ key, clip, written })
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined
    })
    return written.promise
  }

  /** Waits for the commits under way; a clip that the disk keeps out is given up. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake?.()
    await this.#writing
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      await this.#commit(batch)
    }
  }

  async #commit(batch: readonly PendingClip[]): Promise<void> {
    for (;;) {
      try {
        const chapters = await this.#counts.put(batch)
        this.#reportTrouble(undefined)
        for (const [index, { written }] of batch.entries()) written.resolve(chapters[index] ?? [])
        return
      } catch (error) {
        const [first, ...others] = batch
        if (isStorageError(error) && !this.#stopped) {
          this.#reportTrouble(error)
          await this.#pause()
        } else if (others.length === 0) {
          first?.written.reject(error)
          return
        } else {
          for (const alone of batch) await this.#commit([alone])
          return
        }
      }
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#options.retryEvery ?? 5000)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #reportTrouble(error: unknown): void {
    const trouble = error instanceof Error ? error.message : undefined
    if (trouble === this.#error) return
    this.#error = trouble
    this.#options.onTrouble(error)
  }
}

const maxAttempts = 3

/** Two, then four seconds, and up to a second more so that many do not come at once. */
const backoffMs = (attempts: number): number => Math.round(1000 * 2 ** attempts + Math.random() * 1000)

/**
 * Writes down that an engine could not speak a segment: tried again later, or set aside after three attempts. Returns
 * the chapters that it is part of.
 */
export async function recordFailure(
  db: Database,
  counts: ProgressCounts,
  key: ClipKey,
  error: unknown,
  now: number,
): Promise<{ failed: FailedClip; chapters: number[] }> {
  const attempts = ((await failureOf(db, key))?.attempts ?? 0) + 1
  const setAside = attempts >= maxAttempts
  const reason = error instanceof Error ? error.message : String(error)
  const failed = { attempts, reason, setAside, nextAt: setAside ? 0 : now + backoffMs(attempts) }
  return { failed, chapters: await counts.recordFailure(key, failed) }
}

/** Lets others be tried before a segment, without counting an attempt against it. */
export async function postpone(
  db: Database,
  counts: ProgressCounts,
  key: ClipKey,
  reason: string,
  nextAt: number,
): Promise<void> {
  const attempts = (await failureOf(db, key))?.attempts ?? 0
  await counts.recordFailure(key, { attempts, reason, setAside: false, nextAt })
}

/**
 * What a segment's randomness is drawn from: its key, and from the second attempt on the attempt too, for an engine
 * that is given the same again says the same again.
 */
export function seedOf({ recipe, words }: ClipKey, attempts: number): string {
  return attempts === 0 ? `${recipe}${words}` : `${recipe}${words}#${attempts}`
}
