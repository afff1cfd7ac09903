import type { BlockContainer, BookImage } from '../novel/book-layout.ts'
import type { BlockKind, Mark, Reading, SkipReason } from '../novel/novel.ts'
import type { LinkTarget } from './link-target.ts'
import { cleanText, traceCleaned, extendTrace } from './clean-text.ts'

/** Text removed from the block, with its offset into the draft's text. */
export interface RemovedText {
  readonly at: number
  readonly reason: SkipReason
  readonly text: string
  /** Of a note, and of a reference to it: where the note is. Until they are brought together. */
  readonly target?: LinkTarget | undefined
  /** Of a note reference: the words of the note. */
  readonly note?: string
  /** Of an image: its path in the archive, and the image once it was found there. */
  readonly picture?: string | undefined
  readonly image?: BookImage
}

/** What a block stands in, before it has an id: by the object that its elements share. */
export type DraftContainer = BlockContainer extends infer Container
  ? Container extends { readonly id: number }
    ? Omit<Container, 'id'> & { readonly of: object }
    : never
  : never

/** A mark whose link is not resolved yet. */
type DraftMark = Mark & { readonly target?: BlockDraft }

/** A link inside the text, kept because it may turn out to be a note reference. */
export interface Link {
  readonly start: number
  readonly end: number
  readonly target: LinkTarget
  readonly superscript: boolean
}

/** An element's id and the offset where the element begins. */
interface Anchor {
  readonly id: string
  readonly at: number
}

/** A block that is still being read, or whose notes and chapter are not resolved yet. */
export interface BlockDraft {
  kind: BlockKind
  /** 1–6 for headings, 0 for all other kinds. */
  readonly level: number
  text: string
  /** White space read after `text` and not yet appended to it: '', a space, or line breaks. */
  gap: string
  /** Semantic types (`epub:type`, roles) of the enclosing elements, outermost first. */
  readonly types: readonly string[]
  /** Whether it is inside a note's body. */
  note: boolean
  /** Set if the whole block is excluded from the book's text and becomes a skip with this reason. */
  omit?: SkipReason
  removed: RemovedText[]
  links: Link[]
  anchors: Anchor[]
  readings: Reading[]
  marks: DraftMark[]
  readonly within: readonly DraftContainer[]
  /** BCP 47, as its elements declare it. */
  readonly lang?: string
  /** Number by which links lead to it. */
  anchor?: number
  /** Only when tracing: for each UTF-16 unit of `text` its offset in the document `file` (see `TracedBlock`). */
  trace?: number[] | undefined
  file?: string
}

export function createDraft(
  kind: BlockKind,
  level = 0,
  types: readonly string[] = [],
  note = false,
  within: readonly DraftContainer[] = [],
): BlockDraft {
  return {
    kind,
    level,
    text: '',
    gap: '',
    types,
    note,
    removed: [],
    links: [],
    anchors: [],
    readings: [],
    marks: [],
    within,
  }
}

/**
 * Appends source text. White space is buffered in `gap` until more text follows, so that it collapses to one space and
 * the end stays trimmed without rereading the text so far: a paragraph of a million fragments stays linear.
 */
export function append(draft: BlockDraft, raw: string, places?: readonly number[]): void {
  const text = cleanText(raw)
  const from = text.startsWith(' ') ? 1 : 0
  if (from > 0 && draft.gap === '') draft.gap = ' '
  if (text.length === from) return
  const to = text.endsWith(' ') ? text.length - 1 : text.length
  if (draft.trace !== undefined) {
    if (draft.text !== '') for (const _ of draft.gap) draft.trace.push(-1)
    extendTrace(draft.trace, traceCleaned(raw, text, places).slice(from, to))
  }
  draft.text += (draft.text === '' ? '' : draft.gap) + text.slice(from, to)
  draft.gap = to < text.length ? ' ' : ''
}

/** Appends a line break. It is one character, like the space that may replace it later, so offsets do not change. */
export function appendLineBreak(draft: BlockDraft): void {
  draft.gap = draft.gap.startsWith('\n') ? '\n\n' : '\n'
}

/** The offset at which the next text will begin. */
export function nextOffset(draft: BlockDraft): number {
  return draft.text === '' ? 0 : draft.text.length + draft.gap.length
}

interface RemovedRange {
  readonly start: number
  readonly end: number
  readonly reason?: SkipReason
  readonly target?: LinkTarget
}

/**
 * Removes ranges, which are sorted and do not overlap; each becomes a `RemovedText` with its own reason, else `reason`.
 * Of the spaces around a removed range one is kept, none at either end of the text.
 */
