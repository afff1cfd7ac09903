import { expect, test } from 'vitest'
import type { Chapter, SegmentView } from '../../src/http/contract/novel-contract.ts'
import { opensWithTitle, piecesWithin, type TextPiece, textPieces } from './chapter-text.ts'

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

const textOf = (piece: TextPiece): string | undefined => ('text' in piece ? piece.text : undefined)

test('segments and skips tile a block in reading order', () => {
  const pieces = textPieces(block('One.12 Two.'), [segment(0, 0, 4), segment(1, 6, 11)], [skip(4, 6)])
  expect(pieces).toEqual([
    { kind: 'segment', index: 0, start: 0, ready: true, text: 'One.' },
    { kind: 'skip', start: 4, reason: 'note-reference', removed: false, text: '12' },
    { kind: 'segment', index: 1, start: 6, ready: false, text: ' Two.' },
  ])
})

test('what was taken out inside a sentence is shown at its place', () => {
  const pieces = textPieces(block('He left.'), [segment(0, 0, 8)], [skip(2, 2, '7')])
  expect(pieces.map((piece) => [piece.kind, textOf(piece)])).toEqual([
    ['segment', 'He'],
    ['skip', '7'],
    ['segment', ' left.'],
  ])
})

test('a block that nobody speaks is plain text', () => {
  expect(textPieces(block('* * *'), [], [])).toEqual([{ kind: 'plain', start: 0, text: '* * *' }])
})

test('a sentence that ends where a mark stood comes before the mark', () => {
  const pieces = textPieces(block('One. Two.'), [segment(0, 0, 4), segment(1, 4, 9)], [skip(4, 4, '1')])
  expect(pieces.map(textOf)).toEqual(['One.', '1', ' Two.'])
})

test('a title is recognised in the headings that open the text, however it is set', () => {
  const blocks = [heading('CHAPTER I.'), heading('Down the Rabbit-Hole'), block('Alice was')]
  expect(opensWithTitle({ title: 'Chapter I: Down the Rabbit-Hole', blocks })).toBe(true)
  expect(opensWithTitle({ title: 'Chapter I', blocks })).toBe(true)
  expect(opensWithTitle({ title: 'Alice was', blocks })).toBe(false)
  expect(opensWithTitle({ title: '', blocks: [] })).toBe(false)
})

test('an image within the text is a piece at its place, one before or behind it is none', () => {
  const image = { name: '0-1.png', width: 1, height: 1 }
  const at = (start: number) => ({
    block: 0,
    start,
    end: start,
    reason: 'image' as const,
    text: 'A long word',
    image,
  })
  const pieces = textPieces(block('He left.'), [segment(0, 0, 8)], [at(0), at(2), at(8)])
  expect(pieces.map((piece) => [piece.kind, piece.start])).toEqual([
    ['segment', 0],
    ['image', 2],
    ['segment', 2],
  ])
})

test('of a row each cell has its part of the sentences', () => {
  const pieces = textPieces(block('Name Guns'), [segment(0, 0, 9)], [skip(4, 4, '7')])
  const shown = (start: number, end: number) =>
    piecesWithin(pieces, start, end).map((piece) => [piece.kind, piece.start, textOf(piece)])
  expect(shown(0, 5)).toEqual([
    ['segment', 0, 'Name'],
    ['skip', 4, '7'],
    ['segment', 4, ' '],
  ])
  expect(shown(5, 9)).toEqual([['segment', 5, 'Guns']])
})
