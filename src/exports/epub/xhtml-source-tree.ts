import { Parser } from 'htmlparser2'

/** An element of a document and where it stands in it: its tags are `[start, innerStart)` and `[innerEnd, end)`. */
export interface SourceElement {
  /** As it is written, with its prefix. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly parent: SourceElement | undefined
  readonly children: (SourceElement | SourceText)[]
  readonly start: number
  readonly innerStart: number
  innerEnd: number
  end: number
}

/** A run of text between two tags, as it is written. */
export interface SourceText {
  readonly parent: SourceElement
  readonly start: number
  end: number
}

/** The document's root, nameless; `undefined` if it is not well-formed or holds what cannot be marked (CDATA). */
export function parseXhtml(xhtml: string): SourceElement | undefined {
  if (xhtml.includes('<![CDATA[')) return undefined
  const root = elementAt('', {}, undefined, 0, 0)
  root.innerEnd = root.end = xhtml.length
  let at = root
  let wellFormed = true
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const element = elementAt(name, attributes, at, parser.startIndex, parser.endIndex + 1)
        at.children.push(element)
        at = element
      },
      ontext() {
        const [start, end] = [parser.startIndex, parser.endIndex + 1]
        const last = at.children.at(-1)
        if (last !== undefined && !('name' in last) && last.end === start) last.end = end
        else at.children.push({ parent: at, start, end })
      },
      onclosetag(_, implied) {
        const end = parser.endIndex + 1
        // An empty element's one tag is its beginning and its end; any other that is not closed is a fault.
        const empty = end === at.innerStart
        if (implied && !empty) wellFormed = false
        at.innerEnd = empty ? at.innerStart : parser.startIndex
        at.end = end
        at = at.parent ?? root
      },
    },
    { xmlMode: true, lowerCaseTags: false, recognizeSelfClosing: true },
  )
  parser.end(xhtml)
  const tags = xhtml.replaceAll(/<!--[^]*?-->/g, '').match(/<\/[A-Za-z]/g)?.length ?? 0
  return wellFormed && at === root && tags === closedTags(root) ? root : undefined
}

/** Elements with an end tag: a document with more end tags than these has some that end nothing. */
function closedTags(element: SourceElement): number {
  return element.children.reduce(
    (sum, child) => sum + ('name' in child ? closedTags(child) + (child.end > child.innerEnd ? 1 : 0) : 0),
    0,
  )
}

/** All text below, in order. */
export function* textsOf(element: SourceElement): Generator<SourceText> {
  for (const child of element.children) {
    if ('name' in child) yield* textsOf(child)
    else yield child
  }
}

/** All elements below of that name, prefix left out, in order. */
export function* elementsOf(element: SourceElement, name: string): Generator<SourceElement> {
  for (const child of element.children) {
    if (!('name' in child)) continue
    if (child.name.replace(/^.*:/, '') === name) yield child
    yield* elementsOf(child, name)
  }
}

function elementAt(
  name: string,
  attributes: Readonly<Record<string, string>>,
  parent: SourceElement | undefined,
  start: number,
  innerStart: number,
): SourceElement {
  return { name, attributes, parent, children: [], start, innerStart, innerEnd: innerStart, end: innerStart }
}
