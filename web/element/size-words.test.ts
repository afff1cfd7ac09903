import { expect, test } from 'vitest'
import { partWords, sizeWords } from './size-words.ts'

test('sizes are told in the unit that fits them', () => {
  const sizes = [4012, 999_000, 999_001, 7_936_868, 9_949_999, 9_950_000, 63_201_294, 1_234_567_890]
  expect(sizes.map(sizeWords)).toEqual([
    '5 kB',
    '999 kB',
    '1.0 MB',
    '7.9 MB',
    '9.9 MB',
    '10 MB',
    '63 MB',
    '1.2 GB',
  ])
})

test('a part is told in the unit of the whole', () => {
  expect(partWords(0, 63_201_294)).toBe('0 of 63 MB')
  expect(partWords(12_400_000, 63_201_294)).toBe('12 of 63 MB')
  expect(partWords(500_000, 7_936_868)).toBe('0.5 of 7.9 MB')
})
