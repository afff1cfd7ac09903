/** Lines of a text that stand together. Offsets are line numbers, `[start, end)`. */
export interface LineGroup {
  readonly start: number
  readonly end: number
}

/** How a text sets its paragraphs. */
export interface Layout {
  /** Lines are broken at some width, and paragraphs stand between blank lines. */
  readonly wrapped: boolean
  /** Blank lines stand between its paragraphs or around its headings. */
  readonly spaced: boolean
}

/**
 * Wrapped are texts in which over 60 % of the lines have 55–80 characters, or of the lines that another one follows: a book
 * full of short answers has many short last lines.
 */
export function layoutOf(lines: readonly string[]): Layout {
  let filled = 0
  let wide = 0
  let followed = 0
  let followedWide = 0
  let overlong = 0
  lines.forEach((line, index) => {
    const length = line.trim().length
    if (length === 0) return
    const isWide = length >= 55 && length <= 80
    filled += 1
    if (isWide) wide += 1
    if (length > 100) overlong += 1
    if ((lines[index + 1] ?? '').trim() === '') return
    followed += 1
    if (isWide) followedWide += 1
  })
  const blank = lines.length - filled
  const mostlyWide = wide > filled * 0.6 || (followed > filled * 0.3 && followedWide > followed * 0.6)
  // Paragraphs of broken lines are long; where each line is one, blank lines stand between most, or mean nothing.
  const spaced = mostlyWide ? blank * 20 > filled : blank * 4 > filled
  return { wrapped: spaced && mostlyWide && overlong < filled * 0.02, spaced }
}

/** The lines between blank ones. In a wrapped text a first-line indent begins a paragraph too. */
export function groupLines(lines: readonly string[], layout: Layout): LineGroup[] {
  const groups: LineGroup[] = []
  let start = -1
  const end = (at: number): void => {
    if (start >= 0) groups.push(...(layout.wrapped ? atIndents(lines, start, at) : [{ start, end: at }]))
    start = -1
  }
  lines.forEach((line, index) => {
    if (line.trim() === '') end(index)
    else if (start < 0) start = index
  })
  end(lines.length)
  return groups
}

function atIndents(lines: readonly string[], start: number, end: number): LineGroup[] {
  const indented: number[] = []
  for (let index = start; index < end; index += 1) if (/^\s/.test(lines[index] ?? '')) indented.push(index)
  // Only lines set in by the first-line indent of prose: few of them, the first among them.
  if (indented[0] !== start || indented.length < 2 || indented.length * 2 > end - start)
    return [{ start, end }]
  return indented.map((at, index) => ({ start: at, end: indented[index + 1] ?? end }))
}
