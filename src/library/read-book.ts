import { on } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Failure, type FailureCode } from '../novel/failure.ts'
import type { ImportedNovel } from '../novel/novel.ts'
import type { WrittenChapter } from '../novel/written-chapter.ts'

export type NovelHead = Omit<ImportedNovel, 'chapters'>

/** What the thread says, in this order. `Failure` does not survive the way between threads, its code and details do. */
export type ReadBookMessage =
  | { readonly head: NovelHead }
  | { readonly chapters: readonly WrittenChapter[] }
  | { readonly end: true }
  | { readonly code: FailureCode; readonly details: Failure['details'] }

/**
 * Imports and segments a book in a thread of its own, so that the server answers meanwhile and its memory is given
 * back whole: first what the novel is, then its chapters, some at a time, as they are segmented. Throws the importer's
 * failures; a book that exhausts the thread's memory is `novel.hostile`.
 */
export async function* readBook(
  path: string,
  fileName: string,
): AsyncGenerator<Exclude<ReadBookMessage, { code: FailureCode } | { end: true }>> {
  const worker = new Worker(new URL('read-book-thread.ts', import.meta.url), {
    workerData: { path, fileName },
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  })
  const ended = new AbortController()
  worker.once('exit', () => ended.abort())
  try {
    for await (const [message] of on(worker, 'message', { signal: ended.signal })) {
      const said = message as ReadBookMessage
      if ('code' in said) throw new Failure(said.code, said.details)
      if ('end' in said) return
      yield said
    }
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
