import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Failure } from '../novel/failure.ts'
import type { EpubFile, EpubPlan, PlannedChapter, PlanMessage } from './epub-plan.ts'

export interface MakerMessage {
  /** `original`: the files of the EPUB that the novel came from; `clean`: made of its blocks. */
  readonly form: 'original' | 'clean'
  readonly files: readonly EpubFile[]
}

const heapMegabytes = 1024

/**
 * Makes the text of a read-along EPUB in a process of its own: a long novel takes seconds, in which the server answers.
 * Throws what `chapters` throws, `book.killed` if the process is killed, and an `Error` if it ends by itself before it is
 * done.
 */
export async function makeEpub(
  head: Omit<EpubPlan, 'chapters'>,
  chapters: AsyncIterable<PlannedChapter>,
): Promise<MakerMessage> {
  const maker = fork(new URL('epub-maker.ts', import.meta.url), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [`--max-old-space-size=${heapMegabytes}`],
  })
  const ended = new AbortController()
  let said = ''
  maker.stderr?.on('data', (chunk) => (said = `${said}${String(chunk)}`.slice(-2000)))
  maker.once('exit', () => ended.abort())
  maker.on('error', (error) => ended.abort(error))
  const made = once(maker, 'message', { signal: ended.signal }).catch((cause: unknown) => {
    if (maker.signalCode !== null) throw new Failure('book.killed', {}, { cause })
    throw new Error(`the maker of an EPUB ended before it was done: ${said}`, { cause })
  })
  made.catch(() => undefined)
  try {
    for await (const chapter of chapters) await Promise.race([tell(maker, { chapter }), made])
    await Promise.race([tell(maker, { head }), made])
    return (await made)[0] as MakerMessage
  } finally {
    maker.kill('SIGKILL')
  }
}

/** Settles when it is told, or cannot be any more: that the process is gone is said by its end. */
function tell(maker: ChildProcess, message: PlanMessage): Promise<void> {
  return new Promise((resolve) => {
    maker.send(message, () => resolve())
  })
}
