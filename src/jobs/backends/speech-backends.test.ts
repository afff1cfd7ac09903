import { expect, test } from 'vitest'
import { Throughput, VoiceBackoff } from './speech-backends.ts'

test('the pace is seconds of speech per second of wall clock', () => {
  const pace = new Throughput()
  for (let at = 0; at <= 10_000; at += 500) pace.record(10, at)
  expect(pace.rate(10_000)).toEqual({ realTimeFactor: 20, segmentsPerSecond: 2 })
})

test('nothing is said before there is something to judge by, nor after a rest', () => {
  const pace = new Throughput()
  pace.record(5, 0)
  expect(pace.rate(0)).toBeUndefined()
  for (let at = 1000; at <= 5000; at += 1000) pace.record(5, at)
  expect(pace.rate(5000)).toBeDefined()
  expect(pace.rate(200_000)).toBeUndefined()
})

test('after a rest the old figures are forgotten', () => {
  const pace = new Throughput()
  for (let at = 0; at <= 10_000; at += 1000) pace.record(1, at)
  for (let at = 500_000; at <= 510_000; at += 1000) pace.record(30, at)
  expect(pace.rate(510_000)?.realTimeFactor).toBe(30)
})

const start = 1_000_000
const reason = 'Its file is gone'

test('a voice that cannot be loaded rests longer each time, up to a minute', () => {
  const rests = new VoiceBackoff()
  const lengths: number[] = []
  for (let now = start; lengths.length < 9; now = rests.until('may', 'a')) {
    rests.failed('may', 'a', reason, now)
    // What was under way with it.
    rests.failed('may', 'a', reason, now + 1)
    lengths.push(rests.until('may', 'a') - now)
  }
  expect(lengths[0]).toBeGreaterThanOrEqual(2000)
  expect(lengths[1]).toBeGreaterThanOrEqual(4000)
  expect(lengths[2]).toBeLessThanOrEqual(10_000)
  expect(Math.max(...lengths)).toBeLessThanOrEqual(60_000)
  expect(lengths.at(-1)).toBeGreaterThanOrEqual(48_000)
  expect(rests.until('june', 'b')).toBe(0)
  rests.succeeded('may')
  expect(rests.until('may', 'a')).toBe(0)
  rests.failed('may', 'a', reason, start)
  expect(rests.until('may', 'a') - start).toBeLessThanOrEqual(2500)
})

test('it tells why and when it is tried again; installed anew it does not rest', () => {
  const rests = new VoiceBackoff()
  rests.failed('may', 'a', reason, start)
  expect(rests.message('may', 'a', start)).toMatch(/^Its file is gone; next try in [23] s$/)
  expect(rests.message('may', 'a', start + 9000)).toBe('Its file is gone; it is being tried again')
  expect(rests.until('may', 'another file')).toBe(0)
  expect(rests.message('may', 'another file', start)).toBeUndefined()
})
