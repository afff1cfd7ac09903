import { expect, test } from 'vitest'
import { counted, figure, partOf } from './figure-words.ts'

test('things are counted in the singular and the plural', () => {
  expect(counted(1, 'chapter')).toBe('1 chapter')
  expect(counted(1400, 'chapter')).toBe('1,400 chapters')
  expect(counted(2, 'story', 'stories')).toBe('2 stories')
})

test('a number is written in one way, whether it is a part or the whole', () => {
  expect(figure(2000)).toBe('2,000')
  expect(partOf(1248, 2000)).toBe('1,248 of 2,000')
  expect(partOf(1248, 2000, 'chapter')).toBe('1,248 of 2,000 chapters')
  expect(partOf(0, 1, 'chapter')).toBe('0 of 1 chapter')
})
