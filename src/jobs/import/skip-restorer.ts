import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Matter } from '../../novel/novel.ts'
import { Failure } from '../../novel/failure.ts'
import type { SegmentsChange } from '../../novel/segment.ts'
import type { StoredChapter } from '../../novel/stored-chapter.ts'

export interface RestorerInput {
  readonly title: string
  readonly part: string | null
  readonly matter: Matter
  /** JSON, as the database keeps it. */
  readonly text: { readonly blocks: string; readonly skips: string; readonly segments: string }
  /** Index of the skip that is text from now on. */
  readonly index: number
  readonly language: string
  /** The reader's own list of words and how they are said. */
  readonly words: string
}

export interface RestoredChapter {
  readonly written: StoredChapter
  readonly change: SegmentsChange
}

/** A chapter takes a second at most: import has cut all of its novel before. */
const mostMs = 60_000
const heapMegabytes = 256

/**
 * A chapter with one of its skips taken in, cut in a thread of its own, so that the event loop is never held by a long
 * text. `undefined` if there is no such skip or nothing in it to speak.
 * Throws `storage.damaged` where the text is no JSON.
 */
export async function restoreSkipInWorker(input: RestorerInput): Promise<RestoredChapter | undefined> {
  const restorer = new Worker(new URL('./skip-restorer-worker.ts', import.meta.url), {
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  })
  try {
    const [restored] = await once(restorer, 'message', { signal: AbortSignal.timeout(mostMs) })
    return restored as RestoredChapter | undefined
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    const details = { folder: 'the data folder', detail: 'a text in it is not what was written' }
    throw new Failure('storage.damaged', details, { cause })
  } finally {
    await restorer.terminate()
  }
}
