import type { SegmentRun } from '../novel/segment-runs.ts'
import type { Edit, Segment, WholeSegment } from '../novel/segment.ts'
import { isSpeakable, space, traitsAt } from '../segmenter/character-traits.ts'

/** A line with the role in which it is spoken, never the narrator's. Ordered by place, without overlap. */
export interface SpokenLine {
  readonly block: number
  readonly start: number
  readonly end: number
  readonly role: number
}

interface CastSegments {
  readonly segments: readonly Segment[]
  /** Of one chapter, which is number 0 in both versions. */
  readonly runs: readonly SegmentRun[]
}

/**
 * Gives the segments of a chapter their roles. One in which the role changes is cut there; one that was cut before, and
 * is not any more, is as it was. All others stay as they are, so that their clips do.
 */
export function castSegments(segments: readonly Segment[], lines: readonly SpokenLine[]): CastSegments {
  const byBlock = Map.groupBy(lines, ({ block }) => block)
  const cast: Segment[] = []
  const runs: SegmentRun[] = []
  let at = 0
  for (const { whole, pieces } of wholeSegments(segments)) {
    const made = cutSegment(whole, byBlock.get(whole.block) ?? [])
    addRuns(runs, [at, pieces], [cast.length, made.length])
    cast.push(...made)
    at += pieces
  }
  return { segments: cast, runs }
}

/** The segments before any was cut, each with the number of pieces that it is now. */
function* wholeSegments(segments: readonly Segment[]): Generator<{ whole: Segment; pieces: number }> {
  for (let at = 0; at < segments.length;) {
    const { whole, role: _, ...first } = segments[at]!
    const pieces = whole ? piecesOf(segments, at, whole) : 1
    const last = segments[at + pieces - 1]!
    // A chapter edit may have taken some of the pieces: what is left stays as it is.
    yield { whole: pieces > 1 ? { ...first, ...whole, pause: last.pause } : first, pieces }
    at += pieces
  }
}

function piecesOf(segments: readonly Segment[], at: number, whole: WholeSegment): number {
  const { block } = segments[at]!
  let to = at
  while (
    segments[to]?.block === block &&
    segments[to]!.end < whole.end &&
    segments[to + 1]?.start === segments[to]!.end
  )
    to++
  return segments[to]?.block === block && segments[to]!.end === whole.end ? to - at + 1 : 1
}

function addRuns(
  runs: SegmentRun[],
  [from, before]: readonly [number, number],
  [to, after]: readonly [number, number],
): void {
  const last = runs.at(-1)
  if (before === after && last && last[1] + last[4] === from && last[3] + last[4] === to) {
    runs[runs.length - 1] = [0, last[1], 0, last[3], last[4] + before]
  } else if (before === after) runs.push([0, from, 0, to, before])
  // Whoever heard a segment has heard its pieces.
  else if (before === 1) for (let piece = 0; piece < after; piece++) runs.push([0, from, 0, to + piece, 1])
  else
    for (let piece = 0; piece < before; piece++)
      runs.push([0, from + piece, 0, to + Math.min(piece, after - 1), 1])
}

interface Part {
  readonly start: number
  readonly end: number
  readonly role: number
}

function cutSegment(whole: Segment, lines: readonly SpokenLine[]): Segment[] {
  const parts = partsOf(whole, lines)
  if (parts.length === 1) return [withRole(whole, parts[0]!.role)]
  const { end, spoken, edits } = whole
  return parts.map((part, nth) => {
    const { opening, ...piece } = pieceOf(whole, part)
    const pause = nth === parts.length - 1 ? whole.pause : ('sentence' as const)
    const first = nth === 0 ? { ...(opening && { opening }), whole: { end, spoken, edits } } : {}
    return withRole({ ...piece, pause, ...first }, part.role)
  })
}

function withRole(segment: Segment, role: number): Segment {
  return role === 0 ? segment : { ...segment, role }
}

/** The parts of a segment by role, each with something to speak; white space belongs to the part before it. */
function partsOf(whole: Segment, lines: readonly SpokenLine[]): Part[] {
  const parts: Part[] = []
  const add = (start: number, end: number, role: number): void => {
    const last = parts.at(-1)
    if (start >= end) return
    if (last && (last.role === role || !hasWords(whole, start, end)))
      parts[parts.length - 1] = { ...last, end }
    else if (last && !hasWords(whole, last.start, last.end))
      parts[parts.length - 1] = { start: last.start, end, role }
    else parts.push({ start, end, role })
  }
  let from = whole.start
  for (const { start, end, role } of lines) {
    if (end <= from || start >= whole.end) continue
    const first = cutPlace(whole, Math.max(start, from))
    const to = cutPlace(whole, Math.min(end, whole.end))
    add(from, Math.max(from, first), 0)
    add(Math.max(from, first), to, role)
    from = Math.max(from, to)
  }
  add(from, whole.end, 0)
  return parts.length > 0 ? parts : [{ start: whole.start, end: whole.end, role: 0 }]
}

/** Where a segment can be cut at or behind a place: not within what is spoken otherwise, and behind spaces. */
function cutPlace({ start, end, edits, spoken }: Segment, place: number): number {
  let at = place - start
  for (const [from, to] of edits) if (from < at && at < to) at = to
  const length = end - start
  while (at < length && at > 0 && traitsAt(spoken, spokenOffset(edits, at)) & space) {
    if (edits.some(([from, to]) => from < at + 1 && at < to)) break
    at++
  }
  return start + Math.min(at, length)
}

function hasWords({ start, edits, spoken }: Segment, from: number, to: number): boolean {
  return isSpeakable(spoken, spokenOffset(edits, from - start), spokenOffset(edits, to - start))
}

/** Where the source's character is in the spoken text; what is spoken otherwise at its place comes before it. */
function spokenOffset(edits: readonly Edit[], source: number): number {
  let shift = 0
  for (const [, end, , spokenEnd] of edits) {
    if (end > source) break
    shift = spokenEnd - end
  }
  return source + shift
}

function pieceOf(whole: Segment, { start, end }: Part): Segment {
  const [from, to] = [start - whole.start, end - whole.start]
  const [spokenFrom, spokenTo] = [spokenOffset(whole.edits, from), spokenOffset(whole.edits, to)]
  // What is inserted before the first character belongs to the first piece.
  const first = from === 0
  const edits = whole.edits
    .filter(([, editEnd]) => (first || editEnd > from) && editEnd <= to)
    .map(([a, b, c, d]): Edit => [
      a - from,
      b - from,
      c - (first ? 0 : spokenFrom),
      d - (first ? 0 : spokenFrom),
    ])
  const said = whole.spoken.slice(first ? 0 : spokenFrom, spokenTo)
  const spoken = said.trimEnd()
  const trimmed = said.length - spoken.length
  const length = to - from
  const isTrimmed = trimmed > 0 && !edits.some(([, editEnd]) => editEnd > length - trimmed)
  if (isTrimmed) edits.push([length - trimmed, length, spoken.length, spoken.length])
  const { block, pause, opening } = whole
  return { block, start, end, spoken: isTrimmed ? spoken : said, edits, pause, ...(opening && { opening }) }
}
