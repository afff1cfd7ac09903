import { Parser } from 'htmlparser2'
import { Nesting } from '../xhtml/nesting.ts'

/** Elements that contain what a page is about, if it has exactly one of them. */
const mains = ['main', 'article'] as const

/** Characters of text around the article from which it is told that it was left out. */
const worthTelling = 200

/**
 * The page without what stands around its article: menus, related pages, comments. A page that does not say where its
 * article is stays whole.
 */
export function articleOf(html: string): { readonly html: string; readonly remarks: readonly string[] } {
  for (const name of mains) {
    const range = onlyElement(html, name)
    if (range === undefined) continue
    const [start, end] = range
    const around = visibleLength(html.slice(0, start)) + visibleLength(html.slice(end))
    const head = html.slice(0, bodyStart(html))
    return {
      html: `${head}<body>${html.slice(start, end)}</body></html>`,
      remarks:
        around < worthTelling
          ? []
          : [
              `Only the page’s article was read; ${around} characters around it (menus, links) were left out.`,
            ],
    }
  }
  return { html, remarks: [] }
}

/** Where the only element of that name begins and ends; `undefined` if there are several, or none. */
function onlyElement(html: string, name: string): readonly [start: number, end: number] | undefined {
  const opening = new RegExp(`<${name}[\\s>]`, 'gi')
  const start = opening.exec(html)?.index
  if (start === undefined || start < bodyStart(html) || opening.exec(html) !== null) return undefined
  const closing = new RegExp(`</${name}>`, 'gi')
  closing.lastIndex = start
  return closing.test(html) ? [start, closing.lastIndex] : undefined
}

function bodyStart(html: string): number {
  const at = html.search(/<body[\s>]/i)
  return at < 0 ? 0 : at
}

/** Elements without text that is read. */
const silent = new Set(['script', 'style', 'head', 'svg', 'noscript'])

function visibleLength(html: string): number {
  const nesting = new Nesting()
  let length = 0
  let inSilent = 0
  const parser = new Parser({
    onopentag(name) {
      nesting.open()
      if (silent.has(name)) inSilent += 1
    },
    onclosetag(name) {
      nesting.close()
      if (silent.has(name)) inSilent -= 1
    },
    ontext(data) {
      if (inSilent === 0) length += data.replaceAll(/\s+/g, ' ').length
    },
  })
  parser.end(html)
  return length
}
