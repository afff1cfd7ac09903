import { expect, test } from 'vitest'
import { segmentChapter } from './segmenter.ts'

/** Texts of one repeated character, word or mark, over which a rule that looks around without a bound is quadratic. */
const units = ['1! ', '*', '\u00ad', '((a. ', '… ', 'Aa.Aa', '”他', '[.', 'a, ', 'P. ']

test.each(units)('100,000 characters of “%s” are segmented, which once took minutes', (unit) => {
  const text = unit.repeat(100_000 / unit.length)
  const { segments, skips } = segmentChapter({ blocks: [{ kind: 'paragraph', text }], skips: [] }, 'en')
  const parts = [...segments, ...skips].toSorted((a, b) => a.start - b.start)
  expect(parts.every(({ start }, i) => start === (parts[i - 1]?.end ?? 0))).toBe(true)
  expect(parts.at(-1)?.end).toBe(text.length)
})
