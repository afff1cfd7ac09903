import {
  childElements,
  descendants,
  parseXml,
  textOf,
  type XmlElement,
} from '../../importer/xhtml/xml-tree.ts'
import {
  addressOf,
  authorsOf,
  filesOf,
  hasAcquisition,
  longest,
  mediaType,
  mostEntries,
  type OpdsBook,
  type OpdsFolder,
  type OpdsLink,
  type OpdsPage,
  pagesBeside,
  plainText,
} from './opds-page.ts'

/** A page of OPDS 1.2: an Atom feed, or a single entry. `undefined`: it is neither. */
export function readAtomFeed(xml: string, base: URL): OpdsPage | undefined {
  const [root] = childElements(parseXml(xml))
  if (root?.name !== 'feed' && root?.name !== 'entry') return undefined
  const entries = root.name === 'entry' ? [root] : childElements(root, 'entry').slice(0, mostEntries)
  const links = linksOf(root)
  const folders: OpdsFolder[] = []
  const books: OpdsBook[] = []
  for (const entry of entries) {
    const read = readEntry(entry, base)
    if (read && 'files' in read) books.push(read)
    else if (read) folders.push(read)
  }
  const search = searchOf(links, base)
  const total = Number(childText(root, 'totalresults') || NaN)
  return {
    title: plainText(childText(root, 'title'), longest.title),
    folders,
    books,
    ...pagesBeside(links, base),
    ...(search !== undefined && { search }),
    ...(Number.isSafeInteger(total) && total >= 0 && { total }),
  }
}

/** A template is preferred: a description has to be fetched first. */
function searchOf(links: readonly OpdsLink[], base: URL): string | undefined {
  const found = links.filter(({ rels }) => rels.includes('search'))
  const template = found.find(
    ({ href, type }) => /\{.*\}/.test(href) && mediaType(type) === 'application/atom+xml',
  )
  const link =
    template ?? found.find(({ type }) => mediaType(type) === 'application/opensearchdescription+xml')
  return link && addressOf(link.href, base)
}

function readEntry(entry: XmlElement, base: URL): OpdsBook | OpdsFolder | undefined {
  const links = linksOf(entry)
  const title = plainText(childText(entry, 'title'), longest.title)
  const summary = plainText(childText(entry, 'summary') || childText(entry, 'content'), longest.summary)
  const told = summary === '' ? {} : { summary }
  if (hasAcquisition(links)) {
    const author = authorsOf(childElements(entry, 'author').map((each) => childText(each, 'name')))
    return { title, author, ...told, files: filesOf(links, base) }
  }
  const isPage = ({ type }: OpdsLink): boolean =>
    ['application/atom+xml', 'application/opds+json'].includes(mediaType(type))
  const pages = links.filter(isPage)
  // A book that is told of in part leads to the whole of it by `alternate`; what is `related` is another one.
  const link =
    pages.find(({ rels }) => !rels.some((rel) => /^(?:self|alternate|related|up|start|search)$/.test(rel))) ??
    pages.find(({ rels }) => rels.includes('alternate'))
  const address = link && addressOf(link.href, base)
  return address === undefined || title === '' ? undefined : { title, ...told, address }
}

function linksOf(element: XmlElement): OpdsLink[] {
  return childElements(element, 'link').flatMap(({ attributes: { rel = 'alternate', type = '', href } }) =>
    href === undefined ? [] : [{ rels: rel.trim().split(/\s+/), type, href }],
  )
}

function childText(element: XmlElement, name: string): string {
  const [child] = childElements(element, name)
  return child ? textOf(child) : ''
}

/** The template of a search whose answer is a feed, of an OpenSearch 1.1 description. */
export function readSearchDescription(xml: string, base: URL): string | undefined {
  const urls = descendants(parseXml(xml), 'url')
  const found =
    urls.find(({ attributes: { type = '' } }) => mediaType(type) === 'application/atom+xml') ??
    urls.find(({ attributes: { type = '' } }) => mediaType(type) === 'application/opds+json')
  const template = found?.attributes['template']
  return template === undefined ? undefined : addressOf(template, base)
}
