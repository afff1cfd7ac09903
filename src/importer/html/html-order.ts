import { Parser } from 'htmlparser2'
import type { BookFiles } from '../book-files.ts'
import { cleanLine } from '../clean-text.ts'
import { decodeXml } from '../encodings/text-decoding.ts'
import type { ContentsEntry } from '../publication/contents.ts'
import { type LinkTarget, resolveHref } from '../link-target.ts'
import { Nesting } from '../xhtml/nesting.ts'

interface PageOrder {
  readonly pages: readonly string[]
  /** What the first page lists, if it is a table of contents. */
  readonly contents: readonly ContentsEntry[]
  /** The page that is nothing but the list of the others. */
  readonly list: string | undefined
  /** The text of the first page. */
  readonly first: string
}

/** An index has this many bytes at most. */
const maxIndexBytes = 8 * 1024 * 1024
const indexName =
  /^(?:index|contents?|toc|table[-_ ]?of[-_ ]?contents|default|start|cover|title(?:page)?)\.x?html?$/i

/**
 * The reading order of pages: as the index lists them if it lists at least half, else by their names, in which numbers
 * count as numbers.
 */
export async function pageOrder(archive: BookFiles, names: readonly string[]): Promise<PageOrder> {
  const sorted = names.toSorted(new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare)
  const depth = (name: string): number => name.split('/').length
  const index = sorted
    .filter((name) => indexName.test(name.slice(name.lastIndexOf('/') + 1)))
    .toSorted((a, b) => depth(a) - depth(b))[0]
  const file = index ?? sorted[0]!
  const bytes = await archive.read(file, index === undefined ? undefined : maxIndexBytes)
  const first = bytes === undefined ? '' : decodeXml(bytes).text
  if (index === undefined) return { pages: sorted, contents: [], list: undefined, first }
  const known = new Set(sorted)
  const { links, isList } = linksIn(first, index)
  const listed = links.filter(({ target }) => known.has(target.file) && target.file !== index)
  const pages = new Set(listed.map(({ target }) => target.file))
  if (pages.size * 2 < sorted.length - 1)
    return {
      pages: [index, ...sorted.filter((name) => name !== index)],
      contents: [],
      list: undefined,
      first,
    }
  return {
    pages: [index, ...pages, ...sorted.filter((name) => name !== index && !pages.has(name))],
    contents: listed
      .filter(({ title }) => title !== '')
      .map(({ title, target }) => ({ title, target, children: [] })),
    list: isList ? index : undefined,
    first,
  }
}

interface PageLinks {
  readonly links: readonly { readonly title: string; readonly target: LinkTarget }[]
  /** Whether nine tenths of the page's text are links. */
  readonly isList: boolean
}

function linksIn(html: string, file: string): PageLinks {
  const links: { title: string; target: LinkTarget }[] = []
  let characters = 0
  let linked = 0
  let open: { title: string; target: LinkTarget } | undefined
  const nesting = new Nesting()
  const parser = new Parser({
    onopentag(name, attributes) {
      nesting.open()
      if (name === 'body') characters = 0
      if (name !== 'a' || attributes['href'] === undefined) return
      const target = resolveHref(file, attributes['href'])
      open = target && { title: '', target }
    },
    ontext(data) {
      const { length } = data.trim()
      characters += length
      if (open === undefined) return
      open.title += data
      linked += length
    },
    onclosetag(name) {
      nesting.close()
      if (name !== 'a' || open === undefined) return
      links.push({ ...open, title: cleanLine(open.title) })
      open = undefined
    },
  })
  parser.end(html)
  return { links, isList: links.length > 0 && linked >= characters * 0.9 }
}
