import { expect, test } from 'vitest'
import { framesToSeconds } from './clip.ts'
import type { Block, Skip } from './novel.ts'
import { type SectionMark, sectionMarks } from './section-marks.ts'
import type { Pause, Segment } from './segment.ts'

/** Marks of a chapter with one segment per block; segment n is n frames long, from 1. */
function marked(...blocks: readonly (readonly [Block['kind'], string, Pause?])[]): SectionMark[] {
  const segments = blocks.flatMap(([, text, pause], block): Segment[] =>
    pause === undefined ? [] : [{ block, start: 0, end: text.length, spoken: text, edits: [], pause }],
  )
  return sectionMarks({
    title: 'Dusk',
    blocks: blocks.map(([kind, text]) => ({ kind, text })),
    segments,
    lengths: segments.map((_, at) => at + 1),
  })
}

const titles = (marks: readonly SectionMark[]) => marks.map(({ title }) => title)

test('a chapter without sections is one mark from its first sample to its last', () => {
  const marks = marked(
    ['heading', 'I. Dusk', 'section'],
    ['paragraph', 'The lamp was lit.', 'paragraph'],
    ['paragraph', 'Nobody saw it.', 'section'],
  )
  expect(marks).toEqual([{ title: 'Dusk', from: 0, to: framesToSeconds(6) }])
})

test('a section begins after a scene break and at a heading, but not after the heading’s own pause', () => {
  const marks = marked(
    ['heading', 'I', 'section'],
    ['heading', 'Dusk', 'section'],
    ['paragraph', 'The lamp was lit.', 'section'],
    ['scene-break', '* * *'],
    ['paragraph', 'Nobody saw it.', 'section'],
    ['heading', 'The  second\nnight', 'section'],
    ['heading', 'In which it rains', 'section'],
    ['paragraph', 'It rained.', 'section'],
  )
  expect(marks).toEqual([
    { title: 'Dusk', from: 0, to: framesToSeconds(6) },
    { title: 'Nobody saw it.', from: framesToSeconds(6), to: framesToSeconds(10) },
    { title: 'The second night', from: framesToSeconds(10), to: framesToSeconds(28) },
  ])
})

test('a section begins after a scene break without text, which leaves no section pause', () => {
  const marks = marked(
    ['paragraph', 'The lamp was lit.', 'paragraph'],
    ['scene-break', ''],
    ['paragraph', 'Nobody saw it.', 'paragraph'],
    ['paragraph', 'It rained.', 'section'],
  )
  expect(titles(marks)).toEqual(['Dusk', 'Nobody saw it.'])
})

test('a chapter without segments has no marks', () => {
  expect(marked(['scene-break', '* * *'])).toEqual([])
})

test('a section without a heading is titled by its opening words, truncated between two words', () => {
  const titleOf = (text: string) =>
    titles(marked(['paragraph', 'Before.', 'section'], ['paragraph', text, 'section']))[1]
  expect(titleOf('“No!” he said.')).toBe('“No!” he said.')
  expect(titleOf('It is exactly forty letters long, is it.')).toBe('It is exactly forty letters long, is it.')
  expect(titleOf('It was late, and nobody in the house,\nnot even Anna, had slept.')).toBe(
    'It was late, and nobody in the house…',
  )
  expect(titleOf('He did not know whether the long-forgotten door was shut.')).toBe(
    'He did not know whether the…',
  )
  expect(
    titleOf('话说天下大势，分久必合，合久必分：周末七国分争，并入于秦；及秦灭之后，楚汉分争，又并入于汉。'),
  ).toBe('话说天下大势，分久必合，合久必分：周末七国分争，并入于秦；及秦灭之后，楚汉分争…')
  // A family emoji of 11 UTF-16 units is one grapheme.
  const family = '👨‍👩‍👧‍👦'
  expect(titleOf(family.repeat(9))).toBe(`${family.repeat(3)}…`)
  expect(titleOf(`www.${'a'.repeat(80)}`)).toBe(`www.${'a'.repeat(36)}…`)
})

test('skipped text is not in titles, and a heading of several segments gives one whole title', () => {
  const text = 'The night¹ was long. Nobody slept.'
  const skip: Skip = { block: 1, start: 9, end: 10, reason: 'note-reference' }
  const spoken = { spoken: 'spoken', edits: [], pause: 'sentence' } as const
  const marks = sectionMarks({
    title: 'Dusk',
    blocks: [
      { kind: 'paragraph', text: 'Before.' },
      { kind: 'heading', text },
    ],
    segments: [
      { ...spoken, block: 0, start: 0, end: 7, pause: 'section' },
      { ...spoken, block: 1, start: 0, end: skip.start },
      { ...spoken, block: 1, start: skip.end, end: 21 },
      { ...spoken, block: 1, start: 21, end: text.length, pause: 'section' },
    ],
    lengths: [1, 1, 1, 1],
  })
  expect(titles(marks)).toEqual(['Dusk', 'The night was long. Nobody slept.'])
})
