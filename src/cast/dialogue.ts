import type { Block } from '../novel/novel.ts'
import { cutInserts, spokenAfterDash } from './narrated-inserts.ts'
import {
  closersFor,
  closingApostrophes,
  leadingDashLength,
  opensHere,
  type QuotationStyle,
  quotationStyle,
} from './quotation-marks.ts'

type SpanKind = 'narration' | 'speech' | 'thought'

/** A part of a block. The spans of a block tile it. */
export interface Span {
  /** Index of the block in its chapter. */
  readonly block: number
  readonly start: number
  readonly end: number
  readonly kind: SpanKind
  /** Speech that goes on from the paragraph before, which did not close it. */
  readonly goesOn?: true
}

/**
 * The dialogue of a chapter: its spoken spans with their quotation marks, thoughts in italics, and all the rest as
 * narration. Quotes within quotes belong to the outer one. Linear in the length of the text; marks without their
 * counterpart end with their paragraph.
 */
export function findDialogue(
  blocks: readonly Pick<Block, 'kind' | 'text' | 'marks'>[],
  language: string,
): Span[][] {
  const style = quotationStyle(
    blocks.map(({ text }) => text),
    language,
  )
  let open: string | undefined
  return blocks.map((block, index) => {
    if (block.kind === 'heading' || block.kind === 'scene-break') {
      open = undefined
      return tile(index, block.text.length, [])
    }
    const found = spokenIn(block.text, style, language)
    const [first] = found.spans
    const goesOn =
      open !== undefined && first?.start === leadingSpaces(block.text) && block.text[first.start] === open
    open = found.open
    const spoken = found.spans.map((span, at) =>
      at === 0 && goesOn ? { ...span, goesOn: true as const } : span,
    )
    return tile(index, block.text.length, [...spoken, ...thoughtsIn(block, found.spans)])
  })
}

interface Range {
  readonly start: number
  readonly end: number
}

function leadingSpaces(text: string): number {
  return text.length - text.trimStart().length
}

/** The spoken ranges of a paragraph. `open`: the mark of the last, if it is not closed. */
function spokenIn(text: string, style: QuotationStyle, language: string): { spans: Range[]; open?: string } {
  const dash = style.dashes ? leadingDashLength(text) : 0
  if (dash > 0) return { spans: spokenAfterDash(text, dash, language) }
  const spans: Range[] = []
  const apostrophes = style.single ? closingApostrophes(text) : new Set<number>()
  const leading = leadingSpaces(text)
  const inserts = language.toLowerCase().startsWith('fr')
  for (let at = 0; at < text.length; at++) {
    const mark = text[at]!
    const closers = closersFor(mark, style)
    if (closers === undefined || ((isStraight(mark) || isSingle(mark)) && !opensHere(text, at))) continue
    const end = endOfQuote(text, at, closers, apostrophes)
    if (end === undefined) {
      // An apostrophe at a word's start is no quote.
      if (isSingle(mark) && at > leading) continue
      const rest = { start: at, end: text.length }
      spans.push(...(inserts ? cutInserts(text, rest, language) : [rest]))
      return { spans, open: mark }
    }
    if (isSpeech(text, { start: at, end }))
      spans.push(...(inserts ? cutInserts(text, { start: at, end }, language) : [{ start: at, end }]))
    at = end - 1
  }
  return { spans }
}

function isStraight(mark: string): boolean {
  return mark === '"' || mark === "'"
}

function isSingle(mark: string): boolean {
  return mark === "'" || mark === '‘'
}

/** `undefined`: it is not closed before the text ends, or, of single marks, before the next one opens. */
function endOfQuote(
  text: string,
  start: number,
  closers: string,
  apostrophes: ReadonlySet<number>,
): number | undefined {
  const opener = text[start]!
  const single = isSingle(opener)
  for (let at = start + 1; at < text.length; at++) {
    if (single ? apostrophes.has(at) : closers.includes(text[at]!)) return at + 1
    // So no part of a text is read more than twice, however many apostrophes it has.
    if (single && text[at] === opener && opensHere(text, at)) return undefined
  }
  return undefined
}

/** The most words of a title or a phrase that is quoted, not spoken. */
const mostQuotedWords = 6

/**
 * Whether a quote is spoken. A few words without a mark at their end, in the middle of a sentence, are a title, a label
 * or somebody's expression: the “Nautilus”, a bottle with “DRINK ME”.
 */
function isSpeech(text: string, { start, end }: Range): boolean {
  const inner = text.slice(start + 1, Math.min(end - 1, start + 200))
  if (end - start > 200 || /[.!?,…—–;:。！？，、～]\s*$/u.test(inner)) return true
  const before = text.slice(Math.max(0, start - 30), start)
  if (/[:：,，]\s*$/u.test(before) && !/\p{Script=Han}/u.test(inner)) return true
  if (/[:：]\s*$/u.test(before)) return true
  if (/[.!?…。！？]["”’»」』]?\s*$/u.test(before) && (end >= text.length || '「『'.includes(text[start]!)))
    return true
  if (/^\s*[,.!?;:—–。，！？]/u.test(text.slice(end, end + 4)) && before.trim() === '') return true
  // »Nein«, sagte er.
  if (/[.!?…]["”’»“«]?\s*$/u.test(before) && /^, ?\p{Ll}/u.test(text.slice(end, end + 4))) return true
  const words = /\p{Script=Han}/u.test(inner) ? inner.length / 2 : inner.trim().split(/\s+/).length
  return words > mostQuotedWords || before.trim() === ''
}

/** Italics that are whole sentences, outside of speech. */
function thoughtsIn(
  { text, marks = [] }: Pick<Block, 'text' | 'marks'>,
  spoken: readonly Range[],
): (Range & {
  kind: SpanKind
})[] {
  const thoughts: (Range & { kind: SpanKind })[] = []
  let at = 0
  let last = 0
  for (const { start, end, kind } of marks) {
    if (kind !== 'em' || start < last) continue
    while (at < spoken.length && spoken[at]!.end <= start) at++
    if (at < spoken.length && spoken[at]!.start < end) continue
    const words = text.slice(start, Math.min(end, start + 200))
    const begins = start === 0 || /[.!?…:,]["”’»]?\s*$/u.test(text.slice(Math.max(0, start - 4), start))
    if (!begins || !/[.!?…]$/u.test(text.slice(start, end).trimEnd().slice(-1)) || !/\s/u.test(words))
      continue
    thoughts.push({ start, end, kind: 'thought' })
    last = end
  }
  return thoughts
}

function tile(
  block: number,
  length: number,
  found: readonly (Range & { readonly kind?: SpanKind; readonly goesOn?: true })[],
): Span[] {
  const spans: Span[] = []
  let from = 0
  for (const { start, end, kind = 'speech', goesOn } of found.toSorted((a, b) => a.start - b.start)) {
    if (start > from) spans.push({ block, start: from, end: start, kind: 'narration' })
    spans.push({ block, start, end, kind, ...(goesOn && { goesOn }) })
    from = end
  }
  if (from < length) spans.push({ block, start: from, end: length, kind: 'narration' })
  return spans
}
