import { expect, test } from 'vitest'
import { Patience } from './patience.ts'

test('the first sentence is heard at once; who ran out of sound waits for some of it, each time for more', () => {
  const patience = new Patience()
  expect(patience.wanted(0, 1, undefined)).toBe(0)
  const waits = Array.from({ length: 5 }, () => {
    patience.ranOut(0)
    patience.ranOut(0)
    const seconds = patience.wanted(0, 1, 0.5)
    patience.sounds()
    expect(patience.wanted(0, 1, 0.5)).toBe(0)
    return seconds
  })
  expect(waits).toEqual([4, 8, 16, 32, 32])
  patience.reset()
  patience.ranOut(0)
  expect(patience.wanted(0, 2, 0.5)).toBe(8)
})

test('where speaking is faster than listening nothing more is waited for than a sentence', () => {
  const patience = new Patience()
  patience.ranOut(0)
  expect(patience.wanted(0, 1, 5)).toBe(0)
  expect(patience.wanted(0, 3, 3.2)).toBe(12)
  // And what is there is not kept from him for ever.
  expect(patience.wanted(21_000, 3, 0)).toBe(0)
})
