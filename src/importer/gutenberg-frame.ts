/** A range `[start, end)` of a sequence of texts. */
interface TextRange {
  readonly start: number
  readonly end: number
}

/**
 * The text that Project Gutenberg puts around a book: header, licence, small print, credits and transcriber's notes.
 */
export interface GutenbergFrame {
  /** Ranges of the frame, sorted, without overlap; the text between them is the book. */
  readonly ranges: readonly TextRange[]
  readonly title: string | undefined
  readonly author: string | undefined
  /** As written in the header: `English`. */
  readonly language: string | undefined
}

const startMark = /^\W{0,6}(?:START OF (?:THE |THIS )?PROJECT GUTENBERG|END ?\*? ?(?:OF )?THE SMALL PRINT)/im
const endMark =
  /^\W{0,6}(?:(?:THE )?END OF (?:THE |THIS )?PROJECT GUTENBERG|START: ?FULL LICENSE|THE FULL PROJECT GUTENBERG(?:[™-]|-tm)? LICENSE|Updated editions will replace the previous|(?:This file should be named|Corrected editions of our e)|(?:Ende?|Fin|Fine) (?:dieses|de|del|of|di) (?:the |this |l['’])?Proje[ck]t Gutenberg|This site is full of FREE ebooks)/im
const headerLine =
  /Project Gutenberg|gutenberg\.(?:org|net|ca|net\.au)|\b(?:e-?book|e-?text) is for the use of any|^\W{0,4}(?:Title|Author|Editor|Illustrator|Translator|Release Date|Posting Date|Last Updated|Most recently updated|Language|Character set encoding|Edition|Original publication|Credits|Date (?:first )?(?:posted|most recently)|e-?Book No\.?)\b[^:]{0,40}:|Distributed Proofreaders Canada|\bFaded ?Page\b|copyright laws (?:are changing|in your country)|^\W*(?:#\d+ in our series)/i
const fromGutenberg = /Project Gutenberg|Distributed Proofreaders Canada|\bFaded ?Page\b/i
const credits =
  /^\W{0,6}(?:Produced by|E-?text (?:prepared|produced|scanned|transcribed) by|Prepared by|Scanned (?:and|by)\b|(?:This )?(?:e-?text|e-?book|file) (?:was )?(?:first )?(?:produced|prepared|transcribed|created|scanned) (?:by|from)|Transcribed (?:from|by)|HTML version by|An Anonymous Volunteer|(?:and )?(?:the )?(?:Online )?Distributed Proof|(?:The |This )?Project Gutenberg(?:['’]s)? (?:E-?(?:text|book)|has)|Note: (?:Project Gutenberg|Images of the original|This e-?book)|(?:Images?|This file was) (?:produced|generously|made available)|\(?(?:This (?:file|book) was )?produced from images|(?:We|I) (?:would like to )?thank|(?:Many|Special) thanks|Nous remercions)/i
const transcriber = /^\W{0,6}Transcriber(?:['’]?s?['’]?)? (?:End)?notes?\b/i
/** A transcriber's note in brackets, which ends with its paragraph. */
const bracketedNote = /^\s*[[{(]\s*Transcriber/i

/** Maximum lines of a header: usually some dozens, in old files with the small print some hundreds. */
const longestHeader = 800
/** Distance from the end, in lines or paragraphs, within which a closing transcriber's note may begin. */
const longestNote = { lines: 300, paragraphs: 40 }

/**
 * Finds Project Gutenberg's frame in the lines of a text or in the paragraphs of an EPUB; blank texts separate
 * paragraphs of lines. `undefined` if there is none. A file of several of its books has a frame between each two.
 */
export function findGutenbergFrame(texts: readonly string[]): GutenbergFrame | undefined {
  const starts = indicesOf(texts, startMark)
  const ends = indicesOf(texts, endMark)
  const header = starts.findLast(
    (index) => index < longestHeader && !ends.some((end) => end < index && isClosing(texts, end)),
  )
  const soft = header === undefined ? softHeader(texts) : undefined
  if (header === undefined && soft === undefined && ends.length === 0) return undefined
  const from = header === undefined ? (soft ?? 0) : afterCredits(texts, afterMark(texts, header))
  const ranges: { start: number; end: number }[] = from > 0 ? [{ start: 0, end: from }] : []
  const closings = ends.filter((index) => isClosing(texts, index))
  const openings = starts.filter((index) => !endMark.test(texts[index] ?? ''))
  for (let at = from; ;) {
    const start = firstFrom(closings, at) ?? firstFrom(ends, at)
    if (start === undefined) break
    const next = firstFrom(openings, start + 1)
    at = next === undefined ? texts.length : afterCredits(texts, afterMark(texts, next))
    ranges.push({ start: beforeNote(texts, ranges.at(-1)?.end ?? 0, start), end: at })
  }
  const head = texts.slice(0, ranges[0]?.start === 0 ? ranges[0].end : 0)
  const named = nameOf(head)
  return {
    ranges: withNotes(texts, ranges),
    title: field(head, 'Title') ?? named?.title,
    author: field(head, 'Author') ?? named?.author,
    language: field(head, 'Language'),
  }
}

/** Whether a text by itself is a frame line, wherever it stands: for documents that contain nothing else. */
export function isFrameText(text: string): boolean {
  return startMark.test(text) || endMark.test(text) || (fromGutenberg.test(text) && headerLine.test(text))
}

/** The first of these ascending numbers that is not below `from`. */
function firstFrom(numbers: readonly number[], from: number): number | undefined {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! < from) low = middle + 1
    else high = middle
  }
  return numbers[low]
}

function indicesOf(texts: readonly string[], mark: RegExp): number[] {
  const found: number[] = []
  texts.forEach((text, index) => {
    if (mark.test(text)) found.push(index)
  })
  return found
}

/** Whether the text is the END line itself, not a heading inside the licence. */
function isClosing(texts: readonly string[], index: number): boolean {
  return /\bEND OF (?:THE |THIS )?PROJECT GUTENBERG/i.test(texts[index] ?? '')
}

/**
 * The end of a header without a START line, recognized by paragraphs at the top that only Project Gutenberg writes.
 */
function softHeader(texts: readonly string[]): number | undefined {
  const first = texts.slice(0, 30).filter((text) => text.trim() !== '')
  if (!first.slice(0, 3).some((text) => text.length < 300 && fromGutenberg.test(text))) return undefined
  let end = 0
  for (let index = 0; index < Math.min(texts.length, longestHeader);) {
    const stop = paragraphEnd(texts, index)
    const paragraph = texts.slice(index, stop)
    const isHeader = paragraph.some(
      (text) => text.length < 2_000 && (headerLine.test(text) || credits.test(text)),
    )
    if (paragraph.length > 0 && !isHeader) break
    index = Math.max(stop, index + 1)
    end = index
  }
  return end > 0 ? end : undefined
}

function paragraphEnd(texts: readonly string[], from: number): number {
  let end = from
  while (end < texts.length && texts[end]?.trim() !== '') end += 1
  return end
}

/** The end of the START mark, which may run over several lines up to its closing asterisks. */
function afterMark(texts: readonly string[], header: number): number {
  const first = (texts[header] ?? '').trim()
  if (!first.startsWith('*')) return header + 1
  let index = header
  while (index < header + 3 && !/\*\s*$|^\*?\s*END/.test((texts[index] ?? '').trimEnd())) index += 1
  return (index < header + 3 ? index : header) + 1
}

/** The end of the paragraphs after the mark that credit the producers, and of the transcriber's note. */
function afterCredits(texts: readonly string[], from: number): number {
  let start = from
  for (;;) {
    while (start < texts.length && /^[\s*]*$/.test(texts[start] ?? '')) start += 1
    const text = texts[start] ?? ''
    if (start >= texts.length) return start
    if (transcriber.test(text)) start = afterNote(texts, start)
    else if (credits.test(text)) start = Math.max(paragraphEnd(texts, start), start + 1)
    else return start
  }
}

/** The end of a transcriber's note: its bracket or paragraph, or two blank lines if it has a heading of its own. */
function afterNote(texts: readonly string[], from: number): number {
  let end = paragraphEnd(texts, from)
  if (bracketedNote.test(texts[from] ?? '')) return end
  const isLine = texts.slice(from, from + 40).some((text) => text.trim() === '')
  if (!isLine) return (texts[from] ?? '').length > 40 ? from + 1 : from + 2
  while (end < texts.length && end < from + longestNote.lines) {
    let next = end
    while (next < texts.length && texts[next]?.trim() === '') next += 1
    // The note begins directly below its heading; two blank lines separate it from the book.
    const isHeading = end === from + 1 && (texts[from] ?? '').trim().length < 40
    if (!isHeading && next - end >= 2) return end
    if (next >= texts.length) return texts.length
    end = paragraphEnd(texts, next)
    if (isHeading && next - from > 2) return end
  }
  return end
}

/** The start of a closing transcriber's note directly above `end`, else `end`. */
function beforeNote(texts: readonly string[], from: number, end: number): number {
  const areLines = texts.slice(Math.max(0, end - 40), end).some((text) => text.trim() === '')
  const reach = areLines ? longestNote.lines : longestNote.paragraphs
  for (let index = end - 1; index >= Math.max(from, end - reach); index -= 1)
    if (transcriber.test(texts[index] ?? '') && !bracketedNote.test(texts[index] ?? '')) return index
  return end
}

/** Adds the bracketed transcriber's notes that stand between the ranges. */
function withNotes(texts: readonly string[], ranges: readonly TextRange[]): TextRange[] {
  const framed = new Uint8Array(texts.length)
  for (const { start, end } of ranges) framed.fill(1, start, end)
  const notes = texts.flatMap((text, index): TextRange[] => {
    if (framed[index] === 1 || !bracketedNote.test(text)) return []
    let end = index + 1
    while (end < index + longestNote.lines && (texts[end]?.trim() ?? '') !== '') end += 1
    const closed = texts.slice(index, end).findIndex((line) => /[\]})]\s*$/.test(line))
    return closed < 0 ? [] : [{ start: index, end: index + closed + 1 }]
  })
  return [...ranges, ...notes].toSorted((a, b) => a.start - b.start)
}

/** A field of the header with its indented continuation lines. */
function field(head: readonly string[], name: string): string | undefined {
  const at = head.findIndex((line) => line.trimStart().startsWith(`${name}:`))
  if (at < 0) return undefined
  let value = (head[at] ?? '').trimStart().slice(name.length + 1)
  for (let index = at + 1; /^\s+\S/.test(head[index] ?? ''); index += 1) value += ` ${head[index]?.trim()}`
  return value.replaceAll(/\s+/g, ' ').trim() || undefined
}

/** `The Project Gutenberg EBook of The Sea, by Anna Bell`. */
function nameOf(head: readonly string[]): { title: string; author: string | undefined } | undefined {
  for (const line of head.slice(0, 30)) {
    if (line.length > 300) continue
    const found =
      /Project Gutenberg(?:['’]s)?(?: (?:E-?(?:text|book)))?,?(?: of)? (.{1,150}?)(?:,? by (.{2,80}?))?[\s*.]*$/i.exec(
        line,
      )
    if (found?.[1] !== undefined && !/^(?:is|has|license|literary)\b/i.test(found[1]))
      return { title: found[1], author: found[2] }
  }
  return undefined
}
