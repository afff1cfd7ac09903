import { type ChildProcess, fork } from 'node:child_process'
import { on } from 'node:events'
import { Failure, type FailureCode } from '../../novel/failure.ts'
import type { ImportedNovel } from '../../novel/novel.ts'
import type { StoredChapter } from '../../novel/stored-chapter.ts'

export type NovelHead = Omit<ImportedNovel, 'chapters'>

/** What the reader says, in this order. `Failure` does not survive the way between processes, its code and details do. */
export type ReaderMessage =
  | { readonly head: NovelHead }
  | { readonly chapters: readonly StoredChapter[] }
  | { readonly end: true }
  | { readonly code: FailureCode; readonly details: Failure['details'] }

type BookPart = Exclude<ReaderMessage, { code: FailureCode } | { end: true }>

export interface ReadOptions {
  /** Aborted: the reader is killed, and the signal's reason is thrown. */
  readonly signal?: AbortSignal
  /** Seconds of CPU time that the reader may take. */
  readonly cpuSeconds?: number
  /** The reader's own list of words and how they are said. */
  readonly words?: string
}

const heapMegabytes = 1024
/** Of each half of the young generation; with V8's own 32 a reader of 150 MB takes 80 more. */
const youngMegabytes = 4
/** The largest book that is accepted takes 30 s on a desktop and a tenth of that speed is still served. */
const cpuLimit = 300
/** A reader that waits for a disk takes no CPU time; so long, in milliseconds, is it waited for between two messages. */
const silenceLimit = 20 * 60_000

/**
 * Imports and segments a book in a process of its own, so that the server answers meanwhile, keeps none of its memory,
 * and survives whatever a hostile file does: first what the novel is, then its chapters, some at a time, as they are
 * segmented and no faster than they are taken. Throws the importer's failures; a book that exhausts the reader's memory
 * or time is `novel.hostile`.
 */
export async function* readBook(
  path: string,
  fileName: string,
  { signal, cpuSeconds = cpuLimit, words = '' }: ReadOptions = {},
): AsyncGenerator<BookPart> {
  signal?.throwIfAborted()
  const reader = fork(
    new URL('./book-reader-process.ts', import.meta.url),
    [path, fileName, String(cpuSeconds), words],
    {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [`--max-old-space-size=${heapMegabytes}`, `--max-semi-space-size=${youngMegabytes}`],
    },
  )
  const ended = new AbortController()
  reader.once('exit', () => ended.abort())
  reader.on('error', (error) => ended.abort(error))
  const stop = (): void => ended.abort()
  signal?.addEventListener('abort', stop, { once: true })
  const silenceTimer = setTimeout(() => reader.kill('SIGXCPU'), silenceLimit)
  try {
    for await (const [message] of on(reader, 'message', { signal: ended.signal })) {
      silenceTimer.refresh()
      const said = message as ReaderMessage
      if ('code' in said) throw new Failure(said.code, said.details)
      if ('end' in said) return
      yield said
      // The reader sends the next part when this one has been written down.
      reader.send({ taken: true }, () => undefined)
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (!ended.signal.aborted) throw error
    throw endOf(reader, fileName, error)
  } finally {
    clearTimeout(silenceTimer)
    signal?.removeEventListener('abort', stop)
    reader.kill('SIGKILL')
  }
}

/** Why a reader ended before it was done. V8 aborts when its heap is full. */
function endOf({ exitCode, signalCode }: ChildProcess, file: string, cause: unknown): Error {
  const refused = (detail: string) => new Failure('novel.hostile', { file, detail }, { cause })
  if (signalCode === 'SIGABRT' || exitCode === 134) {
    return refused(`reading it takes more than ${heapMegabytes} MB of memory`)
  }
  if (signalCode === 'SIGXCPU') return refused('reading it takes longer than any real book does')
  if (signalCode === 'SIGKILL') {
    return refused('reading it takes more memory than Nightjar or this machine allows it')
  }
  return new Error(`the reader of a book ended (${signalCode ?? `exit code ${exitCode}`})`, { cause })
}
