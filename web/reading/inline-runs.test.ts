import { expect, test } from 'vitest'
import { inlineRuns } from './inline-runs.ts'

const em = (start: number, end: number) => ({ start, end, kind: 'em' as const })
const strong = (start: number, end: number) => ({ start, end, kind: 'strong' as const })
const signs: Record<string, string> = { em: '_', strong: '*' }
const shown = (...of: Parameters<typeof inlineRuns>) =>
  inlineRuns(...of).map(
    (run) => `${run.kinds.map((kind) => signs[kind] ?? kind).join('')}${run.text}${run.said ?? ''}`,
  )

test('a piece is cut where emphasis begins and ends, also where that is outside of it', () => {
  expect(shown('the sea was calm', 0, { marks: [em(4, 7), strong(8, 11)] })).toEqual([
    'the ',
    '_sea',
    ' ',
    '*was',
    ' calm',
  ])
  expect(shown('sea was', 4, { marks: [em(0, 7), strong(6, 30)] })).toEqual(['_se', '_*a', '* was'])
  expect(shown('plain', 10, { marks: [em(0, 7)] })).toEqual(['plain'])
})

test('no character is lost or doubled, whatever is marked', () => {
  const text = 'abcdefghij'
  for (let from = 0; from < 10; from++)
    for (let to = from + 1; to <= 10; to++) {
      const block = {
        marks: [em(from, to), strong(to - 1, 10)],
        readings: [{ start: from, end: to, said: 'x' }],
      }
      const runs = inlineRuns(text.slice(2, 8), 2, block)
      expect(runs.map((run) => run.text).join('')).toBe('cdefgh')
    }
})

test('a reading stands above its whole base, or not at all', () => {
  const readings = [{ start: 2, end: 4, said: 'とう' }]
  expect(shown('ab東京cd', 0, { readings, marks: [em(3, 5)] })).toEqual(['ab', '東京とう', '_c', 'd'])
  expect(shown('ab東', 0, { readings })).toEqual(['ab東'])
})
