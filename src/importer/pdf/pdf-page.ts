/** A run of text as a PDF places it; units are points, `y` grows upwards from the page's foot. */
export interface PdfRun {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  /** Height of the font. */
  readonly size: number
}

/** A line of text. */
export interface PdfLine {
  readonly text: string
  /** Where it begins and ends. */
  readonly left: number
  readonly right: number
  /** Its base line. */
  readonly y: number
  readonly size: number
  /** Index of its page. */
  readonly page: number
}

/** The parts of a page's size by which a run belongs to a line, or not any more. */
const sameLine = 0.4
const wordGap = 0.18
const widestGap = 12

/** Joins runs, in the order in which the page draws them, to lines. */
export function linesOf(runs: readonly PdfRun[], page: number): PdfLine[] {
  const lines: PdfLine[] = []
  let open: { text: string; left: number; right: number; y: number; size: number; units: number } | undefined
  /** Of the open line: to read the end of a growing string would copy it each time. */
  let endsBlank = false
  const end = (): void => {
    const text = plainSigns(open?.text ?? '')
      .replaceAll(/\s+/g, ' ')
      .trim()
    if (open !== undefined && text !== '') {
      const { left, right, y, size } = open
      lines.push({ text, left, right, y, size, page })
    }
    open = undefined
  }
  for (const { text, x, y, width, size } of runs) {
    if (text === '') continue
    const blank = text.trim() === ''
    const gap = open === undefined ? 0 : x - open.right
    const continues =
      open !== undefined &&
      Math.abs(y - open.y) <= Math.max(size, open.size) * sameLine &&
      gap > -Math.max(size, 1) &&
      gap < size * widestGap
    if (!continues) end()
    if (open === undefined) {
      if (!blank) open = { text, left: x, right: x + width, y, size, units: text.length }
      endsBlank = text.endsWith(' ')
      continue
    }
    open.text += gap > size * wordGap && !endsBlank ? ` ${text}` : text
    endsBlank = text.endsWith(' ')
    if (blank) continue
    open.right = Math.max(open.right, x + width)
    // The size of most of its letters is the line's.
    if (text.length > open.units) [open.size, open.units] = [size, text.length]
  }
  end()
  return lines
}

/** Radicals and ligatures, which fonts draw for characters, as these characters. */
function plainSigns(text: string): string {
  return text.replaceAll(/[\u2e80-\u2fdf\ufb00-\ufb06]/gu, (sign) => sign.normalize('NFKC'))
}

/** Upward steps that a page drawn in reading order may have: its columns, head and foot. */
const mostJumps = 4

/**
 * Lines in reading order: as the page draws them, as most programs do; if it draws them in no order, from top to bottom,
 * and one column after the other.
 */
export function inReadingOrder(lines: readonly PdfLine[]): PdfLine[] {
  const jumps = lines.filter((line, index) => index > 0 && line.y > lines[index - 1]!.y + line.size).length
  if (jumps <= mostJumps) return [...lines]
  const sorted = lines.toSorted((a, b) => b.y - a.y || a.left - b.left)
  const gutter = gutterOf(sorted)
  if (gutter === undefined) return sorted
  // Between lines that cross the gutter (titles, wide pictures' words) stands first the left column, then the right.
  const ordered: PdfLine[] = []
  let [left, right]: [PdfLine[], PdfLine[]] = [[], []]
  for (const line of sorted) {
    if (line.left < gutter && line.right > gutter) {
      for (const each of [left, right, [line]]) for (const before of each) ordered.push(before)
      ;[left, right] = [[], []]
    } else (line.right <= gutter ? left : right).push(line)
  }
  return [...ordered, ...left, ...right]
}

/** Lines of a page that may cross the space between its columns, as a share; and how many each column has at least. */
const crossing = 0.15
const columnShare = 0.25

/** The least value; `Infinity` of none. */
export function least(lines: readonly PdfLine[], valueOf: (line: PdfLine) => number): number {
  return lines.reduce((min, line) => Math.min(min, valueOf(line)), Infinity)
}

/** Where a page is divided into two columns. */
function gutterOf(lines: readonly PdfLine[]): number | undefined {
  const from = least(lines, ({ left }) => left)
  const to = -least(lines, ({ right }) => -right)
  const steps = 40
  let best: { readonly at: number; readonly across: number } | undefined
  for (let step = steps * 0.35; step <= steps * 0.65; step++) {
    const at = from + ((to - from) * step) / steps
    const left = lines.filter((line) => line.right <= at).length
    const right = lines.filter((line) => line.left >= at).length
    const across = lines.length - left - right
    const fewest = lines.length * columnShare
    if (left >= fewest && right >= fewest && across < (best?.across ?? Infinity)) best = { at, across }
  }
  return best !== undefined && best.across <= lines.length * crossing ? best.at : undefined
}
