import { Failure } from '../../novel/failure.ts'
import { resolveHref } from '../link-target.ts'
import { decodeXml } from '../encodings/text-decoding.ts'
import type { HeadLink } from '../xhtml/head-links.ts'
import type { BookFiles } from '../book-files.ts'
import { mayHide } from './element-style.ts'
import type { StyleRule, Stylesheet } from './stylesheet.ts'

/** Real stylesheets have some 100 kB; a larger one is ignored. */
const maxBytes = 2 * 1024 * 1024
const maxImports = 5
/** Cached stylesheets: nearly all documents of a book use the same. */
const maxCached = 50

/** The stylesheets of a book's documents, reduced to rules that hide text. */
export class BookStyles {
  readonly #archive: BookFiles
  readonly #rules = new Map<string, Promise<readonly StyleRule[]>>()
  readonly #sheets = new Map<string, Promise<Stylesheet | undefined>>()

  constructor(archive: BookFiles) {
    this.#archive = archive
  }

  /**
   * The stylesheet of the document `file`, from the links and `style` elements in its head; `undefined` if it hides
   * nothing.
   */
  async of(xhtml: string, headLinks: readonly HeadLink[], file: string): Promise<Stylesheet | undefined> {
    const links = stylesheetsOf(headLinks)
    const own = stylesIn(xhtml)
    if (links.length === 0 && own === '') return undefined
    const key = `${file.slice(0, file.lastIndexOf('/') + 1)}\n${links.join('\n')}\n${own}`
    const known = this.#sheets.get(key)
    if (known !== undefined) return known
    const read = this.#read(links, own, file)
    if (this.#sheets.size < maxCached) this.#sheets.set(key, read)
    return read
  }

  async #read(links: readonly string[], own: string, file: string): Promise<Stylesheet | undefined> {
    const rules: StyleRule[] = []
    for (const href of links) for (const rule of await this.#file(file, href, [])) rules.push(rule)
    if (own !== '') for (const rule of await this.#parsed(own, file, [])) rules.push(rule)
    if (rules.length === 0) return undefined
    const sheet = new (await import('./stylesheet.ts')).Stylesheet(rules)
    return sheet.isEmpty ? undefined : sheet
  }

  /** `chain`: the stylesheets that import this one, outermost first. */
  #file(base: string, href: string, chain: readonly string[]): Promise<readonly StyleRule[]> {
    const file = resolveHref(base, href)?.file
    if (file === undefined || chain.length > maxImports || chain.includes(file)) return Promise.resolve([])
    const known = this.#rules.get(file)
    if (known !== undefined) return known
    const read = this.#bytes(file).then(async (bytes) =>
      bytes === undefined ? [] : this.#parsed(decodeXml(bytes).text, file, [...chain, file]),
    )
    this.#rules.set(file, read)
    return read
  }

  /** Reads a stylesheet; an unreadable one is ignored and does not fail the import. */
  async #bytes(file: string): Promise<Uint8Array | undefined> {
    try {
      return await this.#archive.read(file, maxBytes)
    } catch (error) {
      if (error instanceof Failure) return undefined
      throw error
    }
  }

  async #parsed(css: string, file: string, chain: readonly string[]): Promise<readonly StyleRule[]> {
    if (css.length > maxBytes || !(mayHide.test(css) || css.includes('@import'))) return []
    // Loading the CSS parser takes 50 ms: only when a stylesheet may hide something.
    const { rules, imports } = (await import('./stylesheet.ts')).parseStylesheet(css)
    const imported: StyleRule[] = []
    for (const href of imports.slice(0, 50))
      for (const rule of await this.#file(file, href, chain)) imported.push(rule)
    return [...imported, ...rules]
  }
}

function stylesheetsOf(links: readonly HeadLink[]): string[] {
  return links.flatMap(({ rel, href, media }) =>
    /\bstylesheet\b/.test(rel) && !/\balternate\b/.test(rel) && /\b(?:all|screen)\b/i.test(media) ? href : [],
  )
}

/** The content of the document's `style` elements. */
function stylesIn(xhtml: string): string {
  const styles: string[] = []
  const opening = /<style(?:\s[^<>]*)?>/gi
  for (let found = opening.exec(xhtml); found !== null; found = opening.exec(xhtml)) {
    const end = xhtml.indexOf('</style', opening.lastIndex)
    if (end < 0) break
    styles.push(xhtml.slice(opening.lastIndex, end).replaceAll(/<!\[CDATA\[|\]\]>|<!--|-->/g, ''))
    opening.lastIndex = end
  }
  return styles.join('\n')
}
