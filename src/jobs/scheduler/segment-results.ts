import type { Clip, ClipKey } from '../../novel/clip.ts'
import type { Database } from '../../storage/database-tables.ts'
import type { Occurrence } from '../../storage/queries/chapter-queries.ts'
import { type FailedClip, failureOf } from '../../storage/queries/clip-failure-queries.ts'
import { isStorageError } from '../../storage/storage-errors.ts'
import type { ProgressCounts } from '../generations/progress-counts.ts'

interface PendingClip {
  readonly key: ClipKey
  readonly clip: Clip
  readonly written: PromiseWithResolvers<readonly Occurrence[]>
}

interface ClipWriterOptions {
  /** Called when writes begin to fail, and with `undefined` when they succeed again. */
  readonly onWriteError: (error: unknown) => void
  /** Called after each commit with its clips and the seconds that it took. */
  readonly onCommit?: (clips: readonly Clip[], seconds: number) => void
  /** Milliseconds between two attempts while writes fail. */
  readonly retryMs?: number
}

/** Batches that are prepared at the same time. */
const parallelPreparations = 4
/** If none was prepared for so long, a clip is prepared at once. */
const quietMs = 30
/** Else the first of a batch waits so long for others. */
const gatheringMs = 10
/** While one is prepared the next waits for it, but not longer: a slow upload must not hold up the others. */
const longestGatheringMs = 20

/**
 * Commits clips as they arrive; those that arrive during a commit form the next batch. Where the store has to prepare
 * clips, as an upload, it does so while others are committed; those that arrive meanwhile form the next batch, which
 * costs little more than a single clip. While the disk is full or fails to be written, the batch is kept and retried: no finished
 * clip is lost. If the database rejects a batch for another reason, its clips are committed one by one, so that only the
 * offending one is rejected.
 */
export class ClipWriter {
  readonly #counts: ProgressCounts
  readonly #options: ClipWriterOptions
  /** Not prepared yet. */
  #arrived: PendingClip[] = []
  /** By `performance.now`, when the first of them did. */
  #arrivedAt = 0
  /** Set while they wait for others. */
  #gathering: NodeJS.Timeout | undefined
  /** When a batch was last begun to be prepared, by `performance.now`. */
  #preparedAt = -Infinity
  readonly #preparing = new Set<Promise<void>>()
  /** To be committed. */
  #waiting: PendingClip[] = []
  #writing: Promise<void> | undefined
  /** Message of the error that was last reported. */
  #reportedError: string | undefined
  #stopped = false
  #wake: (() => void) | undefined

  constructor(counts: ProgressCounts, options: ClipWriterOptions) {
    this.#counts = counts
    this.#options = options
  }

  /** Resolves with where the clip's text occurs once it is durable. */
  put(key: ClipKey, clip: Clip): Promise<readonly Occurrence[]> {
    const written = Promise.withResolvers<readonly Occurrence[]>()
    if (this.#arrived.push({ key, clip, written }) === 1) this.#arrivedAt = performance.now()
    this.#prepare()
    return written.promise
  }

  /** Waits for the uploads and commits under way; clips that cannot be written are dropped. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake?.()
    if (this.#arrived.length > 0) this.#prepareArrived()
    // What is prepared is committed next.
    while (this.#preparing.size > 0 || this.#writing) await Promise.all([...this.#preparing, this.#writing])
  }

  #prepare(): void {
    if (this.#stopped) return this.#prepareArrived()
    if (this.#gathering || this.#preparing.size >= parallelPreparations) return
    const isQuiet = this.#preparing.size === 0 && this.#arrivedAt - this.#preparedAt > quietMs
    const gathering = isQuiet ? 0 : this.#preparing.size > 0 ? longestGatheringMs : gatheringMs
    const waitMs = this.#arrivedAt + gathering - performance.now()
    if (waitMs > 0) this.#gathering = setTimeout(() => this.#prepareArrived(), waitMs)
    else this.#prepareArrived()
  }

  #prepareArrived(): void {
    clearTimeout(this.#gathering)
    this.#gathering = undefined
    const batch = this.#arrived
    this.#arrived = []
    const begun = this.#counts.prepare(batch)
    if (!begun) {
      this.#enqueue(batch)
      return
    }
    this.#preparedAt = performance.now()
    // If it fails the commit prepares once more, and that error is reported and retried.
    const prepared = begun
      .catch(() => undefined)
      .finally(() => {
        this.#preparing.delete(prepared)
        this.#enqueue(batch)
        if (this.#arrived.length === 0) return
        clearTimeout(this.#gathering)
        this.#gathering = undefined
        this.#prepare()
      })
    this.#preparing.add(prepared)
  }

  #enqueue(batch: readonly PendingClip[]): void {
    this.#waiting.push(...batch)
    this.#writing ??= this.#write()
  }

  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting
        this.#waiting = []
        await this.#commit(batch)
      }
    } finally {
      // In the same turn as the last look at what waits, or what comes in between would wait for the next clip.
      this.#writing = undefined
    }
  }

  async #commit(batch: readonly PendingClip[]): Promise<void> {
    for (;;) {
      try {
        const begun = performance.now()
        const occurrences = await this.#counts.put(batch)
        this.#options.onCommit?.(
          batch.map(({ clip }) => clip),
          (performance.now() - begun) / 1000,
        )
        this.#report(undefined)
        for (const [index, { written }] of batch.entries()) written.resolve(occurrences[index] ?? [])
        return
      } catch (error) {
        const [first, ...others] = batch
        if (isStorageError(error) && !this.#stopped) {
          this.#report(error)
          await this.#pause()
        } else if (others.length === 0) {
          first?.written.reject(error)
          return
        } else {
          for (const each of batch) await this.#commit([each])
          return
        }
      }
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#options.retryMs ?? 5000)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #report(error: unknown): void {
    const message = error instanceof Error ? error.message : undefined
    if (message === this.#reportedError) return
    this.#reportedError = message
    this.#options.onWriteError(error)
  }
}

const maxAttempts = 3

/** Two, then four seconds, plus up to a second of jitter so that retries are spread. */
const backoffMs = (attempts: number): number => Math.round(1000 * 2 ** attempts + Math.random() * 1000)

/**
 * Stores that an engine failed to speak a segment: it is retried later, or set aside after three attempts. Returns the
 * places where its text occurs.
 */
export async function recordFailure(
  db: Database,
  counts: ProgressCounts,
  key: ClipKey,
  error: unknown,
  now: number,
): Promise<{ failed: FailedClip; occurrences: readonly Occurrence[] }> {
  const attempts = ((await failureOf(db, key))?.attempts ?? 0) + 1
  const setAside = attempts >= maxAttempts
  const reason = error instanceof Error ? error.message : String(error)
  const failed = { attempts, reason, setAside, nextAt: setAside ? now : now + backoffMs(attempts) }
  return { failed, occurrences: await counts.recordFailure(key, failed) }
}

/** Defers a segment to `nextAt` (epoch milliseconds), so that others go first, without counting an attempt. */
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
 * The seed of a segment's randomness: its key, and from the second attempt on the attempt's number too, because an
 * engine makes the same samples from the same seed.
 */
export function seedOf({ recipe, words }: ClipKey, attempts: number): string {
  return attempts === 0 ? `${recipe}${words}` : `${recipe}${words}#${attempts}`
}
