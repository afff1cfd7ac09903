import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { EpubFile, EpubPlan, PlannedChapter, PlanMessage } from './epub-plan.ts'

export interface MakerMessage {
  /** `original`: the files of the EPUB that the novel came from; `clean`: made of its blocks. */
  readonly form: 'original' | 'clean'
  readonly files: readonly EpubFile[]
}

const heapMegabytes = 1024

/**
 * Makes the text of a read-along EPUB in a process of its own: a long novel takes seconds, in which the server answers.
 * Throws an `Error` if the process ends before it is done.
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
  maker.once('error', (error) => ended.abort(error))
  try {
    const made = once(maker, 'message', { signal: ended.signal })
    made.catch(() => undefined)
    for await (const chapter of chapters) await tell(maker, { chapter })
    await tell(maker, { head })
    return (await made)[0] as MakerMessage
  } catch (cause) {
    throw new Error(`the maker of an EPUB ended before it was done: ${said}`, { cause })
  } finally {
    maker.kill('SIGKILL')
  }
}

function tell(maker: ChildProcess, message: PlanMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    maker.send(message, (error) => (error ? reject(error) : resolve()))
  })
}
