import { elementsOf, parseXhtml, type SourceElement, type SourceText, textsOf } from './xhtml-source-tree.ts'

/** A sentence's position in an XHTML document. */
export interface SentencePosition {
  readonly id: string
  /** The offset of each of its characters in the document, ascending; -1 for a character that is not in it. */
  readonly offsets: readonly number[]
}

/** A `span` that holds a sentence or a part of it; `share`: its fraction of the sentence's characters, 0–1. */
export interface SentenceSpan {
  readonly id: string
  readonly share: number
}

export interface AnnotatedDocument {
  readonly xhtml: string
  /** The spans of each mark, by the mark's id, in order; none for a mark where no `span` is allowed. */
  readonly parts: ReadonlyMap<string, readonly SentenceSpan[]>
}

/**
 * Wraps each mark of a document in a `span` with its id; no existing character is changed. A mark that begins inside
 * one element and ends in another, or crosses lines of verse, becomes several spans. `styles`: hrefs of stylesheets to
 * add to the head. `undefined` for a document that is not well-formed, or not plain XHTML.
 */
export function wrapSentences(
  xhtml: string,
  marks: readonly SentencePosition[],
  styles: readonly string[],
): AnnotatedDocument | undefined {
  const root = parseXhtml(xhtml)
  const [head] = root ? elementsOf(root, 'head') : []
  const [body] = root ? elementsOf(root, 'body') : []
  if (head?.name !== 'head' || body?.name !== 'body' || hasOurIds(xhtml, marks)) return undefined
  const texts = [...textsOf(body)]
  const insertions: Insertion[] = styles.map((href) => ({
    at: head.innerEnd,
    text: `<link rel="stylesheet" type="text/css" href="${href}"/>`,
  }))
  const parts = new Map<string, SentenceSpan[]>()
  const runs = marks.map(({ offsets }) => textRunsOf(xhtml, texts, offsets))
  marks.forEach(({ id }, index) => {
    const own = runs[index]!
    const free = { from: runs[index - 1]?.at(-1)?.end ?? 0, to: nextStart(runs, index) }
    const spans = singleSpan(own, free) ?? own.filter(({ text }) => mayHoldSpan(text.parent))
    const whole = own.reduce((sum, { count }) => sum + count, 0)
    spans.forEach(({ start, end, count }, part) => {
      const name = part === 0 ? id : `${id}-${part + 1}`
      insertions.push({ at: start, text: `<span id="${name}">` }, { at: end, text: '</span>', closes: true })
      parts.set(id, [...(parts.get(id) ?? []), { id: name, share: count / whole }])
    })
  })
  return { xhtml: applyInsertions(xhtml, insertions), parts }
}

interface Insertion {
  readonly at: number
  readonly text: string
  readonly closes?: boolean
}

/** The part of a mark in one text node; `count`: its characters without white space. */
interface TextRun {
  readonly text: SourceText
  readonly start: number
  readonly end: number
  readonly count: number
}

function hasOurIds(xhtml: string, marks: readonly SentencePosition[]): boolean {
  const prefix = marks[0]?.id.replace(/\d.*$/, '')
  return prefix !== undefined && xhtml.includes(`id="${prefix}`)
}

function nextStart(runs: readonly (readonly TextRun[])[], index: number): number {
  return runs.slice(index + 1, index + 3).find(([first]) => first !== undefined)?.[0]?.start ?? Infinity
}

function textRunsOf(xhtml: string, texts: readonly SourceText[], offsets: readonly number[]): TextRun[] {
  const found = offsets.filter((offset) => offset >= 0 && !/\s/.test(xhtml[offset] ?? ' '))
  const runs: TextRun[] = []
  let index = textAt(texts, found[0] ?? 0)
  let current: { text: SourceText; start: number; last: number; count: number } | undefined
  const finish = (): void => {
    if (current !== undefined) runs.push({ ...current, end: endOfCharacter(xhtml, current.last) })
  }
  for (const offset of found) {
    while (texts[index] !== undefined && texts[index]!.end <= offset) index += 1
    const text = texts[index]
    if (text === undefined || offset < text.start) continue
    if (current?.text === text) {
      current.last = offset
      current.count += 1
    } else {
      finish()
      current = { text, start: offset, last: offset, count: 1 }
    }
  }
  finish()
  return runs
}

