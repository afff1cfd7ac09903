import type { SpeechServerError } from './speech-server-error.ts'

/** How a speech server does: when it may be asked again after failures. Plain data; the clock is passed in. */
export interface SpeechServerAvailability {
  /**
   * `resting`: asked again at `nextTryAt`, by itself. `refused`: it refuses our key or address, until somebody changes
   * them. `spent`: nothing more is paid for, until somebody has paid and says so.
   */
  readonly state: 'ok' | 'resting' | 'refused' | 'spent'
  /** Epoch milliseconds. */
  readonly nextTryAt?: number
  /** What is wrong, for people; while it rests without its end: see `restMessage`. */
  readonly message?: string
  /** In a row. */
  readonly failures: number
  /** When it last spoke, epoch milliseconds. */
  readonly lastSuccessAt?: number
}

/** A server that nothing is known of yet. */
export const initialAvailability: SpeechServerAvailability = { state: 'ok', failures: 0 }

const minBackoffMs = 2_000
const maxBackoffMs = 300_000
/** What a server asks for is honoured up to here. */
const maxRetryAfterMs = 3_600_000
/** One bad answer may be the text's fault. */
const badAnswersInARow = 3
/** Servers put an unused model away after some minutes. */
const coolAfterMs = 240_000

export function afterSuccess(now: number): SpeechServerAvailability {
  return { state: 'ok', failures: 0, lastSuccessAt: now }
}

/**
 * The rest after a failure. Requests that were under way together fail together: while it rests already, another
 * failure counts no further, and only a longer pause that the server asks for is heeded. `random`: 0…1.
 */
export function afterFailure(
  rest: SpeechServerAvailability,
  error: SpeechServerError,
  now: number,
  random = Math.random(),
): SpeechServerAvailability {
  const { lastSuccessAt } = rest
  const known = lastSuccessAt !== undefined && { spokeAt: lastSuccessAt }
  const failures = rest.failures + 1
  if (error.kind === 'quota') return { state: 'spent', message: error.message, failures, ...known }
  if (error.kind === 'refused' && error.wholeServer) {
    return { state: 'refused', message: error.message, failures, ...known }
  }
  if (rest.state === 'refused' || rest.state === 'spent') return rest
  // It works, and says no to this text only.
  if (error.kind === 'refused') return { state: 'ok', failures: 0, ...known }
  if (error.kind === 'bad-audio' && failures < badAnswersInARow) return { ...rest, failures }
  const message = error.summary
  if (isBackingOff(rest, now)) {
    const asked =
      error.retryAfterMs === undefined ? 0 : now + retryAfterWithJitterMs(error.retryAfterMs, random)
    return asked > (rest.nextTryAt ?? 0) ? { ...rest, nextTryAt: asked, message } : rest
  }
  const pause =
    error.retryAfterMs === undefined
      ? backoffMs(failures, random)
      : retryAfterWithJitterMs(error.retryAfterMs, random)
  return { state: 'resting', nextTryAt: now + pause, message, failures, ...known }
}

/** 2 s, doubling up to 5 min; up to a fifth less at random, so that many servers and studios do not meet. */
export function backoffMs(failures: number, random: number, longest = maxBackoffMs): number {
  const full = Math.min(longest, minBackoffMs * 1.25 * 2 ** (failures - 1))
  return Math.round(full * (1 - 0.2 * random))
}

/** Never sooner than asked, and never at once. */
function retryAfterWithJitterMs(retryAfterMs: number, random: number): number {
  const asked = Math.min(maxRetryAfterMs, Math.max(minBackoffMs / 2, retryAfterMs))
  return Math.round(Math.min(maxRetryAfterMs, asked * (1 + 0.1 * random)))
}

function isBackingOff({ state, nextTryAt = 0 }: SpeechServerAvailability, now: number): boolean {
  return state === 'resting' && now < nextTryAt
}

/** How many requests it may be given at the same time: after a rest a single one, which shows whether it is back. */
export function requestsAllowed(rest: SpeechServerAvailability, parallel: number, now: number): number {
  if (rest.state === 'ok') return parallel
  return rest.state === 'resting' && !isBackingOff(rest, now) ? 1 : 0
}

/** Whether it has spoken lately, so that its model is likely loaded: see `speechTimeoutMs`. */
export function isWarm({ state, lastSuccessAt }: SpeechServerAvailability, now: number): boolean {
  return state === 'ok' && lastSuccessAt !== undefined && now - lastSuccessAt < coolAfterMs
}

/** "Kokoro on the desk PC does not answer; next try in 40 s"; `undefined` while nothing is wrong. */
export function availabilityMessage(rest: SpeechServerAvailability, now: number): string | undefined {
  if (rest.state !== 'resting') return rest.message
  const left = Math.ceil(((rest.nextTryAt ?? now) - now) / 1000)
  return `${rest.message}; ${left > 0 ? `next try in ${durationOf(left)}` : 'it is being tried again'}`
}

function durationOf(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return seconds % 60 === 0 || minutes >= 10 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
}
