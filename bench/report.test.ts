import { expect, test } from 'vitest'
import { report, table } from './report.ts'

const kept = { what: 'a door', budget: '≤ 20 ms', measured: '12 ms', met: true }
const missed = { what: 'a wall', budget: '≤ 1.1', measured: '1.3', met: false }

test('a table has its columns, a rule and its rows', () => {
  expect(table(['what', 'measured'], [['the door', '5 ms']])).toBe(
    '| what | measured |\n|---|---|\n| the door | 5 ms |',
  )
})

test('a bar inside a cell does not end it', () => {
  expect(table(['what'], [['a | b']])).toContain(String.raw`| a \| b |`)
})

test('a missed budget is bold and counted', () => {
  const text = report('Measured here.', [{ rows: [kept] }, { rows: [missed] }])
  expect(text).toContain('| a door | ≤ 20 ms | 12 ms |\n| a wall | ≤ 1.1 | **1.3** |')
  expect(text).toContain('1 of 2 over budget')
})

test('without misses the report does not mention them', () => {
  expect(report('Measured here.', [{ rows: [kept] }])).not.toContain('over budget')
})

test('a breakdown follows under its own title', () => {
  const breakdown = { title: 'Where it goes', columns: ['part', 'ms'], lines: [['network', '5.1']] }
  const text = report('Measured here.', [{ rows: [kept], breakdowns: [breakdown] }])
  expect(text.endsWith('Where it goes\n\n| part | ms |\n|---|---|\n| network | 5.1 |\n')).toBe(true)
})