export function removeRanges(draft: BlockDraft, ranges: readonly RemovedRange[], reason: SkipReason): void {
  const { text, trace } = draft
  const keptTrace: number[] = []
  const cuts: { from: number; to: number; at: number }[] = []
  const removed: RemovedText[] = []
  // Parts are joined once at the end: reading the end of a growing string would copy it each time.
  const kept: string[] = []
  let length = 0
  let last = ''
  const keep = (from: number, to: number): void => {
    if (to <= from) return
    kept.push(text.slice(from, to))
    length += to - from
    last = text.charAt(to - 1)
    if (trace !== undefined) extendTrace(keptTrace, trace.slice(from, to))
  }
  let upTo = 0
  for (const { start, end, reason: own, target } of ranges) {
    const spare = end === text.length && text.charAt(start - 1) === ' ' && start > upTo
    keep(upTo, spare ? start - 1 : start)
    const bare = length === 0 || last === ' ' || last === '\n'
    upTo = bare && text[end] === ' ' ? end + 1 : end
    cuts.push({ from: spare ? start - 1 : start, to: upTo, at: length })
    removed.push({ at: length, reason: own ?? reason, text: text.slice(start, end).trim(), target })
  }
  keep(upTo, text.length)
  draft.text = kept.join('')
  if (trace !== undefined) draft.trace = keptTrace
  const move = (at: number): number => {
    let low = 0
    let high = cuts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (cuts[middle]!.from < at) low = middle + 1
      else high = middle
    }
    const cut = cuts[low - 1]
    return cut === undefined ? at : cut.at + Math.max(0, at - cut.to)
  }
  draft.readings = draft.readings
    .map((reading) => ({ ...reading, start: move(reading.start), end: move(reading.end) }))
    .filter(({ start, end }) => start < end)
  draft.marks = draft.marks
    .map((mark) => ({ ...mark, start: move(mark.start), end: move(mark.end) }))
    .filter(({ start, end }) => start < end)
  draft.removed = [...draft.removed.map((one) => ({ ...one, at: move(one.at) })), ...removed].toSorted(
    (a, b) => a.at - b.at,
  )
}

/** Slices a draft at sorted ranges. What is attached to an offset between two ranges goes to the first. */
export function sliceDraft(
  draft: BlockDraft,
  ranges: readonly { readonly start: number; readonly end: number }[],
): BlockDraft[] {
  const parts = ranges.map(({ start, end }): BlockDraft => ({
    ...draft,
    text: draft.text.slice(start, end),
    ...(draft.trace !== undefined && { trace: draft.trace.slice(start, end) }),
    removed: [],
    links: [],
    anchors: [],
    readings: [],
    marks: [],
  }))
  /** Finds the part that contains offset `at`, with the part's range. */
  const indexAt = (at: number): number => {
    let low = 0
    let high = ranges.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (ranges[middle]!.start <= at) low = middle
      else high = middle - 1
    }
    return low
  }
  const find = (
    at: number,
  ): readonly [part: BlockDraft, shift: number, end: number, next: BlockDraft | undefined] => {
    const index = indexAt(at)
    return [parts[index]!, ranges[index]!.start, ranges[index]!.end, parts[index + 1]]
  }
  for (const removed of draft.removed) {
    const [part, shift, end] = find(removed.at)
    part.removed.push({ ...removed, at: Math.min(removed.at, end) - shift })
  }
  for (const link of draft.links) {
    const [part, shift, end] = find(link.start)
    if (link.start < end)
      part.links.push({ ...link, start: link.start - shift, end: Math.min(link.end, end) - shift })
  }
  // An id at the very end of a part belongs to the part that follows.
  for (const anchor of draft.anchors) {
    const [part, shift, end, next] = find(anchor.at)
    if (anchor.at < end || next === undefined) part.anchors.push({ ...anchor, at: anchor.at - shift })
    else next.anchors.push({ ...anchor, at: 0 })
  }
  for (const reading of draft.readings) {
    const [part, shift, end] = find(reading.start)
    if (reading.end <= end)
      part.readings.push({ ...reading, start: reading.start - shift, end: reading.end - shift })
  }
  for (const mark of draft.marks) {
    // Of a mark that goes on into other parts each has its share.
    for (let at = indexAt(mark.start); ranges[at] !== undefined && ranges[at]!.start < mark.end; at += 1) {
      const from = Math.max(0, mark.start - ranges[at]!.start)
      const to = Math.min(mark.end, ranges[at]!.end) - ranges[at]!.start
      if (from < to) parts[at]!.marks.push({ ...mark, start: from, end: to })
    }
  }
  return parts
}

/** Joins lines of verse into one block, separated by `\n`. */
export function joinLines(lines: readonly BlockDraft[]): BlockDraft {
  const [first, ...rest] = lines as [BlockDraft, ...BlockDraft[]]
  for (const line of rest) {
    const shift = first.text.length + 1
    first.text += `\n${line.text}`
    if (first.trace !== undefined) extendTrace(first.trace, [-1, ...(line.trace ?? [])])
    for (const removed of line.removed) first.removed.push({ ...removed, at: removed.at + shift })
    for (const link of line.links)
      first.links.push({ ...link, start: link.start + shift, end: link.end + shift })
    for (const anchor of line.anchors) first.anchors.push({ ...anchor, at: anchor.at + shift })
    for (const reading of line.readings)
      first.readings.push({ ...reading, start: reading.start + shift, end: reading.end + shift })
    for (const mark of line.marks)
      first.marks.push({ ...mark, start: mark.start + shift, end: mark.end + shift })
  }
  return first
}
