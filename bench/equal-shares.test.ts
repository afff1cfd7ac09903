import { expect, test } from 'vitest'
import { equalShares } from './equal-shares.ts'

const texts = [1, 7, 3, 9, 2, 8].map((length) => ({ text: 'x'.repeat(length) }))

test('every text is in one share, and shares differ at most by the shortest text', () => {
  const shares = equalShares(texts, 2)
  expect(shares.flat().toSorted((one, other) => one.text.length - other.text.length)).toEqual(
    texts.toSorted((one, other) => one.text.length - other.text.length),
  )
  const [first, second] = shares.map((share) => share.map(({ text }) => text).join('').length)
  expect(Math.abs(first! - second!)).toBeLessThanOrEqual(1)
})

test('the number of shares is as requested, even for fewer texts', () => {
  expect(equalShares(texts.slice(0, 1), 3).map((share) => share.length)).toEqual([1, 0, 0])
})
