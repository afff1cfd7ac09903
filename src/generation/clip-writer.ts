import { isFull } from '../database/sqlite-errors.ts'
import type { Clip } from '../novel/clip.ts'
import type { ClipKey } from '../novel/recipe.ts'
import type { TallyBook } from './tally-book.ts'

interface Waiting {
  readonly key: ClipKey
  readonly clip: Clip
  readonly written: PromiseWithResolvers<number[]>
}

interface WriterOptions {
  /** The disk is full (or has room again). */
  readonly onRoom: (full: boolean) => void
  /** Milliseconds between two tries on a full disk. */
  readonly retryEvery?: number
}

/**
 * Commits clips as they come; those that arrive while a commit is under way go together in the next. On a full disk
 * it keeps what it holds and tries again until there is room: no finished clip is lost.
 */
export class ClipWriter {
  readonly #book: TallyBook
  readonly #options: WriterOptions
  #waiting: Waiting[] = []
  #writing: Promise<void> | undefined
  #full = false
  #stopped = false
  #wake: (() => void) | undefined

  constructor(book: TallyBook, options: WriterOptions) {
    this.#book = book
    this.#options = options
  }

  get full(): boolean {
    return this.#full
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

  /** Waits for the commits under way; a clip that a full disk keeps out is given up. */
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

  async #commit(batch: readonly Waiting[]): Promise<void> {
    for (;;) {
      try {
        const chapters = await this.#book.put(batch)
        this.#tellRoom(false)
        for (const [index, { written }] of batch.entries()) written.resolve(chapters[index] ?? [])
        return
      } catch (error) {
        if (!isFull(error) || this.#stopped) {
          for (const { written } of batch) written.reject(error)
          return
        }
        this.#tellRoom(true)
        await this.#pause()
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

  #tellRoom(full: boolean): void {
    if (full === this.#full) return
    this.#full = full
    this.#options.onRoom(full)
  }
}
