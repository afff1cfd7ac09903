import type { BlockKind, SkipReason } from '../novel/block.ts'
import type { Target } from './archive-path.ts'
import { cleanText } from './clean-text.ts'
import { cleanTrace, composeTrace, extend } from './trace.ts'

/** Something that was taken out of the text, and where: an offset into the draft's text. */
export interface Taken {
  readonly at: number
  readonly reason: SkipReason
  readonly text: string
}

/** A link inside the text, kept because it may turn out to be a note reference. */
export interface Link {
  readonly start: number
  readonly end: number
  readonly target: Target
  readonly superscript: boolean
}

/** An element's id, and where in the text the element begins. */
interface Anchor {
  readonly id: string
  readonly at: number
}

/** A block that is still being read or waits for its notes to be resolved and its chapter to be cut. */
export interface Draft {
  kind: BlockKind
  /** 1–6 for headings, 0 for all else. */
  readonly level: number
  text: string
  /** White space read after `text` and not yet part of it: '', a space, or line breaks. */
  gap: string
  /** What the elements around it are (`epub:type`, roles), outermost first. */
  readonly types: readonly string[]
  /** It stands inside a note's body. */
  note: boolean
  /** Not part of the book's text: the whole block becomes a skip with this reason. */
  omit?: SkipReason
  taken: Taken[]
  links: Link[]
  anchors: Anchor[]
  /** Only where asked for: for each unit of `text` its place in the document `file` (see `TracedBlock`). */
  trace?: number[] | undefined
  file?: string
}

export function newDraft(kind: BlockKind, level = 0, types: readonly string[] = [], note = false): Draft {
  return { kind, level, text: '', gap: '', types, note, taken: [], links: [], anchors: [] }
}

/**
 * Adds text as it stands in the source. White space waits in the gap until more text comes: so it meets as one space and
 * ends trimmed, and the text so far is never read again (a paragraph of a million pieces stays linear).
 */
export function append(draft: Draft, raw: string, places?: readonly number[]): void {
  const text = cleanText(raw)
  const from = text.startsWith(' ') ? 1 : 0
  if (from > 0 && draft.gap === '') draft.gap = ' '
  if (text.length === from) return
  const to = text.endsWith(' ') ? text.length - 1 : text.length
  if (draft.trace !== undefined) {
    if (draft.text !== '') for (const _ of draft.gap) draft.trace.push(-1)
    extend(draft.trace, cleanTrace(raw, text, places).slice(from, to))
  }
  draft.text += (draft.text === '' ? '' : draft.gap) + text.slice(from, to)
  draft.gap = to < text.length ? ' ' : ''
}

/** A line break inside a block. It is one character like the space it may become, so that no offset ever moves. */
export function appendLineBreak(draft: Draft): void {
  draft.gap = draft.gap.startsWith('\n') ? '\n\n' : '\n'
}

/** Where the next text will stand. */
export function nextOffset(draft: Draft): number {
  return draft.text === '' ? 0 : draft.text.length + draft.gap.length
}

/**
 * The draft without the characters of these ranges, which come in order and do not overlap; each becomes something taken out.
 * Of the spaces around a mark one stays, and none at either end of the text.
 */
export function takeOut(
  draft: Draft,
  ranges: readonly { readonly start: number; readonly end: number }[],
  reason: SkipReason,
): void {
  const { text, trace } = draft
  const keptTrace: number[] = []
  const cuts: { from: number; to: number; at: number }[] = []
  const taken: Taken[] = []
  let kept = ''
  let upTo = 0
  for (const { start, end } of ranges) {
    kept += text.slice(upTo, start)
    if (trace !== undefined) extend(keptTrace, trace.slice(upTo, start))
    const atEnd = end === text.length
    const from = atEnd && kept.endsWith(' ') ? start - 1 : start
    if (from < start) kept = kept.slice(0, -1)
    if (from < start) keptTrace.pop()
    const bare = kept === '' || kept.endsWith(' ') || kept.endsWith('\n')
    upTo = bare && text[end] === ' ' ? end + 1 : end
    cuts.push({ from, to: upTo, at: kept.length })
    taken.push({ at: kept.length, reason, text: text.slice(start, end).trim() })
  }
  draft.text = kept + text.slice(upTo)
  if (trace !== undefined) draft.trace = keptTrace.concat(trace.slice(upTo))
  const move = (at: number): number => {
    const cut = cuts.findLast(({ from }) => from < at)
    return cut === undefined ? at : cut.at + Math.max(0, at - cut.to)
  }
  draft.taken = [...draft.taken.map((one) => ({ ...one, at: move(one.at) })), ...taken].toSorted(
    (a, b) => a.at - b.at,
  )
}

/** `[start, end)` of a draft as one of its own. */
export function slice(draft: Draft, start: number, end: number): Draft {
  const inside = (at: number): boolean => at >= start && (at < end || end === draft.text.length)
  return {
    ...draft,
    text: draft.text.slice(start, end),
    ...(draft.trace !== undefined && { trace: draft.trace.slice(start, end) }),
    taken: draft.taken.filter(({ at }) => inside(at)).map((taken) => ({ ...taken, at: taken.at - start })),
    links: draft.links
      .filter((link) => inside(link.start))
      .map((link) => ({ ...link, start: link.start - start, end: Math.min(link.end, end) - start })),
    anchors: draft.anchors
      .filter(({ at }) => inside(at))
      .map((anchor) => ({ ...anchor, at: anchor.at - start })),
  }
}

/** Lines of verse as one block, `\n` between them. */
export function joinLines(lines: readonly Draft[]): Draft {
  const [first, ...rest] = lines as [Draft, ...Draft[]]
  for (const line of rest) {
    const shift = first.text.length + 1
    first.text += `\n${line.text}`
    if (first.trace !== undefined) extend(first.trace, [-1, ...(line.trace ?? [])])
    first.taken.push(...line.taken.map((taken) => ({ ...taken, at: taken.at + shift })))
    first.links.push(
      ...line.links.map((link) => ({ ...link, start: link.start + shift, end: link.end + shift })),
    )
    first.anchors.push(...line.anchors.map((anchor) => ({ ...anchor, at: anchor.at + shift })))
  }
  return first
}

/** Characters composed (NFC), with all offsets still at their place. */
export function compose(draft: Draft): void {
  const { text } = draft
  const composed = text.normalize('NFC')
  const move = (at: number): number => Math.min(text.slice(0, at).normalize('NFC').length, composed.length)
  if (composed === text) return
  draft.text = composed
  if (draft.trace !== undefined) draft.trace = composeTrace(text, composed, draft.trace)
  draft.taken = draft.taken.map((taken) => ({ ...taken, at: move(taken.at) }))
  draft.links = draft.links.map((link) => ({ ...link, start: move(link.start), end: move(link.end) }))
  draft.anchors = draft.anchors.map((anchor) => ({ ...anchor, at: move(anchor.at) }))
}
