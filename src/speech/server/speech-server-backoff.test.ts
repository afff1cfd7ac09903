import { expect, test } from 'vitest'
import {
  afterFailure,
  afterSuccess,
  availabilityMessage,
  initialAvailability,
  isWarm,
  requestsAllowed,
  type SpeechServerAvailability,
} from './speech-server-backoff.ts'
import { SpeechServerError, type SpeechServerErrorKind } from './speech-server-error.ts'

const start = 1_000_000
const kokoro = { title: 'Kokoro on the desk PC', key: 'sk-1' }

function error(
  kind: SpeechServerErrorKind,
  rest: { readonly retryAfterMs?: number; readonly wholeServer?: boolean } = {},
): SpeechServerError {
  return new SpeechServerError(kokoro, kind, 'does not answer', { advice: 'start it', ...rest })
}

/** Fails again as soon as each backoff is over; returns the backoffs in milliseconds. */
function backoffs(count: number, random: number): number[] {
  const lengths: number[] = []
  let rest: SpeechServerAvailability = initialAvailability
  let now = start
  for (let i = 0; i < count; i++) {
    rest = afterFailure(rest, error('unreachable'), now, random)
    lengths.push(rest.nextTryAt! - now)
    now = rest.nextTryAt!
  }
  return lengths
}

test('backoff grows from two seconds to five minutes', () => {
  const [longest, shortest] = [backoffs(12, 0), backoffs(12, 1)]
  expect(shortest.slice(0, 4)).toEqual([2000, 4000, 8000, 16_000])
  expect(longest.slice(0, 4)).toEqual([2500, 5000, 10_000, 20_000])
  expect(longest.at(-1)).toBe(300_000)
  expect(shortest.at(-1)).toBe(240_000)
  expect(backoffs(5000, 0).at(-1)).toBe(300_000)
})

test('a success resets the backoff', () => {
  const rest = afterFailure(
    afterFailure(initialAvailability, error('unreachable'), start, 0),
    error('unreachable'),
    start + 9000,
    0,
  )
  expect(rest.failures).toBe(2)
  const well = afterSuccess(start + 20_000)
  expect(well).toEqual({ state: 'ok', failures: 0, lastSuccessAt: start + 20_000 })
  const again = afterFailure(well, error('unreachable'), start + 30_000, 1)
  expect(again).toMatchObject({ state: 'resting', nextTryAt: start + 32_000, lastSuccessAt: start + 20_000 })
})

test('requests that fail together count once', () => {
  const one = afterFailure(initialAvailability, error('unreachable'), start, 0)
  expect(afterFailure(one, error('unreachable'), start + 5, 0)).toEqual(one)
  const asked = afterFailure(one, error('busy', { retryAfterMs: 60_000 }), start + 10, 0)
  expect(asked).toMatchObject({ failures: 1, nextTryAt: start + 60_010 })
  expect(afterFailure(asked, error('busy', { retryAfterMs: 1000 }), start + 20, 0)).toEqual(asked)
})

test('Retry-After is honoured, up to an hour and with a minimum', () => {
  const pause = (retryAfterMs: number, random: number): number =>
    afterFailure(initialAvailability, error('busy', { retryAfterMs }), start, random).nextTryAt! - start
  expect(pause(40_000, 0)).toBe(40_000)
  expect(pause(40_000, 1)).toBe(44_000)
  expect(pause(86_400_000, 0)).toBe(3_600_000)
  expect(pause(86_400_000, 1)).toBe(3_600_000)
  expect(pause(Infinity, 0.5)).toBe(3_600_000)
  expect(pause(0, 0)).toBe(1000)
  expect(
    afterFailure(initialAvailability, error('unreachable', { retryAfterMs: 5000 }), start, 0).nextTryAt,
  ).toBe(start + 5000)
})

test('a server that refuses the key or has no quota is not retried automatically', () => {
  const refused = afterFailure(initialAvailability, error('refused', { wholeServer: true }), start)
  expect(refused).toEqual({
    state: 'refused',
    message: 'Kokoro on the desk PC does not answer; start it.',
    failures: 1,
  })
  const spent = afterFailure(initialAvailability, error('quota', { retryAfterMs: 1000 }), start)
  expect(spent.state).toBe('spent')
  for (const rest of [refused, spent]) {
    expect(requestsAllowed(rest, 4, start + 1e12)).toBe(0)
    // A request that ran concurrently with the first.
    expect(afterFailure(rest, error('unreachable'), start + 1)).toBe(rest)
    expect(availabilityMessage(rest, start)).toBe(rest.message)
  }
})

test('a refused text is not counted against the server', () => {
  const rest = afterFailure(initialAvailability, error('refused'), start)
  expect(rest).toEqual({ state: 'ok', failures: 0 })
  expect(requestsAllowed(rest, 4, start)).toBe(4)
})

test('one bad answer is not counted against the server, three in a row are', () => {
  const one = afterFailure(initialAvailability, error('bad-audio'), start, 0)
  const two = afterFailure(one, error('bad-audio'), start, 0)
  expect([one.state, two.state]).toEqual(['ok', 'ok'])
  expect(afterFailure(two, error('bad-audio'), start, 0)).toMatchObject({
    state: 'resting',
    nextTryAt: start + 10_000,
  })
  expect(afterFailure(afterSuccess(start), error('bad-audio'), start, 0).state).toBe('ok')
})

test('after a backoff a single request probes the server', () => {
  const rest = afterFailure(initialAvailability, error('unreachable'), start, 1)
  expect(requestsAllowed(initialAvailability, 4, start)).toBe(4)
  expect(requestsAllowed(rest, 4, start + 1999)).toBe(0)
  expect(requestsAllowed(rest, 4, start + 2000)).toBe(1)
  expect(requestsAllowed(afterSuccess(start + 3000), 4, start + 3000)).toBe(4)
})

test('a model is assumed loaded for some minutes after a success', () => {
  expect(isWarm(initialAvailability, start)).toBe(false)
  expect(isWarm(afterSuccess(start), start + 60_000)).toBe(true)
  expect(isWarm(afterSuccess(start), start + 3_600_000)).toBe(false)
  expect(isWarm(afterFailure(afterSuccess(start), error('unreachable'), start + 10), start + 20)).toBe(false)
})

test('the message gives the time of the next try', () => {
  const rest = afterFailure(initialAvailability, error('busy', { retryAfterMs: 700_000 }), start, 0)
  const messageBefore = (seconds: number): string | undefined =>
    availabilityMessage(rest, start + 700_000 - seconds * 1000)
  expect(messageBefore(40)).toBe('Kokoro on the desk PC does not answer; next try in 40 s')
  expect(messageBefore(39.2)).toBe('Kokoro on the desk PC does not answer; next try in 40 s')
  expect(messageBefore(60)).toContain('next try in 1 min')
  expect(messageBefore(130)).toContain('next try in 2 min 10 s')
  expect(messageBefore(620)).toContain('next try in 10 min')
  expect(messageBefore(0)).toBe('Kokoro on the desk PC does not answer; it is being tried again')
  expect(messageBefore(-5)).toBe('Kokoro on the desk PC does not answer; it is being tried again')
  expect(availabilityMessage(initialAvailability, start)).toBeUndefined()
  expect(availabilityMessage(afterSuccess(start), start)).toBeUndefined()
})
