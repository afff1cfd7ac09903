import { Parser } from 'htmlparser2'

/** An element with its offsets in the document: its tags are `[start, innerStart)` and `[innerEnd, end)`. */
export interface SourceElement {
  /** Qualified name, as in the source. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly parent: SourceElement | undefined
  readonly children: (SourceElement | SourceText)[]
  readonly start: number
  readonly innerStart: number
  innerEnd: number
  end: number
}

/** The text between two tags: `[start, end)` of the source, references not decoded. */
export interface SourceText {
  readonly parent: SourceElement
  readonly start: number
  end: number
}

/** The document node, with an empty name; `undefined` if the XHTML is not well-formed or contains CDATA. */
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
        // A self-closing tag both opens and closes; any other implied end tag means malformed XML.
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

/** The number of elements with an end tag; if the document has more end tags, some are unmatched. */
function closedTags(element: SourceElement): number {
  return element.children.reduce(
    (sum, child) => sum + ('name' in child ? closedTags(child) + (child.end > child.innerEnd ? 1 : 0) : 0),
    0,
  )
}

/** All descendant texts, in document order. */
export function* textsOf(element: SourceElement): Generator<SourceText> {
  for (const child of element.children) {
    if ('name' in child) yield* textsOf(child)
    else yield child
  }
}

/** All descendant elements with that local name, in document order. */
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
