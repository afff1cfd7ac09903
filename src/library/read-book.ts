import { type ChildProcess, fork } from 'node:child_process'
import { on } from 'node:events'
import { Failure, type FailureCode } from '../novel/failure.ts'
import type { ImportedNovel } from '../novel/novel.ts'
import type { WrittenChapter } from '../novel/written-chapter.ts'

export type NovelHead = Omit<ImportedNovel, 'chapters'>

/** What the reader says, in this order. `Failure` does not survive the way between processes, its code and details do. */
export type ReaderMessage =
  | { readonly head: NovelHead }
  | { readonly chapters: readonly WrittenChapter[] }
  | { readonly end: true }
  | { readonly code: FailureCode; readonly details: Failure['details'] }

type BookPart = Exclude<ReaderMessage, { code: FailureCode } | { end: true }>

const heapMegabytes = 1024
/** Of each half of the young generation; with V8's own 32 a reader of 150 MB takes 80 more. */
const youngMegabytes = 4

/**
 * Imports and segments a book in a process of its own, so that the server answers meanwhile, keeps none of its memory,
 * and survives whatever a hostile file does: first what the novel is, then its chapters, some at a time, as they are
 * segmented. Throws the importer's failures; a book that exhausts the reader's memory is `novel.hostile`.
 */
export async function* readBook(path: string, fileName: string): AsyncGenerator<BookPart> {
  const reader = fork(new URL('book-reader.ts', import.meta.url), [path, fileName], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [`--max-old-space-size=${heapMegabytes}`, `--max-semi-space-size=${youngMegabytes}`],
  })
  const ended = new AbortController()
  reader.once('exit', () => ended.abort())
  reader.once('error', (error) => ended.abort(error))
  try {
    for await (const [message] of on(reader, 'message', { signal: ended.signal })) {
      const said = message as ReaderMessage
      if ('code' in said) throw new Failure(said.code, said.details)
      if ('end' in said) return
      yield said
    }
  } catch (error) {
    if (!ended.signal.aborted) throw error
    throw endOf(reader, fileName, error)
  } finally {
    reader.kill('SIGKILL')
  }
}

/** Why a reader ended before it was done. V8 aborts when its heap is full. */
function endOf({ exitCode, signalCode }: ChildProcess, file: string, cause: unknown): Error {
  if (signalCode === 'SIGABRT' || exitCode === 134) {
    const detail = `reading it takes more than ${heapMegabytes} MB of memory`
    return new Failure('novel.hostile', { file, detail }, { cause })
  }
  return new Error(`the reader of a book ended (${signalCode ?? `exit code ${exitCode}`})`, { cause })
}
