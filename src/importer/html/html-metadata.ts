import { Parser } from 'htmlparser2'
import { languageTag } from '../book-language.ts'
import { cleanLine } from '../clean-text.ts'
import type { BookMetadata } from '../publication/book-metadata.ts'
import { Nesting } from '../xhtml/nesting.ts'

/** UTF-16 units of a page in which its metadata stand. */
const headUnits = 256 * 1024

/** Reads the metadata of a web page: its `title`, `meta` elements and language. */
export function readHtmlMetadata(html: string): BookMetadata {
  let title = ''
  let inTitle = false
  let language: string | undefined
  const metas = new Map<string, string>()
  const nesting = new Nesting()
  const parser = new Parser({
    onopentag(name, attributes) {
      nesting.open()
      if (name === 'html') language = attributes['lang'] ?? attributes['xml:lang']
      else if (name === 'title') inTitle = title === ''
      else if (name === 'meta') {
        const key = (attributes['name'] ?? attributes['property'] ?? '').toLowerCase()
        const content = cleanLine(attributes['content'] ?? '')
        if (key !== '' && content !== '' && !metas.has(key)) metas.set(key, content)
      } else if (name === 'body') parser.pause()
    },
    ontext(data) {
      if (inTitle) title += data
    },
    onclosetag(name) {
      nesting.close()
      if (name === 'title') inTitle = false
    },
  })
  parser.write(html.slice(0, headUnits))
  parser.reset()
  const meta = (...names: readonly string[]): string =>
    names.map((name) => metas.get(name)).find((value) => value !== undefined) ?? ''
  const description = meta('dc.description', 'description', 'og:description')
  const published = meta('dc.date', 'dcterms.issued', 'article:published_time').replace(/T.*$/, '')
  return {
    title: meta('dc.title', 'og:title') || cleanLine(title),
    author: meta('dc.creator', 'author', 'article:author').replace(/^https?:.*$/i, ''),
    language: languageTag(meta('dc.language') || (language ?? '')),
    ...(description === '' ? {} : { description }),
    ...(published === '' ? {} : { published }),
  }
}
