import { expect, test } from 'vitest'
import type { Chapter, SegmentView } from '../../src/http/contract/novel-contract.ts'
import { opensWithTitle, textPieces } from './chapter-text.ts'

const segment = (index: number, start: number, end: number): SegmentView => ({
  index,
  block: 0,
  start,
  end,
  spoken: '',
  ready: index === 0,
})
const block = (text: string): Chapter['blocks'][number] => ({ index: 0, kind: 'paragraph', text })
const heading = (text: string): Chapter['blocks'][number] => ({ index: 0, kind: 'heading', text })
const skip = (start: number, end: number, text?: string): Chapter['skips'][number] => ({
  block: 0,
  start,
  end,
  reason: 'note-reference',
  ...(text !== undefined && { text }),
})

test('segments and skips tile a block in reading order', () => {
  const pieces = textPieces(block('One.12 Two.'), [segment(0, 0, 4), segment(1, 6, 11)], [skip(4, 6)])
  expect(pieces).toEqual([
    { kind: 'segment', index: 0, start: 0, ready: true, text: 'One.' },
    { kind: 'skip', reason: 'note-reference', removed: false, text: '12' },
    { kind: 'segment', index: 1, start: 6, ready: false, text: ' Two.' },
  ])
})

test('what was taken out inside a sentence is shown at its place', () => {
  const pieces = textPieces(block('He left.'), [segment(0, 0, 8)], [skip(2, 2, '7')])
  expect(pieces.map((piece) => [piece.kind, piece.text])).toEqual([
    ['segment', 'He'],
    ['skip', '7'],
    ['segment', ' left.'],
  ])
})

test('a block that nobody speaks is plain text', () => {
  expect(textPieces(block('* * *'), [], [])).toEqual([{ kind: 'plain', text: '* * *' }])
})

test('a sentence that ends where a mark stood comes before the mark', () => {
  const pieces = textPieces(block('One. Two.'), [segment(0, 0, 4), segment(1, 4, 9)], [skip(4, 4, '1')])
  expect(pieces.map((piece) => piece.text)).toEqual(['One.', '1', ' Two.'])
})

test('a title is recognised in the headings that open the text, however it is set', () => {
  const blocks = [heading('CHAPTER I.'), heading('Down the Rabbit-Hole'), block('Alice was')]
  expect(opensWithTitle({ title: 'Chapter I: Down the Rabbit-Hole', blocks })).toBe(true)
  expect(opensWithTitle({ title: 'Chapter I', blocks })).toBe(true)
  expect(opensWithTitle({ title: 'Alice was', blocks })).toBe(false)
  expect(opensWithTitle({ title: '', blocks: [] })).toBe(false)
})
