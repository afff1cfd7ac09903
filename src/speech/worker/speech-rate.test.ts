import { expect, test } from 'vitest'
import { SpeechRate } from './speech-rate.ts'

test('the rate is what came after the first clip, over the time since, and forgets what is old', () => {
  const rate = new SpeechRate()
  expect(rate.at(0)).toBe(0)
  rate.add(5, 1000)
  expect(rate.at(1000)).toBe(0)
  rate.add(10, 3000)
  rate.add(20, 6000)
  expect(rate.at(6000)).toBe(6)
  expect(rate.at(11_000)).toBe(3)
  expect(rate.at(122_999)).toBe(0.17)
  expect(rate.at(200_000)).toBe(0)
})
