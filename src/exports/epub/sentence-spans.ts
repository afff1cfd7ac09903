import { elementsOf, textsOf, parseXhtml, type SourceElement, type SourceText } from './xhtml-source-tree.ts'

/** A sentence to be found again in a document. */
export interface SentencePosition {
  readonly id: string
  /** Where its characters stand, growing; -1 where none does. */
  readonly offsets: readonly number[]
}

/** An element that is (a part of) a sentence, and how much of its characters it holds: 0–1. */
export interface SentenceSpan {
  readonly id: string
  readonly share: number
}

export interface AnnotatedDocument {
  readonly xhtml: string
  /** By the mark's id, in order. A mark that stands where no element may be has none. */
  readonly parts: ReadonlyMap<string, readonly SentenceSpan[]>
}

/**
 * A document with each mark in a `span` that carries its id, inserted at its offsets; no character is changed. A mark
 * that begins inside one element and ends in another, or crosses lines of verse, becomes several spans. `styles`: hrefs of
 * stylesheets for its head. `undefined` for a document that is not well-formed, or not plain XHTML.
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

/** What of a mark stands in one run of text. */
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

/** Texts are looked through by halving: a mark begins anywhere. */
function textRunsOf(xhtml: string, texts: readonly SourceText[], places: readonly number[]): TextRun[] {
  const found = places.filter((place) => place >= 0 && !/\s/.test(xhtml[place] ?? ' '))
  const runs: TextRun[] = []
  let index = textAt(texts, found[0] ?? 0)
  let current: { text: SourceText; start: number; last: number; count: number } | undefined
  const finish = (): void => {
    if (current !== undefined) runs.push({ ...current, end: endOfCharacter(xhtml, current.last) })
  }
  for (const place of found) {
    while (texts[index] !== undefined && texts[index]!.end <= place) index += 1
    const text = texts[index]
    if (text === undefined || place < text.start) continue
    if (current?.text === text) {
      current.last = place
      current.count += 1
    } else {
      finish()
      current = { text, start: place, last: place, count: 1 }
    }
  }
  finish()
  return runs
}

function textAt(texts: readonly SourceText[], place: number): number {
  let [low, high] = [0, texts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (texts[middle]!.end <= place) low = middle + 1
    else high = middle
  }
  return low
}

/** A reference is one character, and a letter ends after its combining marks. */
function endOfCharacter(xhtml: string, place: number): number {
  const character = /&(?:#\d+|#[xX][\da-fA-F]+|\w+);|[^]/uy
  character.lastIndex = place
  const [found = ''] = character.exec(xhtml) ?? []
  const marks = /\p{M}*/uy
  marks.lastIndex = place + found.length
  return marks.lastIndex + (marks.exec(xhtml)?.[0].length ?? 0)
}

/**
 * One span around all runs, where they and what stands between them are whole elements that a span may hold. It reaches
 * out to the tags around its first and last run if nothing of another mark is in there (`free`).
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

/** HTML's phrasing content that may stand in the middle of a sentence. */
const phrasing = new Set(
  `a abbr b bdi bdo br cite code data dfn em i img kbd mark q ruby rb rt rtc rp s samp small span strong sub sup time u
  var wbr`.split(/\s+/),
)

function isPhrasing(node: SourceElement | SourceText): boolean {
  return !('name' in node) || (phrasing.has(node.name) && node.children.every(isPhrasing))
}

/** Elements whose content is not open to a span: lists and tables hold items, rows and cells, `ruby` its parts. */
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
  // At the same place a span is closed before the next one is opened.
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
