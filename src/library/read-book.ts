import { Worker } from 'node:worker_threads'
import { Failure, type FailureCode } from '../novel/failure.ts'
import type { ImportedNovel } from '../novel/novel.ts'
import type { SegmentedChapter } from '../novel/segment.ts'

export interface ReadBook {
  readonly novel: ImportedNovel
  readonly segmented: readonly SegmentedChapter[]
}

/** What the thread answers: `Failure` does not survive the way between threads, its code and details do. */
export type ReadBookAnswer =
  | { readonly book: ReadBook }
  | { readonly code: FailureCode; readonly details: Failure['details'] }

/**
 * Imports and segments a book in a thread of its own, so that the server answers meanwhile and its memory is given
 * back whole. Throws the importer's failures; a book that exhausts the thread's memory is `novel.hostile`.
 */
export async function readBook(path: string, fileName: string): Promise<ReadBook> {
  const worker = new Worker(new URL('read-book-thread.ts', import.meta.url), {
    workerData: { path, fileName },
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  })
  try {
    const answer = await new Promise<ReadBookAnswer>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('the reading thread ended without an answer')))
    })
    if ('code' in answer) throw new Failure(answer.code, answer.details)
    return answer.book
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      const details = { file: fileName, detail: 'reading it takes more than 1 GB of memory' }
      throw new Failure('novel.hostile', details, { cause: error })
    }
    throw error
  } finally {
    await worker.terminate()
  }
}
