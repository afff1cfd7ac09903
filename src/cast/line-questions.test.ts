import { expect, test } from 'vitest'
import { attributeChapter } from './attribution.ts'
import { lineQuestions, readAnswers } from './line-questions.ts'
import { noEvidence } from './name-evidence.ts'

const texts = ['“Where?” asked Anna.', '“Here,” he said to Ben Hurst.', 'It rained.', '“Why?”']
const blocks = texts.map((text) => ({ kind: 'paragraph' as const, text }))
const lines = attributeChapter(blocks, 'en', noEvidence())

test('open lines are numbered in their passage, and what is known is said', () => {
  const [question, ...more] = lineQuestions(blocks, lines)
  expect(more).toEqual([])
  expect(question!.passage).toBe(
    '{Anna} “Where?” asked Anna.\n[1] “Here,” he said to Ben Hurst.\nIt rained.\n[2] “Why?”',
  )
  expect(question!.lines).toEqual([1, 2])
  expect(lineQuestions(blocks, lines.slice(0, 1))).toEqual([])
})

test.each([
  ['{"1":"Ben Hurst","2":"anna"}', { 1: 'Ben Hurst', 2: 'Anna' }],
  ['```json\n{"1":"Ben"}\n```', { 1: 'Ben' }],
  ['{"1":"?","2":null}', {}],
  ['{"3":"Anna","0":"Anna","-1":"Anna","x":"Anna"}', {}],
  ['{"1":"Napoleon"}', {}],
  ['{"1":"he"}', {}],
  ['{"1":"“Here,” he said"}', {}],
  ['{"1":["Anna"],"2":{"name":"Anna"}}', {}],
  [`{"1":"${'Anna '.repeat(50)}"}`, {}],
  ['{"1":"Hur"}', {}],
  ['I think that Anna speaks.', {}],
  ['{"1":"Anna"', {}],
  ['{"__proto__":{"1":"Anna"}}', {}],
])('of the answer %s only names count that are known or stand in the passage', (content, expected) => {
  const [question] = lineQuestions(blocks, lines)
  expect(readAnswers(content, question!, ['Anna'])).toEqual(expected)
})

test('a long chapter is asked about in passages of bounded length, each line once', () => {
  const many = Array.from({ length: 500 }, (_, at) => ({
    kind: 'paragraph' as const,
    text: `“Line ${at} of many, and one more word?”`,
  }))
  const open = attributeChapter(many, 'en', noEvidence())
  const questions = lineQuestions(many, open)
  expect(questions.flatMap((one) => one.lines)).toEqual(open.map((_, at) => at))
  for (const { passage } of questions) expect(passage.length).toBeLessThan(12_000)
})
