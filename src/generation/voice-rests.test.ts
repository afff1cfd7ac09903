import { expect, test } from 'vitest'
import { VoiceBackoff } from './voice-rests.ts'

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
