import { expect, test } from 'vitest'
import type { Block } from '../novel/novel.ts'
import { sourceRange } from '../novel/segment.ts'
import { segmentChapter } from '../segmenter/segmenter.ts'
import { castSegments, type SpokenLine } from './cast-segments.ts'
import { findDialogue } from './dialogue.ts'

const chapter = (...texts: string[]) => {
  const blocks: Block[] = texts.map((text) => ({ kind: 'paragraph', text }))
  return { blocks, segments: segmentChapter({ blocks, skips: [] }, 'en').segments }
}

test('a segment is cut where the speaker changes, and only there', () => {
  const text = '“Not now,” said Anna in a low voice, “we are not alone.” It rained. “Then when?”'
  const { segments } = chapter(text)
  const lines: SpokenLine[] = [
    { block: 0, start: 0, end: 10, role: 2 },
    { block: 0, start: 37, end: 56, role: 2 },
  ]
  const cast = castSegments(segments, lines).segments
  expect(cast.map(({ spoken, role }) => [spoken, role ?? 0])).toEqual([
    ['“Not now,”', 2],
    ['said Anna in a low voice,', 0],
    ['“we are not alone.”', 2],
    ['It rained. “Then when?”', 0],
  ])
  expect(castSegments(cast, []).segments).toEqual(segments)
  expect(castSegments(segments, []).segments).toEqual(segments)
})

test('what was heard is heard in its pieces, and in the whole again', () => {
  const { segments } = chapter(
    '“Not now,” said Anna in a low voice to her brother.',
    'It rained all day and all night.',
  )
  const { segments: cast, runs } = castSegments(segments, [{ block: 0, start: 0, end: 10, role: 2 }])
  expect(runs).toEqual([
    [0, 0, 0, 0, 1],
    [0, 0, 0, 1, 2],
  ])
  expect(castSegments(cast, []).runs).toEqual([
    [0, 0, 0, 0, 1],
    [0, 1, 0, 0, 2],
  ])
})

/** A pseudo-random sequence, the same each time. */
function* sequence(seed: number): Generator<number, never> {
  let state = seed
  for (;;) yield (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648)
}

test('cut segments tile their blocks, say the same words, and become what they were', () => {
  const random = sequence(7)
  const pieces = [
    '“No,” ',
    'said Anna. ',
    '“In 1998 it cost $5.50!” ',
    'he went 5 km, ',
    '“Dr. No… ”',
    '— ',
    '* * *',
    '“”',
    'XIV ',
    'a ',
    '“A',
    '. ',
    '   ',
  ]
  for (let round = 0; round < 400; round++) {
    const texts = Array.from({ length: 2 }, () =>
      Array.from(
        { length: 1 + (random.next().value % 9) },
        () => pieces[(random.next().value >> 6) % pieces.length],
      ).join(''),
    )
    const { blocks, segments } = chapter(...texts)
    const lines = findDialogue(blocks, 'en')
      .flat()
      .filter(({ kind }) => kind === 'speech' && random.next().value % 5 > 0)
      .map(({ block, start, end }) => ({ block, start, end, role: 1 + ((random.next().value >> 4) % 3) }))
    const { segments: cast } = castSegments(segments, lines)
    const squeezed = (all: readonly { spoken: string }[]) =>
      all
        .map(({ spoken }) => spoken)
        .join('')
        .replaceAll(/\s/g, '')
    expect(squeezed(cast)).toBe(squeezed(segments))
    expect(cast.map(({ block, start }) => [block, start]).slice(1)).toEqual(
      cast
        .slice(0, -1)
        .map(({ block, end }, at) =>
          cast[at + 1]!.block === block
            ? [block, cast[at + 1]!.start === end ? end : cast[at + 1]!.start]
            : [cast[at + 1]!.block, cast[at + 1]!.start],
        ),
    )
    for (const segment of cast) {
      expect(segment.spoken).toMatch(/[\p{L}\p{N}]/u)
      const { start, end } = sourceRange(segment, 0, segment.spoken.length)
      expect(start).toBeGreaterThanOrEqual(segment.start)
      expect(end).toBeLessThanOrEqual(segment.end)
    }
    expect(castSegments(cast, []).segments).toEqual(segments)
    expect(castSegments(cast, lines).segments).toEqual(cast)
  }
})
