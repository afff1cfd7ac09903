import { type ChildNode, type Document, type Element, isTag, isText, type Text } from 'domhandler'

/** A text of a page, with what tells whether it is of what the page is about. */
export interface PageText {
  readonly node: Text
  /** Whether it reads like a sentence of a paragraph, outside of links and of what stands around articles. */
  readonly isProse: boolean
  readonly length: number
  /** The heading that it stands in. */
  readonly heading: Element | undefined
}

/** Elements without text that is read. */
const silent = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'iframe',
  'object',
  'head',
  'select',
])
/** Elements and names of what stands around an article. */
const around = new Set(['nav', 'footer', 'aside', 'form', 'button', 'menu', 'dialog'])
const aroundNames =
  /comment|disqus|repl(?:y|ies)|related|recommend|sidebar|footer|\bnav|menu|share|social|promo|cookie|consent|newsletter|subscri|banner|breadcrumb/i
/** Characters of a text that is more than a label. */
const proseLength = 60
/** Pages of people nest less than 100 elements. */
const deepest = 400

/** The texts of a page in their order; `undefined`: it nests too deep. */
export function pageTexts(page: Document): PageText[] | undefined {
  const texts: PageText[] = []
  const walk = (
    nodes: readonly ChildNode[],
    depth: number,
    inLabel: boolean,
    heading: Element | undefined,
  ): boolean => {
    if (depth > deepest) return false
    for (const node of nodes) {
      if (isText(node)) {
        const { length } = node.data.replaceAll(/\s+/g, ' ').trim()
        if (length > 0)
          texts.push({ node, length, heading, isProse: !inLabel && !heading && length >= proseLength })
      } else if (isTag(node) && !silent.has(node.name)) {
        const label = inLabel || node.name === 'a' || isAround(node)
        const title = /^h[1-6]$/.test(node.name) ? node : heading
        if (!walk(node.children, depth + 1, label, title)) return false
      }
    }
    return true
  }
  return walk(page.children, 0, false, undefined) ? texts : undefined
}

function isAround({ name, attribs }: Element): boolean {
  if (around.has(name)) return true
  if (name === 'body' || name === 'html' || name === 'article' || name === 'main') return false
  return aroundNames.test(`${attribs['class'] ?? ''} ${attribs['id'] ?? ''} ${attribs['role'] ?? ''}`)
}

/** What `readable` marks texts with. */
const stamp = 'data-text'

/** Attributes by which Readability tells what an element is. */
const telling = new Set(
  'id class role rel style hidden aria-hidden aria-modal itemprop itemtype itemscope href name property content lang dir type datetime'.split(
    ' ',
  ),
)
const childless = new Set([
  'br',
  'hr',
  'img',
  'meta',
  'link',
  'input',
  'wbr',
  'col',
  'base',
  'source',
  'area',
])

/** The page as well-formed markup, in which each text has a number. */
export function readable(page: Document, texts: readonly PageText[]): string {
  const numbers = new Map(texts.map(({ node }, index) => [node, index]))
  const parts: string[] = []
  const write = (nodes: readonly ChildNode[], inHead: boolean): void => {
    for (const node of nodes) {
      if (isText(node)) {
        const number = numbers.get(node)
        parts.push(
          number === undefined || inHead
            ? escaped(node.data)
            : `<span ${stamp}="${number}">${escaped(node.data)}</span>`,
        )
      } else if (isTag(node)) {
        const isHead = node.name === 'head'
        if (silent.has(node.name) && !isHead) continue
        const name = /^[a-z][a-z0-9]*$/.test(node.name) ? node.name : 'span'
        parts.push(`<${name}`)
        for (const [key, value] of Object.entries(node.attribs))
          if (telling.has(key)) parts.push(` ${key}="${escaped(value)}"`)
        if (childless.has(name)) parts.push('/>')
        else {
          parts.push('>')
          write(node.children, inHead || isHead)
          parts.push(`</${name}>`)
        }
      }
    }
  }
  write(page.children, false)
  return parts.join('')
}

/** The numbers of the texts that are in markup which was made of `readable`. */
export function textsIn(markup: string): Set<number> {
  return new Set(Array.from(markup.matchAll(/ data-text="(\d+)"/g), ([, number]) => Number(number)))
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\0', '')
}
