import { expect, test } from 'vitest'
import { alignTexts, gapsBetween } from './text-alignment.ts'

const numbers = (text: string) => Array.from(text, (letter) => letter.codePointAt(0)!)
/** What is aligned, and what is not: `[before>after]`. */
function shown(before: string, after: string): string {
  const runs = alignTexts(numbers(before), numbers(after))
  for (const { from, to, length } of runs)
    expect(after.slice(to, to + length)).toBe(before.slice(from, from + length))
  const gaps = gapsBetween(runs, { before: before.length, after: after.length })
  const parts = [
    ...runs.map(({ from, to, length }) => [from + to, before.slice(from, from + length)] as const),
    ...gaps.map(
      ({ from, fromEnd, to, toEnd }) =>
        [from + to, `[${before.slice(from, fromEnd)}>${after.slice(to, toEnd)}]`] as const,
    ),
  ]
  return parts
    .toSorted(([one], [other]) => one - other)
    .map(([, text]) => text)
    .join('')
}

test('what is the same stands in order, and what differs between it', () => {
  expect(shown('abc', 'abc')).toBe('abc')
  expect(shown('', 'abc')).toBe('[>abc]')
  expect(shown('abc', '')).toBe('[abc>]')
  expect(shown('abcde', 'abXde')).toBe('ab[c>X]de')
  expect(shown('abcde', 'abcXYde')).toBe('abc[>XY]de')
  expect(shown('abcdef', 'Xbcd')).toBe('[a>X]bcd[ef>]')
  expect(shown('abcdefgh', 'a1cd2fgh')).toBe('a[b>1]cd[e>2]fgh')
  expect(shown('abc', 'xyz')).toBe('[abc>xyz]')
})

test('what recurs is told by what stands around it, and what moved is not in two places', () => {
  expect(shown('-a-b-', '-a-c-b-')).toBe('-a-[>c-]b-')
  expect(shown('abcdef', 'defabc')).toMatch(/^\[(?:abc>|>def)\]/)
  // Nothing occurs once, and begin and end differ.
  expect(shown('xaaay', 'zaaaaw')).toBe('[xaaay>zaaaaw]')
})

test('a hundred thousand texts of which none is the same are compared in linear time', () => {
  const count = 100_000
  const before = Array.from({ length: count }, (_, at) => at)
  const after = Array.from({ length: count }, (_, at) => count + (at % 7))
  let asked = 0
  const counted = new Proxy(after, {
    get(target, name: string) {
      asked++
      return Reflect.get(target, name) as unknown
    },
  })
  expect(alignTexts(before, counted)).toEqual([])
  expect(asked).toBeLessThan(20 * count)
})
