import type { SpeechServerError } from './speech-server-error.ts'

/** Availability of a speech server after failures. Plain data; the clock is passed in. */
export interface SpeechServerAvailability {
  /**
   * `resting`: retried automatically at `nextTryAt`. `refused`: it refuses the key or address, until these are changed.
   * `spent`: the quota is used up, until the user confirms that it has been renewed.
   */
  readonly state: 'ok' | 'resting' | 'refused' | 'spent'
  /** Epoch milliseconds. */
  readonly nextTryAt?: number
  /** The problem, for users; while `resting` without the time of the next try: see `availabilityMessage`. */
  readonly message?: string
  /** Consecutive failures. */
  readonly failures: number
  /** Time of the last success, epoch milliseconds. */
  readonly lastSuccessAt?: number
}

/** State of a server before its first request. */
export const initialAvailability: SpeechServerAvailability = { state: 'ok', failures: 0 }

const minBackoffMs = 2_000
const maxBackoffMs = 300_000
/** Upper limit of an honoured `Retry-After`. */
const maxRetryAfterMs = 3_600_000
/** A single bad answer may be caused by the text. */
const badAnswersInARow = 3
/** Servers unload an unused model after some minutes. */
const coolAfterMs = 240_000

export function afterSuccess(now: number): SpeechServerAvailability {
  return { state: 'ok', failures: 0, lastSuccessAt: now }
}

/**
 * The availability after a failure. Concurrent requests fail together: during a backoff another failure is not counted,
 * and only a longer `Retry-After` extends it. `random`: 0…1.
 */
export function afterFailure(
  availability: SpeechServerAvailability,
  error: SpeechServerError,
  now: number,
  random = Math.random(),
): SpeechServerAvailability {
  const { lastSuccessAt } = availability
  const lastSuccess = lastSuccessAt !== undefined && { lastSuccessAt }
  const failures = availability.failures + 1
  if (error.kind === 'quota') return { state: 'spent', message: error.message, failures, ...lastSuccess }
  if (error.kind === 'refused' && error.wholeServer) {
    return { state: 'refused', message: error.message, failures, ...lastSuccess }
  }
  if (availability.state === 'refused' || availability.state === 'spent') return availability
  // The server works and refuses only this text.
  if (error.kind === 'refused') return { state: 'ok', failures: 0, ...lastSuccess }
  if (error.kind === 'bad-audio' && failures < badAnswersInARow) return { ...availability, failures }
  const message = error.summary
  if (isBackingOff(availability, now)) {
    const requested =
      error.retryAfterMs === undefined ? 0 : now + retryAfterWithJitterMs(error.retryAfterMs, random)
    return requested > (availability.nextTryAt ?? 0)
      ? { ...availability, nextTryAt: requested, message }
      : availability
  }
  const pause =
    error.retryAfterMs === undefined
      ? backoffMs(failures, random)
      : retryAfterWithJitterMs(error.retryAfterMs, random)
  return { state: 'resting', nextTryAt: now + pause, message, failures, ...lastSuccess }
}

/** 2 s, doubling up to 5 min; minus up to a fifth at random, so that clients do not retry in step. */
export function backoffMs(failures: number, random: number, longest = maxBackoffMs): number {
  const full = Math.min(longest, minBackoffMs * 1.25 * 2 ** (failures - 1))
  return Math.round(full * (1 - 0.2 * random))
}

/** Never sooner than requested, and never at once. */
function retryAfterWithJitterMs(retryAfterMs: number, random: number): number {
  const requested = Math.min(maxRetryAfterMs, Math.max(minBackoffMs / 2, retryAfterMs))
  return Math.round(Math.min(maxRetryAfterMs, requested * (1 + 0.1 * random)))
}

function isBackingOff({ state, nextTryAt = 0 }: SpeechServerAvailability, now: number): boolean {
  return state === 'resting' && now < nextTryAt
}

/** Number of concurrent requests allowed: after a backoff a single one, as a probe. */
export function requestsAllowed(
  availability: SpeechServerAvailability,
  parallel: number,
  now: number,
): number {
  if (availability.state === 'ok') return parallel
  return availability.state === 'resting' && !isBackingOff(availability, now) ? 1 : 0
}

/** Whether it succeeded recently, so that its model is likely loaded: see `speechTimeoutMs`. */
export function isWarm({ state, lastSuccessAt }: SpeechServerAvailability, now: number): boolean {
  return state === 'ok' && lastSuccessAt !== undefined && now - lastSuccessAt < coolAfterMs
}

/** "Kokoro on the desk PC does not answer; next try in 40 s"; `undefined` while there is no problem. */
export function availabilityMessage(availability: SpeechServerAvailability, now: number): string | undefined {
  if (availability.state !== 'resting') return availability.message
  const left = Math.ceil(((availability.nextTryAt ?? now) - now) / 1000)
  return `${availability.message}; ${left > 0 ? `next try in ${durationOf(left)}` : 'it is being tried again'}`
}

function durationOf(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return seconds % 60 === 0 || minutes >= 10 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
}
