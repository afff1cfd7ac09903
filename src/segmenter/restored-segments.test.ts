import { expect, test } from 'vitest'
import type { Skip } from '../novel/novel.ts'
import { withOpening } from '../novel/segment.ts'
import { type SegmentedText, restoreSkip } from './restored-segments.ts'
import { segmentChapter } from './segmenter.ts'

const cutting = (piece: Parameters<typeof segmentChapter>[0]) => segmentChapter(piece, 'en')

function cut(texts: readonly string[], skips: readonly Skip[]) {
  const blocks = texts.map((text, index) => ({
    kind: index === 0 ? ('heading' as const) : ('paragraph' as const),
    text,
  }))
  return { blocks, ...withOpening(segmentChapter({ blocks, skips }, 'en')) }
}

test('removed text becomes paragraphs where it stood; all other segments are unchanged', () => {
  const before = cut(
    ['Chapter 1', 'The lamp was lit.', 'It went out.'],
    [{ block: 1, start: 17, end: 17, reason: 'advertisement', text: 'Read more.\nAt once.' }],
  )
  const after = restoreSkip(before, 0, cutting)
  expect(after?.blocks.map(({ text }) => text)).toEqual([
    'Chapter 1',
    'The lamp was lit.',
    'Read more.',
    'At once.',
    'It went out.',
  ])
  expect(after?.skips).toEqual([])
  expect(after?.segments.map(({ block, spoken }) => [block, spoken])).toEqual([
    [0, 'Chapter 1'],
    [1, 'The lamp was lit.'],
    [2, 'Read more.'],
    [3, 'At once.'],
    [4, 'It went out.'],
  ])
  expect(after?.segments.map(({ pause }) => pause)).toEqual([
    'section',
    'paragraph',
    'paragraph',
    'paragraph',
    'section',
  ])
})

test('a restored title page is spoken first, after the silence before a chapter', () => {
  const before = cut(
    ['Chapter 1', 'It went out.'],
    [{ block: 0, start: 0, end: 0, reason: 'title-page', text: 'THE LAMP' }],
  )
  const after = restoreSkip(before, 0, cutting)
  expect(after?.segments.map(({ spoken, opening }) => [spoken, opening])).toEqual([
    [expect.stringMatching(/the lamp/i), true],
    ['Chapter 1', undefined],
    ['It went out.', undefined],
  ])
})

test('skipped characters of a block become segments of it', () => {
  const text = 'The lamp was lit. Read more here.'
  const before = cut(['Chapter 1', text], [{ block: 1, start: 18, end: text.length, reason: 'hidden' }])
  expect(before.segments).toHaveLength(2)
  const after = restoreSkip(before, 0, cutting)
  expect(after?.skips).toEqual([])
  expect(after?.segments.map(({ block, start, end }) => [block, start, end])).toEqual([
    [0, 0, 9],
    [1, 0, text.length],
  ])
})

test('a skip without words, and one that does not exist, change nothing', () => {
  const before = cut(['Chapter 1'], [{ block: 0, start: 9, end: 9, reason: 'markup', text: '**' }])
  expect(restoreSkip(before, 0, cutting)).toBeUndefined()
  expect(restoreSkip(before, 1, cutting)).toBeUndefined()
})

const long = (name: string): string =>
  `${name} came home late in the evening, and nobody in the old house had waited up.`

test('only what touches the skip is segmented again; segments with the same result keep their properties', () => {
  const sentences = [long('Anna'), long('Bert'), long('Clara'), long('Doris'), long('Emil')]
  const text = sentences.join(' ')
  const [start, end] = [text.indexOf('Clara'), text.indexOf('Doris')]
  const plain = cut(['Chapter 1', text], [{ block: 1, start, end, reason: 'hidden' }])
  // As an import has added pronunciations, and older rules have cut the first.
  const before = {
    ...plain,
    segments: plain.segments.map((segment, at) => ({ ...segment, spoken: `${segment.spoken} (${at})` })),
  }
  const after = restoreSkip(before, 0, cutting)
  expect(after?.change).toEqual({ at: 3, removed: 0, added: 1 })
  expect(after?.segments[3]).toMatchObject({ block: 1, start, end, spoken: sentences[2], pause: 'sentence' })
  expect(after?.segments.toSpliced(3, 1)).toEqual(before.segments)
})

test('a skip within a sentence forms one sentence with the text around it', () => {
  const text = `${long('Anna')} The old lamp in the window of the tall house that Bert had lit went out long before the grey morning came. ${long('Emil')}`
  const start = text.indexOf('that Bert')
  const end = text.indexOf('went out')
  const before = cut(['Chapter 1', text], [{ block: 1, start, end, reason: 'hidden' }])
  const after = restoreSkip(before, 0, cutting)
  const { at, removed, added } = after!.change
  expect([at, removed]).toEqual([2, 2])
  expect(added).toBe(1)
  expect(after?.segments.toSpliced(at, added)).toEqual(before.segments.toSpliced(at, removed))
  expect(after?.segments[2]?.spoken).toBe(
    'The old lamp in the window of the tall house that Bert had lit went out long before the grey morning came.',
  )
  let to = 0
  for (const segment of after!.segments.slice(1)) {
    expect(segment.start).toBe(to)
    to = segment.end
  }
  expect(to).toBe(text.length)
})

test('texts removed at one place keep their order, whichever is restored first', () => {
  const skip = (block: number, at: number, text: string): Skip => ({
    block,
    start: at,
    end: at,
    reason: 'frame',
    text,
  })
  for (const [block, at] of [
    [0, 0],
    [1, 17],
  ] as const)
    for (const order of [
      [0, 0],
      [1, 0],
    ]) {
      let chapter = cut(
        ['Chapter 1', 'The lamp was lit.'],
        [skip(block, at, 'One.\nTwo.'), skip(block, at, 'Three.')],
      ) as SegmentedText
      for (const index of order) chapter = restoreSkip(chapter, index, cutting) ?? chapter
      const texts = chapter.blocks.map(({ text }) => text)
      expect(texts.filter((text) => text.length < 8)).toEqual(['One.', 'Two.', 'Three.'])
      expect(chapter.segments.map(({ spoken }) => spoken)).toEqual(texts)
    }
})
