import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Failure } from '../../novel/failure.ts'
import type { Matter } from '../../novel/novel.ts'
import type { SegmentsChange } from '../../novel/segment.ts'
import type { StoredChapter } from '../../novel/stored-chapter.ts'

export interface RestorerInput {
  readonly title: string
  readonly part: string | null
  readonly matter: Matter
  /** JSON, as it is stored in the database. */
  readonly text: { readonly blocks: string; readonly skips: string; readonly segments: string }
  /** Index of the skip to restore. */
  readonly index: number
  readonly language: string
  /** Path of the user's pronunciation list. */
  readonly wordList: string
}

export interface RestoredChapter {
  readonly written: StoredChapter
  readonly change: SegmentsChange
}

/** A chapter takes a second at most: its whole novel was segmented within the limits of an import. */
const timeoutMs = 60_000
const heapMegabytes = 256

/**
 * Restores a skip into its chapter and segments it, in a worker thread, so that a long text does not block the event
 * loop. `undefined` if there is no such skip or it has nothing to speak. Throws `storage.damaged` if the stored text is
 * not JSON.
 */
export async function restoreSkipInWorker(input: RestorerInput): Promise<RestoredChapter | undefined> {
  const restorer = new Worker(new URL('./skip-restorer-worker.ts', import.meta.url), {
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  })
  try {
    const [restored] = await once(restorer, 'message', { signal: AbortSignal.timeout(timeoutMs) })
    return restored as RestoredChapter | undefined
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    const details = { folder: 'the data folder', detail: 'a text in it is not what was written' }
    throw new Failure('storage.damaged', details, { cause })
  } finally {
    await restorer.terminate()
  }
}
