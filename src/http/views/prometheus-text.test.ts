import { expect, test } from 'vitest'
import { prometheusText } from './prometheus-text.ts'

test('a family has its help, its type and a line for each value', () => {
  expect(
    prometheusText([
      { name: 'a_total', help: 'How many.', type: 'counter', values: [{ value: 12 }] },
      {
        name: 'b_seconds',
        help: 'How long.',
        type: 'gauge',
        values: [
          { labels: { quantile: '0.5', kind: 'x' }, value: 0.25 },
          { labels: { quantile: '1', kind: 'x' }, value: Number.NaN },
        ],
      },
    ]),
  ).toBe(
    [
      '# HELP a_total How many.',
      '# TYPE a_total counter',
      'a_total 12',
      '# HELP b_seconds How long.',
      '# TYPE b_seconds gauge',
      'b_seconds{quantile="0.5",kind="x"} 0.25',
      'b_seconds{quantile="1",kind="x"} NaN',
      '',
    ].join('\n'),
  )
})

test('what a name of a machine or a help text may hold breaks no line', () => {
  const text = prometheusText([
    {
      name: 'c',
      help: 'one\\two\nthree',
      type: 'gauge',
      values: [{ labels: { machine: 'a"b\\c\nd} 7' }, value: Infinity }],
    },
  ])
  expect(text).toBe('# HELP c one\\\\two\\nthree\n# TYPE c gauge\nc{machine="a\\"b\\\\c\\nd} 7"} +Inf\n')
})
