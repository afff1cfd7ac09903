/** What Project Gutenberg puts around a text: its header, its licence, and who made the file. */
export interface GutenbergFrame {
  /** The lines of the book itself: `[start, end)`. */
  readonly start: number
  readonly end: number
  readonly title: string | undefined
  readonly author: string | undefined
  /** As it is written there: `English`. */
  readonly language: string | undefined
}

const startMark = /^(?:\*{3} ?START OF (?:THE |THIS )?PROJECT GUTENBERG|\*? ?END ?\*? ?THE SMALL PRINT)/i
const endMark = /^(?:\*{3} ?END OF (?:THE |THIS )?PROJECT GUTENBERG|End of (?:the |this )?Project Gutenberg)/i
const credits =
  /^\s*(?:Produced by|E-?text prepared by|(?:This )?(?:e-?text|e-?book|file) (?:was )?(?:produced|prepared|transcribed) by|Transcribed from|HTML version by|An Anonymous Volunteer|(?:Online )?Distributed Proof|\[?Transcriber['’]s note|The Project Gutenberg E(?:text|book))/i

/** Headers are some dozens of lines, and old ones with the small print some hundreds. */
const longestHeader = 800

/** Finds the frame; `undefined` if the text is not Project Gutenberg's. */
export function findGutenbergFrame(lines: readonly string[]): GutenbergFrame | undefined {
  const header = lines.slice(0, longestHeader).findLastIndex((line) => startMark.test(line.trim()))
  const foot = lines.findIndex((line, index) => index > Math.max(header, 0) && endMark.test(line.trim()))
  if (header < 0 && foot < 0) return undefined
  const head = lines.slice(0, header + 1)
  const end = foot < 0 ? lines.length : foot
  return {
    start: header < 0 ? 0 : afterCredits(lines, afterMark(lines, header), end),
    end,
    title: field(head, 'Title'),
    author: field(head, 'Author'),
    language: field(head, 'Language'),
  }
}

/** The mark may run over several lines, up to its closing asterisks. */
function afterMark(lines: readonly string[], header: number): number {
  let index = header
  while (index < header + 3 && !/\*{3}\s*$|^\*?\s*END/.test(lines[index] ?? '')) index += 1
  return index + 1
}

/** The paragraphs right after the mark that thank those who made the file. */
function afterCredits(lines: readonly string[], from: number, end: number): number {
  let start = from
  for (;;) {
    while (start < end && /^[\s*]*$/.test(lines[start] ?? '')) start += 1
    if (start >= end || !credits.test(lines[start] ?? '')) return start
    while (start < end && lines[start]?.trim() !== '') start += 1
  }
}

/** A field of the header, with the indented lines that continue it. */
function field(head: readonly string[], name: string): string | undefined {
  const at = head.findIndex((line) => line.startsWith(`${name}:`))
  if (at < 0) return undefined
  let value = (head[at] ?? '').slice(name.length + 1)
  for (let index = at + 1; /^\s+\S/.test(head[index] ?? ''); index += 1) value += ` ${head[index]?.trim()}`
  return value.replaceAll(/\s+/g, ' ').trim() || undefined
}
