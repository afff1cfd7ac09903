/** Consecutive lines `[start, end)` of a text. */
export interface LineGroup {
  readonly start: number
  readonly end: number
}

/** How a text sets its paragraphs. */
export interface Layout {
  /** Column at which lines are wrapped; undefined if each line is a paragraph. */
  readonly width: number | undefined
  readonly wrapped: boolean
  /** Groups are paragraphs: separated by blank lines or, in a wrapped text, by short lines and indents. */
  readonly spaced: boolean
  /** Blank lines separate its paragraphs or surround its headings. */
  readonly blanks: boolean
}

const cjk = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/
const sentenceEnd = /[.!?…:。！？：][\s"“”'‘’«»」』）)\]_*]*$/

/**
 * Detects the layout. A text is wrapped if its lines end where the next word would not have fitted, or inside a
 * sentence. Lines shorter than half the width are ignored: verse, lists, ends of paragraphs.
 */
export function layoutOf(lines: readonly string[]): Layout {
  const lengths = lines.map((line) => line.trimEnd().length)
  let filled = 0
  let runs = 0
  const followed: number[] = []
  lengths.forEach((length, index) => {
    if (length === 0) return
    filled += 1
    if ((lengths[index + 1] ?? 0) > 0) followed.push(length)
    else runs += 1
  })
  const width = percentile(followed, 0.95)
  let counted = 0
  let full = 0
  let continuing = 0
  lengths.forEach((length, index) => {
    const next = lines[index + 1]
    if (next === undefined || (lengths[index + 1] ?? 0) === 0 || length < width / 2 || length === 0) return
    counted += 1
    const goesOn = continuesOnNextLine(lines[index] ?? '', next)
    if (goesOn) continuing += 1
    if (isFullLine(lines[index] ?? '', next, width)) full += 1
  })
  const overlong = lengths.filter((length) => length > Math.max(width * 1.5, 100)).length
  const wrapped =
    width >= 16 &&
    counted >= 2 &&
    full >= counted * 0.6 &&
    continuing >= counted * 0.3 &&
    overlong <= filled * 0.02
  // Wrapped paragraphs are long; if each line is a paragraph, blank lines are between most of them, or have no meaning.
  const blanks = runs * (wrapped ? 20 : 2) > filled
  return { width: wrapped ? width : undefined, wrapped, spaced: wrapped || blanks, blanks }
}

function percentile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0
}

/** Width in characters; scripts without spaces break anywhere. */
function firstWord(line: string): number {
  const text = line.trimStart()
  if (cjk.test(text.charAt(0))) return 1
  const end = text.slice(0, 60).search(/\s/)
  return end < 0 ? Math.min(text.length, 60) : end
}

/** Whether a line was wrapped: the next line continues its sentence, or its first word would not have fitted. */
export function isFullLine(line: string, next: string | undefined, width: number): boolean {
  return (
    next !== undefined &&
    (continuesOnNextLine(line, next) || line.trimEnd().length + 1 + firstWord(next) > width)
  )
}

/** Whether the line ends inside a sentence that the next one continues. */
export function continuesOnNextLine(line: string, next: string): boolean {
  const end = line.slice(-24)
  if (sentenceEnd.test(end)) return false
  if (/^\p{Ll}/u.test(next)) return true
  return cjk.test(next.charAt(0)) && cjk.test(line.trimEnd().slice(-1))
}

/**
 * Groups lines between blank ones; if blank lines have no meaning, each line. In a wrapped text a first-line indent
 * begins a paragraph too.
 */
export function groupLines(lines: readonly string[], layout: Layout): LineGroup[] {
  const groups: LineGroup[] = []
  let start = -1
  const end = (at: number): void => {
    if (start >= 0) {
      if (!layout.spaced)
        for (let line = start; line < at; line += 1) groups.push({ start: line, end: line + 1 })
      else if (!layout.wrapped) groups.push({ start, end: at })
      else if (layout.blanks) addAtIndents(groups, lines, start, at)
      else addParagraphs(groups, lines, start, at, layout.width ?? 0)
    }
    start = -1
  }
  lines.forEach((line, index) => {
    if (line.trim() === '') end(index)
    else if (start < 0) start = index
  })
  end(lines.length)
  return groups
}

function addAtIndents(groups: LineGroup[], lines: readonly string[], start: number, end: number): void {
  const indented: number[] = []
  for (let index = start; index < end; index += 1) if (/^\s/.test(lines[index] ?? '')) indented.push(index)
  // Only lines with the first-line indent of prose: few of them, the first among them.
  if (indented[0] !== start || indented.length < 2 || indented.length * 2 > end - start)
    groups.push({ start, end })
  else indented.forEach((at, index) => groups.push({ start: at, end: indented[index + 1] ?? end }))
}

/** Splits without blank lines: a paragraph ends where the next word would have fitted, and begins at an indent. */
function addParagraphs(
  groups: LineGroup[],
  lines: readonly string[],
  start: number,
  end: number,
  width: number,
): void {
  let from = start
  for (let index = start; index + 1 < end; index += 1) {
    const [line = '', next = ''] = [lines[index], lines[index + 1]]
    const indent = /^\s{1,12}(?=\S)/.test(next) && !/^\s/.test(line)
    const fits =
      line.trimEnd().length + 1 + firstWord(next) <= width - (cjk.test(next.trimStart().charAt(0)) ? 2 : 0)
    if (!indent && (!fits || continuesOnNextLine(line, next))) continue
    groups.push({ start: from, end: index + 1 })
    from = index + 1
  }
  groups.push({ start: from, end })
}
