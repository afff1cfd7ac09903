import type { Block, Skip, Chapter } from '../novel/novel.ts'
import type { Pause, Segment, SegmentedChapter, SegmentsChange } from '../novel/segment.ts'

export interface SegmentedText {
  readonly blocks: readonly Block[]
  readonly skips: readonly Skip[]
  readonly segments: readonly Segment[]
}

interface RestoredChapter extends SegmentedText {
  readonly change: SegmentsChange
}

/** Segments a chapter as an import does: with the rules and pronunciation of the novel's language. */
type CutSegments = (chapter: Pick<Chapter, 'blocks' | 'skips'>) => SegmentedChapter

/**
 * Turns one of a chapter's skips into spoken text: its characters become segments of their block; removed text becomes
 * paragraphs where it stood. All other segments, and so their clips, are unchanged, except one that touches the skip
 * and forms one sentence with it. `undefined` if there is no such skip or nothing in it to speak.
 */
export function restoreSkip(
  chapter: SegmentedText,
  index: number,
  cut: CutSegments,
): RestoredChapter | undefined {
  const skip = chapter.skips[index]
  if (skip === undefined) return undefined
  const others = chapter.skips.flatMap((other, at): Skip[] => {
    if (at !== index) return [other]
    // The image stays when its words are spoken.
    const { block, start, end, reason, image } = other
    return image === undefined ? [] : [{ block, start, end, reason, image }]
  })
  return skip.start < skip.end
    ? restoreInBlock(chapter, others, skip, cut)
    : restoreAsParagraphs(chapter, others, index, cut)
}

/**
 * Segments only the skip and the segments that touch it; those with an unchanged result are kept, whichever version of
 * the rules made them.
 */
function restoreInBlock(
  { blocks, segments }: SegmentedText,
  others: readonly Skip[],
  { block, start, end, reason }: Skip,
  cut: CutSegments,
): RestoredChapter | undefined {
  const whole = blocks[block]
  if (whole === undefined || whole.kind === 'scene-break') return undefined
  const own = segments.filter((segment) => segment.block === block)
  const before = own.find((segment) => segment.end === start)
  const after = own.find((segment) => segment.start === end)
  const from = before?.start ?? start
  const to = after?.end ?? end
  const skips = [
    ...others.filter((skip) => skip.block === block).map((skip) => ({ ...skip, block: 0 })),
    { block: 0, start: 0, end: from, reason },
    { block: 0, start: to, end: whole.text.length, reason },
  ]
  const found = cut({ blocks: [whole], skips })
  const keepsBefore = before !== undefined && isSame(found.segments[0], before)
  const keepsAfter = after !== undefined && isSame(found.segments.at(-1), after)
  const anew = found.segments.slice(keepsBefore ? 1 : 0, keepsAfter ? -1 : undefined)
  if (anew.length === 0) return undefined
  const firstAnew = keepsBefore ? start : from
  const next = segments.findIndex(
    (segment) => segment.block > block || (segment.block === block && segment.start >= firstAnew),
  )
  const at = next < 0 ? segments.length : next
  const removed = (before && !keepsBefore ? 1 : 0) + (after && !keepsAfter ? 1 : 0)
  const isLast = !keepsAfter && !own.some((segment) => segment.start >= to)
  const atEnd = own.at(-1)?.pause ?? (segments.some((each) => each.block > block) ? 'paragraph' : 'section')
  const added = found.skips.slice(skips.length).map((skip) => ({ ...skip, block }))
  return {
    blocks,
    skips: [...others, ...added],
    segments: withOpenings(
      segments.toSpliced(at, removed, ...placeSegments(anew, block, isLast ? atEnd : 'sentence')),
      segments,
    ),
    change: { at, removed, added: anew.length },
  }
}

function restoreAsParagraphs(
  { blocks, skips, segments }: SegmentedText,
  others: readonly Skip[],
  index: number,
  cut: CutSegments,
): RestoredChapter | undefined {
  const { block, start, text = '', image } = skips[index]!
  /** Skips before this one stand before the paragraphs. */
  const upTo = image === undefined ? index : index + 1
  const paragraphs = text
    .split('\n')
    .map((line): Block => ({ kind: 'paragraph', text: line.replaceAll(/\s+/g, ' ').trim() }))
    .filter((paragraph) => paragraph.text !== '')
  const first = start === 0 && blocks[block]?.text !== '' ? block : block + 1
  const anew: Segment[] = []
  const added: Skip[] = []
  for (const [nth, paragraph] of paragraphs.entries()) {
    const found = cut({ blocks: [paragraph], skips: [] })
    anew.push(...placeSegments(found.segments, first + nth, 'paragraph'))
    added.push(...found.skips.map((skip) => ({ ...skip, block: first + nth })))
  }
  if (anew.length === 0) return undefined
  const moved = <Placed extends { readonly block: number }>(one: Placed): Placed =>
    one.block < first ? one : { ...one, block: one.block + paragraphs.length }
  const next = segments.findIndex((segment) => segment.block >= first)
  const at = next < 0 ? segments.length : next
  // Keeps the order of text removed at the same offset: before these paragraphs, or after them.
  const moveSkip = (skip: Skip, other: number): Skip => {
    if (skip.block !== block || skip.start !== start || skip.end !== start) return moved(skip)
    if (first === block) return other < upTo ? skip : moved(skip)
    const end = paragraphs.at(-1)!.text.length
    return other < upTo ? skip : { ...skip, block: first + paragraphs.length - 1, start: end, end }
  }
  return {
    blocks: blocks.toSpliced(first, 0, ...paragraphs),
    skips: [...others.map(moveSkip), ...added],
    segments: withOpenings(segments.map(moved).toSpliced(at, 0, ...anew), segments),
    change: { at, removed: 0, added: anew.length },
  }
}

function isSame(one: Segment | undefined, { start, end }: Segment): boolean {
  return one?.start === start && one.end === end
}

function placeSegments(segments: readonly Segment[], block: number, last: Pause): Segment[] {
  const final = segments.length - 1
  return segments.map((segment, at) => ({ ...segment, block, pause: at === final ? last : 'sentence' }))
}

/** Only a chapter's first segment has the silence before it; novels imported before that pause existed get none. */
function withOpenings(segments: readonly Segment[], before: readonly Segment[]): Segment[] {
  if (before.length > 0 && !before.some(({ opening }) => opening)) return [...segments]
  return segments.map((segment, index) => {
    if (index === 0) return { ...segment, opening: true }
    const { opening, ...rest } = segment
    return opening === undefined ? segment : rest
  })
}
