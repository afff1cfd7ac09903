import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from '../../novel/failure.ts'

/** The bytes of a file that are already stored, and of which version. */
export interface ResumeState {
  readonly bytes: number
  readonly version: string | undefined
}

export const fromStart: ResumeState = { bytes: 0, version: undefined }

/** A source's file, open from `from` to its end. */
export interface SourceStream extends AsyncDisposable {
  /** Offset in bytes: the end of the stored bytes, or 0 if they cannot be used. */
  readonly from: number
  /** Size of the whole file as the source claims; `undefined` if it does not. */
  readonly bytes: number | undefined
  /** Changes when the file does. */
  readonly version: string | undefined
  /** Throws `TransientSourceError`. */
  readonly stream: AsyncIterable<Uint8Array>
}

/** A source does not answer, or not completely. A retry may succeed. */
export class TransientSourceError extends Error {
  /** Milliseconds that the source asks to wait before a retry. */
  readonly restMs: number

  constructor(message: string, { restMs = 0, ...options }: ErrorOptions & { readonly restMs?: number } = {}) {
    super(message, options)
    this.name = 'TransientSourceError'
    this.restMs = restMs
  }
}

export interface RetryPolicy {
  readonly signal: AbortSignal
  /** Milliseconds before the second attempt; doubled for each further one without progress. */
  readonly pauseMs: number
  /** For messages. */
  readonly source: string
}

const maxFruitlessAttempts = 5
const maxBackoffMs = 30_000

/**
 * Retries an attempt at `TransientSourceError` as long as attempts make progress, which they report by `progressed`.
 * Throws `voice.unreachable` after five in a row without progress, other errors at once, and the signal's reason.
 */
export async function withRetries<T>(
  attempt: (progressed: () => void) => Promise<T>,
  { signal, pauseMs, source }: RetryPolicy,
): Promise<T> {
  let fruitless = 0
  for (;;) {
    signal.throwIfAborted()
    let [fault, hasProgressed]: [TransientSourceError | undefined, boolean] = [undefined, false]
    try {
      return await attempt(() => {
        hasProgressed = true
      })
    } catch (error) {
      if (!(error instanceof TransientSourceError)) throw error
      fault = error
    }
    fruitless = hasProgressed ? 0 : fruitless + 1
    if (fruitless === maxFruitlessAttempts) {
      throw new Failure('voice.unreachable', { source, detail: fault.message }, { cause: fault })
    }
    const pause = Math.max(backoffMs(fruitless, pauseMs), fault.restMs)
    // If aborted meanwhile, the next round throws the signal's reason.
    await wait(pause, undefined, { signal }).catch(() => {})
  }
}

/** Exponential backoff with jitter of up to half, so that many clients of one server do not retry at the same time. */
function backoffMs(fruitless: number, pauseMs: number): number {
  const longest = Math.min(pauseMs * 2 ** Math.max(fruitless - 1, 0), maxBackoffMs)
  return longest * (0.5 + Math.random() / 2)
}
