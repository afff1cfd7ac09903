import { expect, test } from 'vitest'
import { Throughput, VoiceBackoff } from './speech-backends.ts'

test('the rate is seconds of speech per second of wall clock', () => {
  const throughput = new Throughput()
  for (let at = 0; at <= 10_000; at += 500) throughput.record(10, at)
  expect(throughput.rate(10_000)).toEqual({ realTimeFactor: 20, segmentsPerSecond: 2 })
})

test('there is no rate for too few segments, nor when idle', () => {
  const throughput = new Throughput()
  throughput.record(5, 0)
  expect(throughput.rate(0)).toBeUndefined()
  for (let at = 1000; at <= 5000; at += 1000) throughput.record(5, at)
  expect(throughput.rate(5000)).toBeDefined()
  expect(throughput.rate(200_000)).toBeUndefined()
})

test('figures from before an idle period are dropped', () => {
  const throughput = new Throughput()
  for (let at = 0; at <= 10_000; at += 1000) throughput.record(1, at)
  for (let at = 500_000; at <= 510_000; at += 1000) throughput.record(30, at)
  expect(throughput.rate(510_000)?.realTimeFactor).toBe(30)
})

const start = 1_000_000
const reason = 'Its file is gone'

test('the backoff of a voice that cannot be loaded grows to at most a minute', () => {
  const backoff = new VoiceBackoff()
  const lengths: number[] = []
  for (let now = start; lengths.length < 9; now = backoff.availableAt('may', 'a')) {
    backoff.failed('may', 'a', reason, now)
    // A segment that was in flight with it.
    backoff.failed('may', 'a', reason, now + 1)
    lengths.push(backoff.availableAt('may', 'a') - now)
  }
  expect(lengths[0]).toBeGreaterThanOrEqual(2000)
  expect(lengths[1]).toBeGreaterThanOrEqual(4000)
  expect(lengths[2]).toBeLessThanOrEqual(10_000)
  expect(Math.max(...lengths)).toBeLessThanOrEqual(60_000)
  expect(lengths.at(-1)).toBeGreaterThanOrEqual(48_000)
  expect(backoff.availableAt('june', 'b')).toBe(0)
  backoff.succeeded('may')
  expect(backoff.availableAt('may', 'a')).toBe(0)
  backoff.failed('may', 'a', reason, start)
  expect(backoff.availableAt('may', 'a') - start).toBeLessThanOrEqual(2500)
})

test('a voice that ends its workers is tried ever more rarely, down to once an hour', () => {
  const backoff = new VoiceBackoff()
  let [now, attempts] = [start, 0]
  for (; now < start + 24 * 3_600_000; attempts++) {
    backoff.failed('may', 'a', reason, now, { endsWorkers: true })
    now = backoff.availableAt('may', 'a')
  }
  expect(attempts).toBeLessThan(45)
  expect(backoff.message('may', 'a', now - 3_000_000)).toMatch(/^Its file is gone; next try in \d+ min/)
})

test('the message gives the reason and the time of the next attempt; a new model is available at once', () => {
  const backoff = new VoiceBackoff()
  backoff.failed('may', 'a', reason, start)
  expect(backoff.message('may', 'a', start)).toMatch(/^Its file is gone; next try in [23] s$/)
  expect(backoff.message('may', 'a', start + 9000)).toBe('Its file is gone; it is being tried again')
  expect(backoff.availableAt('may', 'another file')).toBe(0)
  expect(backoff.message('may', 'another file', start)).toBeUndefined()
})
