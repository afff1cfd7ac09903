import { type HeardRanges, addHeardRange } from './segment.ts'
import { placeInRuns, reversedRuns, type SegmentRun } from './segment-runs.ts'

export const chapterEditKinds = [
  'rename',
  'part',
  'merge',
  'split',
  'move',
  'narrate',
  'restore',
  'headings',
  'reread',
  /** Another version of the book was taken over. */
  'grow',
  /** Segments were cut for voices. */
  'cast',
  /** Words are said otherwise. */
  'lexicon',
] as const
export type ChapterEditKind = (typeof chapterEditKinds)[number]

/** A chapter as an edit leaves it. Its text never changes under its id. */
export interface EditedChapter {
  readonly id: number
  readonly title: string
  readonly part: string | null
  readonly narrated: boolean
}

/** The chapters numbered from `at` on that an edit replaces by others; all before and behind them stay. */
export interface ChaptersEdit {
  readonly at: number
  readonly before: readonly EditedChapter[]
  readonly after: readonly EditedChapter[]
  /** Of chapters whose text is not the same any more: from `before` to `after`. */
  readonly runs: readonly SegmentRun[]
}

/** The edit that takes it back. */
export function reversedEdit({ at, before, after, runs }: ChaptersEdit): ChaptersEdit {
  return { at, before: after, after: before, runs: reversedRuns(runs) }
}

/** A segment of a novel. */
export interface NovelPlace {
  readonly chapterNumber: number
  readonly segment: number
}

interface EditIndex {
  /** Where a chapter stands in `after`, by its id. */
  readonly after: ReadonlyMap<number, number>
  /** By the chapter in `before`. */
  readonly runs: ReadonlyMap<number, readonly SegmentRun[]>
}

/** An edit of thousands of chapters is asked for thousands of places. */
const indexes = new WeakMap<ChaptersEdit, EditIndex>()

function indexOf(edit: ChaptersEdit): EditIndex {
  const known = indexes.get(edit)
  if (known) return known
  const index: EditIndex = {
    after: new Map(edit.after.map(({ id }, at) => [id, at])),
    runs: Map.groupBy(edit.runs, ([from]) => from),
  }
  indexes.set(edit, index)
  return index
}

/** Where a place of the novel is after an edit. */
export function placeAfterEdit(edit: ChaptersEdit, place: NovelPlace): NovelPlace {
  const { at, before, after, runs } = edit
  const index = place.chapterNumber - at
  if (index < 0) return place
  if (index >= before.length)
    return { ...place, chapterNumber: place.chapterNumber + after.length - before.length }
  const kept = indexOf(edit).after.get(before[index]!.id)
  if (kept !== undefined) return { ...place, chapterNumber: at + kept }
  const found = placeInRuns(runs, { chapter: index, segment: place.segment })
  if (found) return { chapterNumber: at + found.chapter, segment: found.segment }
  return { chapterNumber: at + Math.min(index, Math.max(0, after.length - 1)), segment: 0 }
}

/** The ranges of one chapter after an edit, by the number of the chapter that they are in then. */
export function rangesAfterEdit(
  edit: ChaptersEdit,
  chapterNumber: number,
  ranges: HeardRanges,
): ReadonlyMap<number, HeardRanges> {
  const { at, before } = edit
  const { after, runs } = indexOf(edit)
  const index = chapterNumber - at
  const chapter = before[index]
  const isKept = !chapter || after.has(chapter.id)
  if (isKept) return new Map([[placeAfterEdit(edit, { chapterNumber, segment: 0 }).chapterNumber, ranges]])
  const moved = new Map<number, HeardRanges>()
  for (const [, fromSegment, toChapter, toSegment, length] of runs.get(index) ?? []) {
    for (const [from, to] of ranges) {
      const [first, last] = [Math.max(from, fromSegment), Math.min(to, fromSegment + length - 1)]
      if (first > last) continue
      const number = at + toChapter
      const shift = toSegment - fromSegment
      moved.set(number, addHeardRange(moved.get(number) ?? [], first + shift, last + shift))
    }
  }
  return moved
}
