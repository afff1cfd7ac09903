import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Failure } from '../novel/failure.ts'
import type { EpubEntry, EpubPlan, PlannedChapter, EpubPlanMessage } from './epub-plan.ts'

export interface EpubText {
  /** `original`: the files of the EPUB that the novel came from; `clean`: made of its blocks. */
  readonly form: 'original' | 'clean'
  readonly files: readonly EpubEntry[]
}

const heapMegabytes = 1024

/**
 * Makes the text of a read-along EPUB in a process of its own: a long novel takes seconds, in which the server answers.
 * Throws what `chapters` throws, `book.killed` if the process is killed, and an `Error` if it ends by itself before it is
 * done.
 */
export async function buildEpubInProcess(
  head: Omit<EpubPlan, 'chapters'>,
  chapters: AsyncIterable<PlannedChapter>,
): Promise<EpubText> {
  const worker = fork(new URL('epub-maker.ts', import.meta.url), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [`--max-old-space-size=${heapMegabytes}`],
  })
  const ended = new AbortController()
  let stderrTail = ''
  worker.stderr?.on('data', (chunk) => (stderrTail = `${stderrTail}${String(chunk)}`.slice(-2000)))
  worker.once('exit', () => ended.abort())
  worker.on('error', (error) => ended.abort(error))
  const result = once(worker, 'message', { signal: ended.signal }).catch((cause: unknown) => {
    if (worker.signalCode !== null) throw new Failure('book.killed', {}, { cause })
    throw new Error(`the maker of an EPUB ended before it was done: ${stderrTail}`, { cause })
  })
  result.catch(() => undefined)
  try {
    for await (const chapter of chapters) await Promise.race([sendToWorker(worker, { chapter }), result])
    await Promise.race([sendToWorker(worker, { head }), result])
    return (await result)[0] as EpubText
  } finally {
    worker.kill('SIGKILL')
  }
}

/** Settles when it is told, or cannot be any more: that the process is gone is said by its end. */
function sendToWorker(maker: ChildProcess, message: EpubPlanMessage): Promise<void> {
  return new Promise((resolve) => {
    maker.send(message, () => resolve())
  })
}
