import type { HeardChapterView, HeardRequest } from '../../src/http/contract/heard-contract.ts'
import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import { isFinished } from '../../src/novel/heard.ts'
import { addHeardRange, countHeard, type HeardRanges } from '../../src/novel/segment.ts'
import type { NovelWithChapters } from '../cached-answers.ts'
import type { KeptNovel, Outgoing } from './offline-database.ts'

/** What was heard of a chapter with these ranges, of so many segments. */
export function heardView(
  chapterNumber: number,
  ranges: HeardRanges,
  total: number,
  at: number,
): HeardChapterView {
  const segmentsHeard = countHeard(ranges)
  return {
    chapterNumber,
    segmentsHeard,
    ...(isFinished(segmentsHeard, total) && { finished: true }),
    ranges: ranges.map(([from, to]) => ({ from, to })),
    updatedAt: new Date(at).toISOString(),
  }
}

/** The ranges with one more. */
export function withHeardRange(
  ranges: HeardChapterView['ranges'],
  { from, to }: { readonly from: number; readonly to: number },
): HeardRanges {
  return addHeardRange(
    ranges.map((each) => [each.from, each.to] as const),
    from,
    to,
  )
}

/** What was heard of a kept novel: as the server told it, and what was heard here and is not sent yet. */
export function heardOf(
  { id, heard, chapters }: Pick<KeptNovel, 'id' | 'heard' | 'chapters'>,
  unsent: readonly Outgoing[],
): HeardChapterView[] {
  const totals = new Map(chapters.map(({ number, segmentsTotal }) => [number, segmentsTotal]))
  const known = new Map(heard.map((each) => [each.chapterNumber, each]))
  for (const { key, bodies, at } of unsent) {
    if (!key.startsWith(`heard/${id}/`)) continue
    for (const range of bodies as readonly HeardRequest[]) {
      const { chapterNumber } = range
      const ranges = withHeardRange(known.get(chapterNumber)?.ranges ?? [], range)
      known.set(chapterNumber, heardView(chapterNumber, ranges, totals.get(chapterNumber) ?? 0, at))
    }
  }
  return [...known.values()].toSorted((a, b) => a.chapterNumber - b.chapterNumber)
}

/** A novel and its chapters with what was heard of them. */
export function withHeard(
  { novel, chapters }: NovelWithChapters,
  heard: readonly HeardChapterView[],
): NovelWithChapters {
  const known = new Map(heard.map((each) => [each.chapterNumber, each]))
  const marked = chapters.map((chapter) => ({ ...chapter, ...figuresOf(known.get(chapter.number)) }))
  const narrated = marked.filter((each) => each.narrated && each.segmentsTotal > 0)
  const isHeard = narrated.length > 0 && narrated.every(({ finished }) => finished)
  const { finished, ...others } = novel
  return {
    novel: {
      ...others,
      segmentsHeard: narrated.reduce((sum, { segmentsHeard }) => sum + segmentsHeard, 0),
      ...((finished || isHeard) && { finished: true }),
    },
    chapters: marked,
  }
}

/** A chapter's text with what was heard of it. */
export function chapterWithHeard(chapter: Chapter, heard: readonly HeardChapterView[]): Chapter {
  const known = heard.find((each) => each.chapterNumber === chapter.number)
  return { ...chapter, ...figuresOf(known), heard: [...(known?.ranges ?? [])] }
}

/** Nothing is un-heard without a server: what is not known here stays as it was. */
function figuresOf(
  known: HeardChapterView | undefined,
): Partial<Pick<Chapter, 'segmentsHeard' | 'finished'>> {
  if (!known) return {}
  const { segmentsHeard, finished } = known
  return { segmentsHeard, ...(finished && { finished }) }
}
