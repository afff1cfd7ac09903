import { least, type PdfLine } from './pdf-page.ts'

/** What a book's pages have in common. */
export interface PdfMeasure {
  /** Height of the font of most of the text. */
  readonly size: number
  /** Distance of base lines in it. */
  readonly pitch: number
  /** Sizes of headings, the largest first; their index is their level. */
  readonly headings: readonly number[]
}

/** Sizes from which a line is a heading, over the size of the text. */
const headingRatio = 1.18
/** Of more sizes the smaller are one level. */
const mostLevels = 4
const longestHeading = 200

/** Height of the font of most of the text. */
export function textSize(lines: readonly PdfLine[]): number {
  const size = mostly(
    lines,
    (line) => round(line.size),
    ({ text }) => text.length,
  )
  return size ?? 10
}

/** Measures lines without furniture. */
export function measure(lines: readonly PdfLine[]): PdfMeasure {
  const size = textSize(lines)
  const steps = lines.flatMap((line, index) => {
    const before = lines[index - 1]
    return before?.page === line.page && before.y > line.y && round(line.size) === size
      ? [round(before.y - line.y)]
      : []
  })
  const pitch =
    mostly(
      steps,
      (step) => step,
      () => 1,
    ) ?? size * 1.2
  const sizes = new Map<number, number>()
  for (const line of lines)
    if (isLarge(line, size) && line.text.length <= longestHeading)
      sizes.set(round(line.size), (sizes.get(round(line.size)) ?? 0) + 1)
  return { size, pitch, headings: [...sizes.keys()].toSorted((a, b) => b - a) }
}

const round = (value: number): number => Math.round(value * 2) / 2

/** The value that most of the weight has. */
function mostly<Item>(
  items: readonly Item[],
  valueOf: (item: Item) => number,
  weightOf: (item: Item) => number,
): number | undefined {
  const weights = new Map<number, number>()
  for (const item of items) weights.set(valueOf(item), (weights.get(valueOf(item)) ?? 0) + weightOf(item))
  return [...weights].reduce<readonly [number, number] | undefined>(
    (most, each) => (most === undefined || each[1] > most[1] ? each : most),
    undefined,
  )?.[0]
}

/** Whether a line is set as a heading is, over text of a size. */
export function isLarge(line: PdfLine, size: number): boolean {
  return line.size >= size * headingRatio
}

/** The level of a heading, from 1; 0 for text. */
export function headingLevelOf(line: PdfLine, { size, headings }: PdfMeasure): number {
  if (!isLarge(line, size) || line.text.length > longestHeading) return 0
  // A single large letter begins a paragraph.
  if (/^\p{L}$/u.test(line.text)) return 0
  const index = headings.indexOf(round(line.size))
  return index < 0 ? 0 : Math.min(mostLevels, index + 1)
}

/** Left and right border of the text on a page; columns have their own. */
export interface PdfColumn {
  readonly left: number
  readonly right: number
}

/** Lines of a page of which columns are told apart: real ones have a hundred. */
const mostLines = 2_000

/** The borders of the column that each line of a page stands in. */
export function columnsOf(page: readonly PdfLine[], { size }: PdfMeasure): (line: PdfLine) => PdfColumn {
  const bordersOf = (lines: readonly PdfLine[]) => ({
    left: leftBorder(lines),
    right: -least(lines, ({ right }) => -right),
  })
  const whole = page.length > mostLines ? bordersOf(page) : undefined
  return (line) => {
    const { left = line.left, right } =
      whole ?? bordersOf(page.filter((other) => other.left < line.right && other.right > line.left))
    return { left: Math.min(left, line.left + size * 4), right }
  }
}

/** Where most lines begin; of indented first lines there may be as many on a page of short paragraphs. */
function leftBorder(lines: readonly PdfLine[]): number | undefined {
  const counts = new Map<number, number>()
  for (const { left } of lines) counts.set(Math.round(left), (counts.get(Math.round(left)) ?? 0) + 1)
  let most = 0
  for (const count of counts.values()) most = Math.max(most, count)
  let border: number | undefined
  for (const [left, count] of counts) if (count * 2 >= most) border = Math.min(left, border ?? left)
  return border
}

/** An indentation, or a line that ends early, over the font's size. */
const indent = 0.7
const early = 3
/** A gap between paragraphs, over the distance of lines. */
const wideGap = 1.35

const endsSentence = /[.!?…:;。！？」』”’"'»)\]—–-]$/u

/** Whether a paragraph begins with `line`, which follows `before`. */
export function beginsParagraph(
  line: PdfLine,
  column: PdfColumn,
  before: PdfLine,
  columnBefore: PdfColumn,
  { size, pitch }: PdfMeasure,
): boolean {
  if (Math.abs(line.size - before.size) > size * 0.12 && !/^\p{L}$/u.test(before.text)) return true
  const sameColumn = line.page === before.page && before.y > line.y
  if (sameColumn && before.y - line.y > pitch * wideGap) return true
  const isIndented = line.left - column.left > size * indent
  const wasIndented = before.left - columnBefore.left > size * indent
  if (isIndented && !wasIndented) return true
  const endedEarly = before.right < columnBefore.right - size * early
  if (endedEarly && endsSentence.test(before.text)) return true
  return isIndented && wasIndented && endedEarly
}
