import { expect, test } from 'vitest'
import { isGivenUp, retryDelayMs, shownAddress } from './webhook.ts'

test('an event is tried again after ten seconds, then less and less often, for about a day', () => {
  const middle = (attempt: number) => retryDelayMs(attempt, () => 0.5) / 1000
  expect([1, 2, 3, 4].map(middle)).toEqual([10, 30, 90, 270])
  expect(middle(50)).toBe(6 * 3600)
  expect([retryDelayMs(1, () => 0), retryDelayMs(1, () => 1)]).toEqual([8000, 12_000])
  let [at, attempts] = [0, 1]
  while (!isGivenUp(0, at + retryDelayMs(attempts, () => 0.5))) at += retryDelayMs(attempts++, () => 0.5)
  expect(attempts).toBeGreaterThan(8)
  expect(attempts).toBeLessThan(15)
  expect(at).toBeGreaterThan(18 * 3_600_000)
})

test('an address is shown without its name and password', () => {
  expect(shownAddress('https://anna:secret@home.example/hook?a=1')).toBe('https://home.example/hook?a=1')
})
