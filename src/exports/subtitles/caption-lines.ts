/** `[start, end)` of a text, in UTF-16 units. */
export interface TextSpan {
  readonly start: number
  readonly end: number
}

/** Columns of a line, the usual limit of subtitles. A CJK character takes two. */
const maxColumns = 42

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/
/** Scripts without spaces, whose words need a dictionary. */
const unspaced = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const neverFirst = /[\p{Pe}\p{Pf}\p{Po}ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ]/u
const neverLast = /[\p{Ps}\p{Pi}]/u

/**
 * Divides a sentence into screens of one or two lines of at most 42 columns. Lines of verse (`\n`) stay lines; longer
 * text is broken between words, after punctuation where it is near.
 */
export function captionScreens(text: string): TextSpan[][] {
  const screens: TextSpan[][] = []
  let pending: TextSpan[] = []
  const flush = (): void => {
    if (pending.length > 0) screens.push(pending)
    pending = []
  }
  const measured = new MeasuredText(text)
  for (const { index, 0: row } of text.matchAll(/[^\n]+/g)) {
    const line = measured.trim(index, index + row.length)
    if (line.end === line.start) continue
    if (measured.width(line.start, line.end) > maxColumns) {
      flush()
      screens.push(...proseScreens(measured, line))
    } else {
      pending.push(line)
      if (pending.length === 2) flush()
    }
  }
  flush()
  return screens
}

function proseScreens(text: MeasuredText, { start, end }: TextSpan): TextSpan[][] {
  const screens: TextSpan[][] = []
  for (let at = start; at < end;) {
    const rest = oneOrTwoLines(text, at, end)
    if (rest !== undefined) return [...screens, rest]
    const width = text.width(at, end)
    const ideal = width / Math.ceil(width / (maxColumns * 1.8))
    let best: { readonly lines: TextSpan[]; readonly breakAt: number; readonly cost: number } | undefined
    for (const breakAt of text.breakOpportunities(at, end)) {
      if (text.width(at, breakAt) > maxColumns * 2 + 1) break
      const lines = oneOrTwoLines(text, at, breakAt)
      const cost = Math.abs(text.width(at, breakAt) - ideal) - text.breakQuality(breakAt) * 12
      if (lines !== undefined && (best === undefined || cost < best.cost)) best = { lines, breakAt, cost }
    }
    const next = best ?? breakAnywhere(text, at, end)
    screens.push(next.lines)
    at = next.breakAt
  }
  return screens
}

/** The text in one line, else in two of about the same length; `undefined` if it is too long for two. */
function oneOrTwoLines(text: MeasuredText, from: number, to: number): TextSpan[] | undefined {
  const whole = text.trim(from, to)
  if (text.width(whole.start, whole.end) <= maxColumns) return [whole]
  if (text.width(whole.start, whole.end) > maxColumns * 2 + 1) return undefined
  let best: { readonly lines: TextSpan[]; readonly cost: number } | undefined
  for (const breakAt of text.breakOpportunities(whole.start, whole.end)) {
    const lines = [text.trim(whole.start, breakAt), text.trim(breakAt, whole.end)]
    const widths = lines.map(({ start, end }) => text.width(start, end)) as [number, number]
    if (Math.max(...widths) > maxColumns) continue
    const cost = Math.abs(widths[0] - widths[1]) - text.breakQuality(breakAt) * 16
    if (best === undefined || cost < best.cost) best = { lines, cost }
  }
  return best?.lines
}

/** Text without a break opportunity (a URL, say) is cut at the last grapheme that fits. */
function breakAnywhere(text: MeasuredText, at: number, end: number): { lines: TextSpan[]; breakAt: number } {
  let breakAt = at
  for (const { index, segment } of new Intl.Segmenter().segment(text.text.slice(at, end))) {
    const next = at + index + segment.length
    if (breakAt > at && text.width(at, next) > maxColumns) break
    breakAt = next
  }
  return { lines: [text.trim(at, breakAt)], breakAt }
}

/** A text with prefix sums of its widths, so that any range is measured in constant time. */
class MeasuredText {
  readonly text: string
  readonly #widths: Uint32Array
  readonly #breaks: readonly number[]

  constructor(text: string) {
    this.text = text
    this.#widths = new Uint32Array(text.length + 1)
    for (let at = 0; at < text.length; at += 1)
      this.#widths[at + 1] = this.#widths[at]! + (wide.test(text[at]!) ? 2 : 1)
    this.#breaks = breakOpportunitiesIn(text)
  }

  /** Width of a range in columns. */
  width(start: number, end: number): number {
    return this.#widths[end]! - this.#widths[start]!
  }

  /** The offsets inside a range at which a new line may begin. */
  breakOpportunities(start: number, end: number): readonly number[] {
    return this.#breaks.filter((offset) => offset > start && offset < end)
  }

  /** 2 after the end of a sentence, 1 after a comma, 0 elsewhere. */
  breakQuality(offset: number): number {
    const before = this.text.slice(Math.max(0, offset - 4), offset)
    if (/[.!?…。！？]["'”’»)]*\s?$/.test(before)) return 2
    return /[,;:–—、，；：]["'”’»)]*\s?$/.test(before) ? 1 : 0
  }

  /** The range without white space at both ends. */
  trim(start: number, end: number): TextSpan {
    let [from, to] = [start, end]
    while (from < to && /\s/.test(this.text[from]!)) from += 1
    while (to > from && /\s/.test(this.text[to - 1]!)) to -= 1
    return { start: from, end: to }
  }
}

function breakOpportunitiesIn(text: string): number[] {
  const words = unspaced.test(text) ? new Set(wordStarts(text)) : undefined
  const offsets: number[] = []
  for (let at = 1; at < text.length; at += 1) {
    const [before, after] = [text[at - 1]!, text[at]!]
    const afterSpace = /\s/.test(before)
    if (/\s/.test(after) || (afterSpace ? /[!?;:»%]/ : neverFirst).test(after)) continue
    const breaks =
      afterSpace ||
      (/[-‐–—]/.test(before) && /\p{L}/u.test(after) && /\p{L}/u.test(text[at - 2] ?? '')) ||
      ((wide.test(before) || wide.test(after)) && !neverLast.test(before)) ||
      words?.has(at) === true
    if (breaks) offsets.push(at)
  }
  return offsets
}

function wordStarts(text: string): number[] {
  return [...new Intl.Segmenter('th', { granularity: 'word' }).segment(text)].map(({ index }) => index)
}
