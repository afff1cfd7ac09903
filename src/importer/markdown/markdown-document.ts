import MarkdownIt, { type Token } from 'markdown-it'
import footnotes from 'markdown-it-footnote'
import { cleanLine } from '../clean-text.ts'
import type { Layout } from '../lines/line-groups.ts'
import { boundedNotes } from './markdown-notes.ts'

/** Longer addresses are no links that anybody follows; images are in the book's files. */
const longestAddress = 2000
const mostRepeated = 10

interface FootnoteMeta {
  readonly id: number
  readonly subId?: number
  readonly label?: string
}

interface MarkdownDocument {
  readonly html: string
  /** Empty if the text does not begin with its title. */
  readonly title: string
}

/**
 * A Markdown text (CommonMark with tables, strikethrough and footnotes) as an HTML document, without its front matter.
 * Raw HTML in it stays, and is read as in a web page: scripts and styles are never shown. `layout` tells what the end of a
 * line means: nothing in a wrapped text; a break, or the end of the paragraph, where each line is one.
 */
export function markdownDocument(markdown: string, layout: Layout): MarkdownDocument {
  const parser = new MarkdownIt('default', { html: true, linkify: false, typographer: false })
  parser.use(footnotes).use(boundedNotes)
  // Indented text is a paragraph: novels indent first lines, and have no program code.
  parser.disable('code')
  const { rules } = parser.renderer
  const lineEnd = layout.wrapped ? '\n' : layout.spaced ? '<br>' : '</p><p>'
  rules['softbreak'] = () => lineEnd
  const meta = (tokens: readonly { readonly meta: unknown }[], index: number): FootnoteMeta =>
    tokens[index]!.meta as FootnoteMeta
  const { escapeHtml } = parser.utils
  rules['footnote_ref'] = (tokens, index) => {
    const { id, label } = meta(tokens, index)
    return `<a epub:type="noteref" href="#note-${id}">[^${escapeHtml(label ?? String(id + 1))}]</a>`
  }
  rules['footnote_open'] = (tokens, index) =>
    `<aside epub:type="footnote" id="note-${meta(tokens, index).id}">`
  rules['footnote_close'] = () => '</aside>'
  // An address is defined once and used any number of times: all that are written stay in proportion to the text.
  let left = markdown.length * mostRepeated
  const address = (token: Token, name: string): string => {
    const url = String(token.attrGet(name) ?? '')
    if (url === '' || url.length > longestAddress || left < url.length) return ''
    left -= url.length
    return ` ${name}="${escapeHtml(url)}"`
  }
  rules['link_open'] = (tokens, index) => `<a${address(tokens[index]!, 'href')}>`
  rules['image'] = (tokens, index, options, env, self) => {
    const alt = self.renderInlineAsText(tokens[index]!.children ?? [], options, env)
    return `<img${address(tokens[index]!, 'src')} alt="${escapeHtml(alt)}">`
  }
  const environment = {}
  const tokens = parser.parse(markdown, environment)
  const body = parser.renderer.render(tokens, parser.options, environment)
  return { html: `<html><body>${body}</body></html>`, title: titleIn(tokens) }
}

type Tokens = ReturnType<InstanceType<typeof MarkdownIt>['parse']>

/** The text of the only heading of the first level, if the text begins with it. */
function titleIn(tokens: Tokens): string {
  const [first, line] = tokens
  if (first?.type !== 'heading_open' || first.tag !== 'h1') return ''
  if (tokens.filter(({ type, tag }) => type === 'heading_open' && tag === 'h1').length !== 1) return ''
  const words = (line?.children ?? []).filter(({ type }) => type === 'text' || type === 'code_inline')
  return cleanLine(words.map(({ content }) => content).join(''))
}
