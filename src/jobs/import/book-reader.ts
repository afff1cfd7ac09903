import { type ChildProcess, fork } from 'node:child_process'
import { on } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Failure, type FailureCode } from '../../novel/failure.ts'
import type { HeadingRule } from '../../novel/heading-rule.ts'
import type { BookLexicon } from '../../novel/lexicon-entry.ts'
import type { ImportedNovel } from '../../novel/novel.ts'
import type { StoredChapter } from '../../novel/stored-chapter.ts'
import type { RereadMessage, RereadTask } from './reread-messages.ts'

export type NovelHead = Omit<ImportedNovel, 'chapters'>

/** Messages of the reader process, in this order. A `Failure` crosses the process border as its code and details. */
export type ReaderMessage =
  | { readonly head: NovelHead }
  | { readonly chapters: readonly StoredChapter[] }
  | RereadMessage
  | { readonly end: true }
  | { readonly code: FailureCode; readonly details: Failure['details'] }

/** The server's answer to a part. */
export interface Acknowledgement {
  readonly acknowledged: true
  /** To the head: how words are said. */
  readonly lexicon?: BookLexicon
}

type ReaderPart = Exclude<ReaderMessage, { code: FailureCode } | { end: true }>

/** What the reader process is to do: its only argument, as JSON. */
export interface ReaderTask {
  readonly path: string
  readonly fileName: string
  readonly cpuSeconds: number
  readonly wordList: string
  /** By what the chapters of a plain text are found when it is imported; left out: as usual. */
  readonly rule?: HeadingRule
  /** Left out: the book is imported. */
  readonly again?: RereadTask
}

export interface ReadOptions {
  /** When it aborts, the reader is killed and the signal's reason is thrown. */
  readonly signal?: AbortSignal
  /** Seconds of CPU time that the reader may take. */
  readonly cpuSeconds?: number
  /** Path of the user's pronunciation list. */
  readonly wordList?: string
  /** By what the chapters of a plain text are found; left out: as usual. */
  readonly rule?: HeadingRule
  /** How words are said in the book with this head, asked when whoever reads has taken the head. */
  readonly lexiconOf?: ((head: NovelHead) => Promise<BookLexicon>) | undefined
}

const heapMegabytes = 1024
/** Of each semi-space of the young generation; with V8's default of 32 a reader of 150 MB takes 80 MB more. */
const youngMegabytes = 4
/** The largest book that is accepted takes 30 s on a desktop; a machine of a tenth of that speed must suffice. */
const cpuLimit = 300
/** Idle time-out in milliseconds between two messages: a reader that waits for a disk takes no CPU time. */
const silenceLimit = 20 * 60_000

/**
 * Imports and segments a book in a process of its own, so that the server answers meanwhile, keeps none of its memory,
 * and survives a hostile file. Yields the novel's head, then batches of its chapters as they are segmented, with back
 * pressure. Throws the importer's failures; a book that exhausts the reader's memory or time is `novel.hostile`.
 */
export async function* readBook(
  path: string,
  fileName: string,
  { signal, cpuSeconds = cpuLimit, wordList = '', rule, lexiconOf }: ReadOptions = {},
): AsyncGenerator<Exclude<ReaderPart, RereadMessage>> {
  const task = { path, fileName, cpuSeconds, wordList, ...(rule && { rule }) }
  for await (const part of runReader(task, undefined, signal, lexiconOf))
    if ('head' in part || 'chapters' in part) yield part
}

/** Runs a reader process, likewise; `input` is what it reads from its standard input. */
export async function* runReader(
  task: ReaderTask,
  input: AsyncIterable<string> | undefined,
  signal: AbortSignal | undefined,
  lexiconOf?: ReadOptions['lexiconOf'],
): AsyncGenerator<ReaderPart> {
  signal?.throwIfAborted()
  const reader = fork(new URL('./book-reader-process.ts', import.meta.url), [JSON.stringify(task)], {
    serialization: 'advanced',
    stdio: [input ? 'pipe' : 'ignore', 'ignore', 'ignore', 'ipc'],
    // Helpers of a collection come late where every core works: the one thread that waits for it takes a tenth less time.
    execArgv: [
      `--max-old-space-size=${heapMegabytes}`,
      `--max-semi-space-size=${youngMegabytes}`,
      '--no-parallel-scavenge',
    ],
  })
  const ended = new AbortController()
  reader.once('exit', () => ended.abort())
  reader.on('error', (error) => ended.abort(error))
  const stop = (): void => ended.abort()
  signal?.addEventListener('abort', stop, { once: true })
  const silenceTimer = setTimeout(() => reader.kill('SIGXCPU'), silenceLimit)
  /** Why the input could not be read, unless the reader is gone. */
  let inputError: unknown
  const written =
    input && reader.stdin
      ? pipeline(
          guarded(input, (error) => (inputError = error)),
          reader.stdin,
        ).catch(stop)
      : undefined
  try {
    for await (const [message] of on(reader, 'message', { signal: ended.signal })) {
      silenceTimer.refresh()
      const part = message as ReaderMessage
      if ('code' in part) throw new Failure(part.code, part.details)
      if ('end' in part) return
      yield part
      // Acknowledges the part, which the caller has stored by now: the reader sends the next.
      const lexicon = 'head' in part ? await lexiconOf?.(part.head) : undefined
      const answer: Acknowledgement = { acknowledged: true, ...(lexicon && { lexicon }) }
      reader.send(answer, () => undefined)
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (inputError !== undefined) throw inputError
    if (!ended.signal.aborted) throw error
    throw exitError(reader, task.fileName, error)
  } finally {
    clearTimeout(silenceTimer)
    signal?.removeEventListener('abort', stop)
    reader.kill('SIGKILL')
    await written
  }
}

function guarded(input: AsyncIterable<string>, onError: (error: unknown) => void): Readable {
  async function* lines(): AsyncGenerator<string> {
    try {
      yield* input
    } catch (error) {
      onError(error)
      throw error
    }
  }
  return Readable.from(lines())
}

/** Why a reader exited before its end message. V8 aborts when its heap is full. */
function exitError({ exitCode, signalCode }: ChildProcess, file: string, cause: unknown): Error {
  const refused = (detail: string) => new Failure('novel.hostile', { file, detail }, { cause })
  if (signalCode === 'SIGABRT' || exitCode === 134) {
    return refused(`reading it takes more than ${heapMegabytes} MB of memory`)
  }
  if (signalCode === 'SIGXCPU') return refused('reading it takes longer than any real book does')
  if (signalCode === 'SIGKILL') {
    return refused('reading it takes more memory than Nightjar or this machine allows it')
  }
  return new Error(`the book reader process exited early (${signalCode ?? `exit code ${exitCode}`})`, {
    cause,
  })
}
