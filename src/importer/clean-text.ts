import type { Block } from '../novel/novel.ts'

const whiteSpace = /[\s\u0085]/g
/** Looked for, rather than a text of all others matched: a loop over millions of characters can be too deep for V8. */
const notPlain =
  /[^\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ufdff]/
const windows1252 = new TextDecoder('windows-1252')

/**
 * Normalizes text for blocks: white space runs become one space; control characters and invisible ones (soft hyphens,
 * word joiners, direction marks) are removed. `&#146;` is decoded as windows-1252, as browsers do.
 */
export function cleanText(raw: string): string {
  if (!notPlain.test(raw) && !raw.includes('  ')) return raw
  return singleSpaced(raw)
    .replaceAll(/[\u0080-\u009f]/g, (char) => windows1252.decode(Uint8Array.of(char.charCodeAt(0))))
    .replaceAll(/[\p{Cc}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu, '')
}

/** By halves: a run of millions is too long for an expression that repeats, whose depth V8 limits. */
function singleSpaced(raw: string): string {
  let text = raw.replaceAll(whiteSpace, ' ')
  while (text.includes('  ')) text = text.replaceAll('  ', ' ')
  return text
}

/** A text that is one line, such as a title: cleaned, NFC, without white space around it. */
export function cleanLine(raw: string): string {
  return cleanText(raw).trim().normalize('NFC')
}

/**
 * A block with its source positions. `trace` gives for each UTF-16 unit of the text the offset of its character in the
 * document (with named entities written out), -1 for white space that no single character produced.
 */
export interface TracedBlock extends Block {
  readonly trace?: readonly number[]
  /** The document's path in the archive. */
  readonly file?: string
}

/**
 * Maps each unit of an XML parser's text for `[first, last]` of a document to its source offset, or to that of its
 * reference.
 */
export function placesOf(data: string, first: number, last: number): number[] {
  const verbatim = data.length === last - first + 1
  return Array.from({ length: data.length }, (_, at) => (verbatim ? first + at : first))
}

/**
 * The trace of `clean`, which is `cleanText(raw)`; `places` are those of `raw`, undefined if it is not in the document.
 */
export function traceCleaned(raw: string, clean: string, places: readonly number[] | undefined): number[] {
  if (places === undefined) return Array.from({ length: clean.length }, () => -1)
  if (raw === clean) return [...places]
  const trace: number[] = []
  const special = /[\s\u0085]+|[^]/uy
  for (let at = 0; at < raw.length;) {
    const code = raw.charCodeAt(at)
    special.lastIndex = at
    // Fast path: ASCII letters, nearly all of the text, stay as they are.
    const piece = code > 0x20 && code < 0x7f ? raw[at]! : special.exec(raw)![0]
    const length = code > 0x20 && code < 0x7f ? 1 : cleanText(piece).length
    for (let unit = 0; unit < length; unit += 1) trace.push(places[at + Math.min(unit, piece.length - 1)]!)
    at += piece.length
  }
  if (trace.length !== clean.length) throw new Error(`${trace.length} places for ${clean.length} characters`)
  return trace
}

/** The trace of `composed`, the NFC of `text`: a composed character gets the offset of its first part. */
export function traceComposed(
  text: string,
  composed: string,
  trace: readonly number[],
): number[] | undefined {
  const moved: number[] = []
  let at = 0
  for (const [cluster] of text.matchAll(/[^]\p{M}*/gu)) {
    const { length } = cluster.normalize('NFC')
    for (let unit = 0; unit < length; unit += 1)
      moved.push(trace[at + Math.min(unit, cluster.length - 1)] ?? -1)
    at += cluster.length
  }
  // Hangul letters compose across grapheme clusters: such a block has no trace.
  return moved.length === composed.length ? moved : undefined
}

/** Appends to a trace. A spread call would overflow the stack for a paragraph of a million letters. */
export function extendTrace(trace: number[], places: readonly number[]): void {
  for (const place of places) trace.push(place)
}
