import { Parser } from 'htmlparser2'
import { cleanLine } from '../clean-text.ts'
import { Nesting } from './nesting.ts'

/** An element of a small XML document (container, package, nav, NCX). Names are local: without prefix, lower case. */
export interface XmlElement {
  readonly name: string
  /** By local name; an attribute without prefix wins over one with (`type` over `epub:type`). */
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly (XmlElement | string)[]
}

/** Real contents are 4 levels deep; deeper nesting than this is an attack on recursion. */
const maxDepth = 200

/**
 * Parses a document into a tree under a nameless element. Never throws for malformed XML; throws `novel.hostile` for
 * deep nesting.
 */
export function parseXml(xml: string): XmlElement {
  const root = { name: '', attributes: {}, children: [] as (XmlElement | string)[] }
  const open: { children: (XmlElement | string)[] }[] = [root]
  const nesting = new Nesting(maxDepth)
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        nesting.open()
        const element = { name: localName(name), attributes: localAttributes(attributes), children: [] }
        open.at(-1)?.children.push(element)
        open.push(element)
      },
      onclosetag() {
        nesting.close()
        if (open.length > 1) open.pop()
      },
      ontext(text) {
        open.at(-1)?.children.push(text)
      },
    },
    { xmlMode: true },
  )
  parser.end(writeOutEntities(xml))
  return root
}

export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase()
}

function localAttributes(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const local: Record<string, string> = {}
  for (const [name, value] of Object.entries(attributes))
    if (!name.includes(':') || attributes[localName(name)] === undefined) local[localName(name)] = value
  return local
}

export function childElements(element: XmlElement, name?: string): XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => typeof child !== 'string' && (name === undefined || child.name === name),
  )
}

/** All descendants of that name, in document order. */
export function descendants(element: XmlElement, name: string): XmlElement[] {
  return childElements(element).flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...descendants(child, name),
  ])
}

/**
 * The text of an element and its descendants, NFC, white space collapsed, without control characters and ruby readings.
 */
export function textOf(element: XmlElement): string {
  return cleanLine(rawText(element))
}

function rawText(element: XmlElement): string {
  return element.children
    .map((child) => {
      if (typeof child === 'string') return child
      if (child.name === 'rt' || child.name === 'rp') return ''
      if (child.name === 'br') return ' '
      return child.name === 'img' ? (child.attributes['alt'] ?? '') : rawText(child)
    })
    .join('')
}

const decoded = new Map<string, string>()

/** A `<` that opens no tag, as in `I <3 you` and `5 < 6`: browsers read it as text. */
const strayLess = /<(?![A-Za-z_:!?/\u0080-\uffff]|$)|<(?=\/\d)/g

/**
 * Replaces HTML's named characters (`&nbsp;`, `&eacute;`), which an XML parser does not know. Entities defined by a
 * document are never expanded, neither external nor nested: they stay as they are. A `<` that is no markup is escaped
 * as well.
 */
export function writeOutEntities(source: string): string {
  const xhtml = withoutStrayLess(source)
  if (!xhtml.includes('&')) return xhtml
  return xhtml.replaceAll(/&([A-Za-z][A-Za-z0-9]{1,31});/g, (reference: string, name: string) => {
    if (/^(?:amp|lt|gt|quot|apos)$/.test(name)) return reference
    let text = decoded.get(name)
    if (text === undefined) {
      text = decodeByHtml(reference)
      // Names come from the book: a hostile one could contain millions.
      if (decoded.size < 5000) decoded.set(name, text)
    }
    return text
  })
}

/** In a CDATA section every `<` is text already. */
function withoutStrayLess(xhtml: string): string {
  if (!xhtml.includes('<![CDATA[')) return xhtml.replaceAll(strayLess, '&lt;')
  return xhtml
    .split('<![CDATA[')
    .map((part, index) => {
      const end = index === 0 ? 0 : part.indexOf(']]>')
      return end < 0 ? part : part.slice(0, end) + part.slice(end).replaceAll(strayLess, '&lt;')
    })
    .join('<![CDATA[')
}

function decodeByHtml(reference: string): string {
  let text = ''
  const parser = new Parser({ ontext: (data) => (text += data) })
  parser.end(reference)
  // Decoded markup characters stay references: &LT; must not open a tag.
  return text === '<' ? '&lt;' : text === '&' ? '&amp;' : text
}
