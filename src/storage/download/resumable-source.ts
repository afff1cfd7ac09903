import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from '../../novel/failure.ts'

/** What is there already of a file, and of which version of it. */
export interface ResumeState {
  readonly bytes: number
  readonly version: string | undefined
}

export const fromStart: ResumeState = { bytes: 0, version: undefined }

/** A file of a source, open from `from` to its end. */
export interface SourceStream extends AsyncDisposable {
  /** Where what is held ends, or 0 where it is of no use. */
  readonly from: number
  /** Of the whole file, as the source claims; `undefined` if it does not say. */
  readonly bytes: number | undefined
  /** Another one when the file has changed. */
  readonly version: string | undefined
  /** Throws `BrokenConnection`. */
  readonly stream: AsyncIterable<Uint8Array>
}

/** A source that does not answer, or not to the end. Trying again may help. */
export class TransientSourceError extends Error {
  /** Milliseconds that the source wants to be left alone. */
  readonly restMs: number

  constructor(message: string, { restMs = 0, ...options }: ErrorOptions & { readonly restMs?: number } = {}) {
    super(message, options)
    this.name = 'BrokenConnection'
    this.restMs = restMs
  }
}

export interface RetryPolicy {
  readonly signal: AbortSignal
  /** Milliseconds before the second try; each further one without progress waits twice as long. */
  readonly pauseMs: number
  /** For people. */
  readonly source: string
}

const maxFruitlessAttempts = 5
const maxBackoffMs = 30_000

/**
 * Tries until it works, as long as tries bring something (they say so by `progressed`), and gives up with
 * `voice.unreachable` after five in a row that brought nothing. Whatever is no `BrokenConnection` goes through.
 */
export async function withRetries<T>(
  attempt: (progressed: () => void) => Promise<T>,
  { signal, pauseMs, source }: RetryPolicy,
): Promise<T> {
  let fruitless = 0
  for (;;) {
    signal.throwIfAborted()
    let [fault, brought]: [TransientSourceError | undefined, boolean] = [undefined, false]
    try {
      return await attempt(() => {
        brought = true
      })
    } catch (error) {
      if (!(error instanceof TransientSourceError)) throw error
      fault = error
    }
    fruitless = brought ? 0 : fruitless + 1
    if (fruitless === maxFruitlessAttempts) {
      throw new Failure('voice.unreachable', { source, detail: fault.message }, { cause: fault })
    }
    const pause = Math.max(backoffMs(fruitless, pauseMs), fault.restMs)
    // Ended meanwhile, the next round throws the signal's reason.
    await wait(pause, undefined, { signal }).catch(() => {})
  }
}

/** Half of it by chance, so that many who lost the same server do not come back at once. */
function backoffMs(fruitless: number, pauseMs: number): number {
  const longest = Math.min(pauseMs * 2 ** Math.max(fruitless - 1, 0), maxBackoffMs)
  return longest * (0.5 + Math.random() / 2)
}
