import type { Worker } from 'node:worker_threads'
import type { BookLexicon } from '../../novel/lexicon-entry.ts'
import type { ChapterText } from '../../novel/stored-chapter.ts'
import type { CutChapter } from '../import/recut-chapters.ts'
import { answerOf, startTextWorker } from '../text-worker.ts'

export interface ChapterToSay extends ChapterText {
  readonly id: number
}

/** What a worker thread is sent, one message for each batch; nothing ends it. */
export interface LexiconTask {
  readonly lexicon: BookLexicon
}

/** Of each chapter what takes its place; `undefined`: it stays as it is. */
export type SaidChapters = readonly (CutChapter | undefined)[]

const heapMegabytes = 768

/** A worker thread that says chapters as a lexicon has them, so that a long novel does not block the event loop. */
export class LexiconWorker implements AsyncDisposable {
  readonly #worker: Worker

  constructor(lexicon: BookLexicon) {
    const data: LexiconTask = { lexicon }
    this.#worker = startTextWorker(new URL('./lexicon-worker.ts', import.meta.url), { data, heapMegabytes })
  }

  /** Throws `storage.damaged` if a stored text is not JSON, and the signal's reason. */
  async say(chapters: readonly ChapterToSay[], signal?: AbortSignal): Promise<SaidChapters> {
    this.#worker.postMessage(chapters)
    return answerOf(this.#worker, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate()
  }
}