/** Index of the first text that ends after the offset, by binary search. */
function textAt(texts: readonly SourceText[], offset: number): number {
  let [low, high] = [0, texts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (texts[middle]!.end <= offset) low = middle + 1
    else high = middle
  }
  return low
}

/** The end of the character at an offset: a character reference counts as one, combining marks belong to it. */
function endOfCharacter(xhtml: string, offset: number): number {
  const character = /&(?:#\d+|#[xX][\da-fA-F]+|\w+);|[^]/uy
  character.lastIndex = offset
  const [found = ''] = character.exec(xhtml) ?? []
  const marks = /\p{M}*/uy
  marks.lastIndex = offset + found.length
  return marks.lastIndex + (marks.exec(xhtml)?.[0].length ?? 0)
}

/**
 * One span around all runs, if they and everything between them are phrasing content that a span may hold. It includes
 * the tags around its first and last run if no other mark is in there (`free`).
 */
function singleSpan(
  runs: readonly TextRun[],
  free: { from: number; to: number },
): Omit<TextRun, 'text'>[] | undefined {
  const [first, last] = [runs[0], runs.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const count = runs.reduce((sum, run) => sum + run.count, 0)
  const parent = commonParent(first.text, last.text)
  if (!mayHoldSpan(parent)) return undefined
  const [from, to] = [childOf(parent, first.text), childOf(parent, last.text)]
  const inside = parent.children.slice(parent.children.indexOf(from), parent.children.indexOf(to) + 1)
  if (!inside.every(isPhrasing)) return undefined
  const start = 'name' in from ? from.start : first.start
  const end = 'name' in to ? to.end : last.end
  if (start < free.from || end > free.to) return undefined
  return [{ start, end, count }]
}

function commonParent(first: SourceText, last: SourceText): SourceElement {
  let parent = first.parent
  while (last.start >= parent.end && parent.parent !== undefined) parent = parent.parent
  return parent
}

function childOf(parent: SourceElement, text: SourceText): SourceElement | SourceText {
  let child: SourceElement | SourceText = text
  while (child.parent !== undefined && child.parent !== parent) child = child.parent
  return child
}

/** HTML's phrasing content that may occur inside a sentence. */
const phrasing = new Set(
  `a abbr b bdi bdo br cite code data dfn em i img kbd mark q ruby rb rt rtc rp s samp small span strong sub sup time u
  var wbr`.split(/\s+/),
)

function isPhrasing(node: SourceElement | SourceText): boolean {
  return !('name' in node) || (phrasing.has(node.name) && node.children.every(isPhrasing))
}

/** Elements that may not contain a `span`: lists and tables contain items, rows and cells, `ruby` its parts. */
const restrictedContent = new Set(
  'ul ol dl table thead tbody tfoot tr colgroup hgroup menu ruby rtc select option textarea title'.split(' '),
)

function mayHoldSpan(parent: SourceElement): boolean {
  if (restrictedContent.has(parent.name)) return false
  for (let at: SourceElement | undefined = parent; at !== undefined; at = at.parent)
    if (/^(?:svg|math)$|:/.test(at.name)) return false
  return true
}

function applyInsertions(xhtml: string, insertions: readonly Insertion[]): string {
  // At the same offset a span is closed before the next one is opened.
  const sorted = insertions.toSorted(
    (a, b) => a.at - b.at || Number(b.closes ?? false) - Number(a.closes ?? false),
  )
  let out = ''
  let upTo = 0
  for (const { at, text } of sorted) {
    out += xhtml.slice(upTo, at) + text
    upTo = at
  }
  return out + xhtml.slice(upTo)
}
