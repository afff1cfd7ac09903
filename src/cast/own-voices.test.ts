import { expect, test } from 'vitest'
import { emptyCast, lineAnchor, type OwnVoice } from '../novel/cast.ts'
import type { Block } from '../novel/novel.ts'
import { linesOfSegments, ownVoices, withOwnVoices } from './own-voices.ts'

const blocksOf = (...texts: readonly string[]): Block[] => texts.map((text) => ({ kind: 'paragraph', text }))

const story = [
  'It rained. It rained. The road was white.',
  '“Come in,” said Anna. “It is cold.”',
  'It rained.',
]

function ownOf(blocks: readonly Block[], block: number, text: string, nth = 0): Record<string, OwnVoice> {
  let start = blocks[block]!.text.indexOf(text)
  for (let at = 0; at < nth; at++) start = blocks[block]!.text.indexOf(text, start + 1)
  const anchor = lineAnchor(blocks, { block, start, end: start + text.length })
  return { [anchor]: { role: 7, voice: 'odd:hum', text } }
}

test('a sentence is found where it stands, of several with the same words the one that was meant', () => {
  const blocks = blocksOf(...story)
  const sentences = { ...ownOf(blocks, 2, 'It rained.'), ...ownOf(blocks, 0, 'It rained.', 1) }
  expect(ownVoices({ ...emptyCast, sentences }, blocks)).toEqual([
    { block: 0, start: 11, end: 21, role: 7 },
    { block: 2, start: 0, end: 10, role: 7 },
  ])
  // Paragraphs before it change nothing, other words around it do.
  const moved = blocksOf('A heading', ...story)
  expect(ownVoices({ ...emptyCast, sentences }, moved).map(({ block }) => block)).toEqual([3])
  expect(ownVoices({ ...emptyCast, sentences }, blocksOf('It rained. And it rained.'))).toEqual([])
  expect(ownVoices(emptyCast, blocks)).toEqual([])
})

test('a sentence goes before the lines in it, and what of them is around it stays theirs', () => {
  const own = [{ block: 1, start: 4, end: 8, role: 7 }]
  const line = (start: number, end: number, block = 1) => ({ block, start, end, role: 2 })
  expect(withOwnVoices([line(0, 10)], own)).toEqual([line(0, 4), own[0], line(8, 10)])
  expect(withOwnVoices([line(5, 7), line(8, 9)], own)).toEqual([own[0], line(8, 9)])
  expect(withOwnVoices([line(0, 10, 0), line(0, 10, 2)], own)).toEqual([
    line(0, 10, 0),
    own[0],
    line(0, 10, 2),
  ])
  expect(withOwnVoices([line(0, 10)], [])).toEqual([line(0, 10)])
})

test('of a chapter that nobody has read the segments keep their characters, and no voice of a single sentence', () => {
  const segment = { spoken: '', edits: [], pause: 'sentence' as const, block: 0, start: 0, end: 1 }
  const characters = [{ role: 2, name: 'Ben', names: ['ben'] }]
  const lines = linesOfSegments(
    [segment, { ...segment, role: 1 }, { ...segment, role: 2 }, { ...segment, role: 7 }],
    { characters },
  )
  expect(lines.map(({ role }) => role)).toEqual([2])
})
