import { expect, test } from 'vitest'
import type { Skip } from '../novel/block.ts'
import { withOpening } from '../novel/segment.ts'
import { type CutChapter, restoreSkip } from './restore-skip.ts'
import { segmentChapter } from './segmenter.ts'

const breathe = async (): Promise<void> => {}

function cut(texts: readonly string[], skips: readonly Skip[]) {
  const blocks = texts.map((text, index) => ({
    kind: index === 0 ? ('heading' as const) : ('paragraph' as const),
    text,
  }))
  return { blocks, ...withOpening(segmentChapter({ blocks, skips }, 'en')) }
}

test('what was taken out becomes paragraphs where it stood; all other segments stay', async () => {
  const before = cut(
    ['Chapter 1', 'The lamp was lit.', 'It went out.'],
    [{ block: 1, start: 17, end: 17, reason: 'advertisement', text: 'Read more.\nAt once.' }],
  )
  const after = await restoreSkip(before, 0, 'en', breathe)
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

test('a title page that is taken in is the first thing said, after the silence before a chapter', async () => {
  const before = cut(
    ['Chapter 1', 'It went out.'],
    [{ block: 0, start: 0, end: 0, reason: 'title-page', text: 'THE LAMP' }],
  )
  const after = await restoreSkip(before, 0, 'en', breathe)
  expect(after?.segments.map(({ spoken, opening }) => [spoken, opening])).toEqual([
    [expect.stringMatching(/the lamp/i), true],
    ['Chapter 1', undefined],
    ['It went out.', undefined],
  ])
})

test('characters of a block that were skipped become segments of it', async () => {
  const text = 'The lamp was lit. Read more here.'
  const before = cut(['Chapter 1', text], [{ block: 1, start: 18, end: text.length, reason: 'hidden' }])
  expect(before.segments).toHaveLength(2)
  const after = await restoreSkip(before, 0, 'en', breathe)
  expect(after?.skips).toEqual([])
  expect(after?.segments.map(({ block, start, end }) => [block, start, end])).toEqual([
    [0, 0, 9],
    [1, 0, text.length],
  ])
})

test('a skip without words, and one that is not there, are none', async () => {
  const before = cut(['Chapter 1'], [{ block: 0, start: 9, end: 9, reason: 'markup', text: '**' }])
  expect(await restoreSkip(before, 0, 'en', breathe)).toBeUndefined()
  expect(await restoreSkip(before, 1, 'en', breathe)).toBeUndefined()
})

test('texts that were taken out at one place keep their order, whichever is taken in first', async () => {
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
      ) as CutChapter
      for (const index of order) chapter = (await restoreSkip(chapter, index, 'en', breathe)) ?? chapter
      const texts = chapter.blocks.map(({ text }) => text)
      expect(texts.filter((text) => text.length < 8)).toEqual(['One.', 'Two.', 'Three.'])
      expect(chapter.segments.map(({ spoken }) => spoken)).toEqual(texts)
    }
})
