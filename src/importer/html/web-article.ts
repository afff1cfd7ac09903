import JSDOMParser from '@mozilla/readability/JSDOMParser.js'
import Readability from '@mozilla/readability/Readability.js'
import { type ChildNode, type Document, DomHandler, type Element, isTag, isText, type Text } from 'domhandler'
import { DomUtils, Parser } from 'htmlparser2'
import { cleanLine } from '../clean-text.ts'
import { Nesting } from '../xhtml/nesting.ts'
import { type PageText, pageTexts, readable, textsIn } from './page-texts.ts'

/** What a page of the web is about, as its own markup. */
export interface WebArticle {
  readonly html: string
  readonly title: string
  readonly author: string
  readonly remarks: readonly string[]
}

/** Larger pages are whole books, and none of the web's. */
const largest = { units: 8 * 1024 * 1024, elements: 100_000 }
/** What is left out may have so much prose, of that which is kept. */
const mostLost = 0.5
/** Characters around the article from which it is told that they were left out. */
const worthTelling = 200

/**
 * Finds what a page of the web is about, without its menus, comments and related pages: Readability says which texts these are,
 * and they are taken from the page as it is. `undefined` where it finds nothing, or would leave out much prose: a page is
 * rather read whole than in part. Scripts are never run, and nothing is loaded.
 */
export function webArticle(html: string, address: string): WebArticle | undefined {
  if (html.length > largest.units) return undefined
  const page = documentOf(html)
  const texts = pageTexts(page)
  if (!texts || texts.length === 0) return undefined
  const found = findArticle(readable(page, texts), address)
  if (!found) return undefined
  const kept = textsIn(found.content ?? '')
  const title = cleanLine(found.title ?? '')
  if (kept.size === 0 || losesProse(texts, kept)) return undefined
  keepTitle(texts, kept, title)
  const nodes = new Set(texts.filter((_, index) => kept.has(index)).map(({ node }) => node))
  prune(page, nodes)
  const around = lengthOf(texts, (_, index) => !kept.has(index))
  return {
    html: DomUtils.getOuterHTML(page),
    title: withoutSite(title, texts, kept),
    author: cleanLine(found.byline ?? '').replace(/^(?:by|von|par|por|bởi|tác giả:?)\s+/iu, ''),
    remarks:
      around < worthTelling
        ? []
        : [`Only the page’s article was read; ${around} characters around it (menus, links) were left out.`],
  }
}

/** Throws `novel.hostile` for deep nesting. */
function documentOf(html: string): Document {
  const handler = new NestingHandler()
  new Parser(handler).end(html)
  return handler.root
}

class NestingHandler extends DomHandler {
  readonly #nesting = new Nesting()

  override onopentag(name: string, attributes: Record<string, string>): void {
    this.#nesting.open()
    super.onopentag(name, attributes)
  }

  override onclosetag(): void {
    this.#nesting.close()
    super.onclosetag()
  }
}

function findArticle(markup: string, address: string) {
  try {
    const document = new JSDOMParser().parse(markup, address)
    return new Readability(document, { maxElemsToParse: largest.elements }).parse()
  } catch {
    // Too many elements, or markup on which the library fails: the page is read whole.
    return null
  }
}

function lengthOf(texts: readonly PageText[], counts: (text: PageText, index: number) => boolean): number {
  return texts.reduce((sum, text, index) => sum + (counts(text, index) ? text.length : 0), 0)
}

function losesProse(texts: readonly PageText[], kept: ReadonlySet<number>): boolean {
  const lost = lengthOf(texts, ({ isProse }, index) => isProse && !kept.has(index))
  return lost > mostLost * lengthOf(texts, (_, index) => kept.has(index))
}

/** Readability takes the title for something that is shown elsewhere; here it is the chapter's heading. */
function keepTitle(texts: readonly PageText[], kept: Set<number>, title: string): void {
  if (texts.some(({ heading }, index) => heading?.name === 'h1' && kept.has(index))) return
  const first = texts.findIndex((_, index) => kept.has(index))
  const before = texts.slice(0, first).toReversed()
  const isTitle = (heading: Element): boolean => {
    const words = cleanLine(DomUtils.textContent(heading))
    return words !== '' && title.includes(words)
  }
  const heading =
    before.find((text) => text.heading?.name === 'h1' && isTitle(text.heading))?.heading ??
    before.find((text) => text.heading?.name === 'h1')?.heading ??
    before.find((text) => text.heading !== undefined && isTitle(text.heading))?.heading
  if (heading) for (const [index, text] of texts.entries()) if (text.heading === heading) kept.add(index)
}

/** Behind a page's own title its site writes its name. */
function withoutSite(title: string, texts: readonly PageText[], kept: ReadonlySet<number>): string {
  const heading = texts.find((text, index) => text.heading?.name === 'h1' && kept.has(index))?.heading
  const words = heading ? cleanLine(DomUtils.textContent(heading)) : ''
  return words !== '' && title.startsWith(words) ? words : title
}

/** Stay beside what is kept, and are no reason to keep what they stand in. */
const neutral = new Set(['br', 'wbr', 'hr', 'img'])

/** Takes away everything but these texts and the elements around them. Returns whether there are any. */
function prune(parent: Document | Element, kept: ReadonlySet<Text>): boolean {
  const children = parent.children.map((node) => [node, stays(node, kept)] as const)
  const has = children.some(([, state]) => state === 'yes')
  parent.children = has ? children.filter(([, state]) => state !== 'no').map(([node]) => node) : []
  return has
}

function stays(node: ChildNode, kept: ReadonlySet<Text>): 'yes' | 'no' | 'beside' {
  if (isText(node)) return kept.has(node) ? 'yes' : node.data.trim() === '' ? 'beside' : 'no'
  if (!isTag(node)) return 'no'
  if (prune(node, kept)) return 'yes'
  const isAnchor =
    node.attribs['id'] !== undefined && node.children.length === 0 && /^(?:a|span)$/.test(node.name)
  return neutral.has(node.name) || isAnchor ? 'beside' : 'no'
}
