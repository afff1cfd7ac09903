import { expect, test } from 'vitest'
import { headingPattern } from './heading-pattern.ts'

function numberIn(pattern: string, line: string): number | undefined | 'none' {
  const found = headingPattern(pattern).match(line)
  return found === undefined ? 'none' : found.number
}

test('words, numbers, Roman numerals and anything are found on a whole line, in either case', () => {
  const cases: readonly (readonly [string, string, number | undefined | 'none'])[] = [
    ['Chapter {number}*', 'CHAPTER 12: The Ford', 12],
    ['Chapter {number}*', 'Chapter Twelve', 12],
    ['Chapter {number}', 'Chapter 12: The Ford', 'none'],
    ['Chapter {number}*', 'In Chapter 12 of it', 'none'],
    ['chapter  {number}', 'CHAPTER\u00a0 \tIV', 4],
    ['{roman}.*', 'XIV. The Ford', 14],
    ['{roman}', 'xiv', 'none'],
    ['— {number} —', '— 7 —', 7],
    ['第{number}章*', '第一百二十三章 归来', 123],
    ['Chương {number}: *', 'CHƯƠNG 3: Gió', 3],
    ['Hồi {number}', 'Hồi hai mươi ba', 23],
    ['Interlude*|Chapter {number}*', 'interlude in the dark', undefined],
    ['Interlude*|Chapter {number}*', 'Chapter 3', 3],
    ['*', 'x', 'none'],
    ['\\*\\*\\* * \\*\\*\\*', '*** The Ford ***', undefined],
    ['\\{{number}\\}', '{5}', 5],
    ['*{number}*', 'the third of May', 3],
    ['*{number}', 'Day 12', 12],
    ['*2', '12', undefined],
    ['İ{number}', 'İ3', 3],
  ]
  for (const [pattern, line, expected] of cases)
    expect([pattern, line, pattern === '*' ? 'none' : numberIn(pattern, line)]).toEqual([
      pattern,
      line,
      expected,
    ])
})

test('what is no pattern is told with its reason', () => {
  for (const [pattern, reason] of [
    ['*', 'every line'],
    [' * | x', 'every line'],
    ['|x', 'every line'],
    ['{chapter}', '"chapter" in brackets has no meaning'],
    ['{number', 'bracket is open'],
    ['}', 'bracket is open'],
    ['x'.repeat(201), 'more than 200'],
  ] as const)
    expect(() => headingPattern(pattern), pattern).toThrow(
      expect.objectContaining({ code: 'headings.pattern', message: expect.stringContaining(reason) }),
    )
})

/** The same language by backtracking, for short lines. */
function slowMatch(pattern: string, line: string): boolean {
  const [first = '', ...rest] = pattern
  if (pattern === '') return line === ''
  const behind = rest.join('')
  if (first === '*')
    return Array.from({ length: line.length + 1 }, (_, at) => at).some((at) =>
      slowMatch(behind, line.slice(at)),
    )
  return line[0] === first && slowMatch(behind, line.slice(1))
}

test('it finds what a search with backtracking finds', () => {
  let seed = 7
  const pick = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((seed / 2 ** 31) * below)
  }
  const word = (letters: string, most: number): string =>
    Array.from({ length: 1 + pick(most) }, () => letters[pick(letters.length)]).join('')
  for (let at = 0; at < 3000; at++) {
    const pattern = word('ab*', 7)
    if (/^\**$/.test(pattern)) continue
    const line = word('ab', 9)
    const found = headingPattern(pattern).match(line) !== undefined
    expect([pattern, line, found]).toEqual([pattern, line, slowMatch(pattern, line)])
  }
})

test('hostile patterns take about as long as others, whatever the line', () => {
  const lines = ['a'.repeat(200), 'ab '.repeat(66), '1 '.repeat(100), 'IV '.repeat(66), '一'.repeat(200)]
  const patterns = [
    '*a'.repeat(99),
    '*a'.repeat(98) + 'q',
    '{number}'.repeat(25),
    '*{number}'.repeat(22),
    '*{roman} '.repeat(20),
    '*a|'.repeat(60) + '*q',
    ' * '.repeat(60) + 'a',
  ]
  for (const pattern of patterns) {
    const compiled = headingPattern(pattern)
    // With backtracking one of them would not end.
    for (const line of lines) for (let at = 0; at < 20; at++) compiled.match(line)
  }
  expect(headingPattern('*a'.repeat(99)).match('a'.repeat(200))).toBeDefined()
})
