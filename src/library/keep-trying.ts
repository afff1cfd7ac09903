import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from '../novel/failure.ts'
import { BrokenConnection } from './source-file.ts'

export interface Patience {
  readonly signal: AbortSignal
  /** Milliseconds before the second try; each further one without progress waits twice as long. */
  readonly pauseMs: number
  /** For people. */
  readonly source: string
}

const fruitlessTries = 5
const longestPauseMs = 30_000

/**
 * Tries until it works, as long as tries bring something (they say so by `progressed`), and gives up with
 * `voice.unreachable` after five in a row that brought nothing. Whatever is no `BrokenConnection` goes through.
 */
export async function keepTrying<T>(
  attempt: (progressed: () => void) => Promise<T>,
  { signal, pauseMs, source }: Patience,
): Promise<T> {
  let fruitless = 0
  for (;;) {
    signal.throwIfAborted()
    let [fault, brought]: [BrokenConnection | undefined, boolean] = [undefined, false]
    try {
      return await attempt(() => {
        brought = true
      })
    } catch (error) {
      if (!(error instanceof BrokenConnection)) throw error
      fault = error
    }
    fruitless = brought ? 0 : fruitless + 1
    if (fruitless === fruitlessTries) {
      throw new Failure('voice.unreachable', { source, detail: fault.message }, { cause: fault })
    }
    const pause = Math.max(pauseAfter(fruitless, pauseMs), fault.restMs)
    // Ended meanwhile, the next round throws the signal's reason.
    await wait(pause, undefined, { signal }).catch(() => {})
  }
}

/** Half of it by chance, so that many who lost the same server do not come back at once. */
function pauseAfter(fruitless: number, pauseMs: number): number {
  const longest = Math.min(pauseMs * 2 ** Math.max(fruitless - 1, 0), longestPauseMs)
  return longest * (0.5 + Math.random() / 2)
}
