import { expect, test } from 'vitest'
import type { Skip, Chapter } from '../../novel/novel.ts'
import type { TracedBlock } from '../clean-text.ts'
import { divideLongChapters, rejectOversized } from './long-chapters.ts'

function chapterOf(texts: readonly string[], skips: readonly Skip[] = []): Chapter {
  const blocks: TracedBlock[] = texts.map((text) => ({
    kind: text.startsWith('#') ? 'heading' : 'paragraph',
    text,
    trace: Array.from({ length: text.length }, (_, at) => at),
    file: 'one.xhtml',
  }))
  return { title: 'The River', matter: 'body', blocks, skips }
}

const textOf = (chapters: readonly Chapter[]) =>
  chapters.flatMap(({ blocks }) => blocks.map(({ text }) => text)).join('')

/** The text covered by each non-empty skip. */
const covered = (chapters: readonly Chapter[]) =>
  chapters
    .flatMap(({ blocks, skips }) =>
      skips.map(({ block, start, end, text }) => text ?? blocks[block]!.text.slice(start, end)),
    )
    .join('')

const sizes = (chapters: readonly Chapter[]) =>
  chapters.map(({ blocks }) => blocks.reduce((sum, { text }) => sum + text.length, 0))

test('a chapter of ordinary length is not divided', () => {
  const chapter = chapterOf(['A short one.'])
  expect(divideLongChapters([chapter])).toEqual([chapter])
})

test('a long chapter is divided between paragraphs into numbered parts of about equal size', () => {
  const texts = Array.from({ length: 1000 }, (_, at) => `Paragraph ${at} ${'of words '.repeat(80)}ends. `)
  const skips: Skip[] = [
    { block: 0, start: 0, end: 9, reason: 'note' },
    { block: 700, start: 4, end: 4, reason: 'note-reference', text: '12' },
    { block: 999, start: 0, end: 9, reason: 'note' },
  ]
  const divided = divideLongChapters([chapterOf(texts, skips)])
  expect(divided.map(({ title }) => title)).toEqual([1, 2, 3, 4].map((part) => `The River (${part}/4)`))
  expect(textOf(divided)).toBe(texts.join(''))
  expect(Math.max(...sizes(divided)) / Math.min(...sizes(divided))).toBeLessThan(1.1)
  expect(covered(divided)).toBe('Paragraph12Paragraph')
})

test('a heading stays with the text after it', () => {
  const texts = Array.from({ length: 80 }, (_, at) => (at % 2 === 0 ? `#${at}` : 'w '.repeat(4000)))
  const divided = divideLongChapters([chapterOf(texts)])
  expect(divided.length).toBeGreaterThan(1)
  for (const { blocks } of divided) expect(blocks[0]?.kind).toBe('heading')
})

test.each([
  ['one letter', 'a'.repeat(1_000_001)],
  ['sentences', 'He came. She went. '.repeat(50_000)],
  ['characters of two units', '\u{20000}'.repeat(500_000)],
  ['Chinese', '他走了。'.repeat(250_000)],
])('a single paragraph of a million characters (%s) is divided without loss or duplication', (_, text) => {
  const skip: Skip = { block: 0, start: 1, end: text.length - 1, reason: 'note' }
  const divided = divideLongChapters([chapterOf([text], [skip])])
  expect(divided.length).toBeGreaterThan(3)
  expect(Math.max(...sizes(divided))).toBeLessThanOrEqual(300_000)
  expect(textOf(divided)).toBe(text)
  expect(covered(divided)).toBe(text.slice(1, -1))
  for (const { blocks } of divided) {
    for (const { text: piece, trace } of blocks as TracedBlock[]) {
      expect(piece.isWellFormed()).toBe(true)
      expect(trace).toHaveLength(piece.length)
    }
  }
})

test('a hundred thousand lines of one letter are divided into several chapters', () => {
  const divided = divideLongChapters([chapterOf(Array.from({ length: 100_000 }, () => 'a'))])
  expect(Math.max(...divided.map(({ blocks }) => blocks.length))).toBeLessThan(5001)
})

test('a novel larger than any real one is rejected with the limit', () => {
  const short = chapterOf(['A.'])
  expect(() => rejectOversized(Array.from({ length: 20_001 }, () => short))).toThrow(
    'more than 20,000 chapters',
  )
  const long = chapterOf(['a'.repeat(30_000_000)])
  expect(() => rejectOversized([long])).not.toThrow()
  expect(() => rejectOversized([long, long])).toThrow('more than 60 million characters')
})
