import { expect, test } from 'vitest'
import { LeaseRate } from './lease-rate.ts'

test('what is leased often is wanted ahead; what is leased seldom, or was long ago, is not', () => {
  const rate = new LeaseRate()
  for (let at = 0; at <= 2000; at += 4) rate.record(10_000 + at)
  expect(rate.within(60, 12_000)).toBe(15)
  expect(rate.within(60, 12_300)).toBe(15)
  expect(rate.within(60, 20_000)).toBe(0)
  for (let at = 0; at <= 2000; at += 250) rate.record(30_000 + at)
  expect(rate.within(60, 32_000)).toBe(0)
})
