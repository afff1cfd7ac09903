import { resolveHref, type LinkTarget } from '../link-target.ts'
import { decodeXml } from '../encodings/text-decoding.ts'
import { withoutMarkup } from '../title-text.ts'
import { childElements, descendants, parseXml, textOf, type XmlElement } from '../xhtml/xml-tree.ts'
import type { EpubPackage } from '../epub-package.ts'
import type { BookFiles } from '../book-files.ts'
import type { Contents, ContentsEntry } from '../publication/contents.ts'

/** Reads the table of contents: the nav, or the NCX if the nav is missing or lists next to nothing. */
export async function readContents(archive: BookFiles, epub: EpubPackage): Promise<Contents> {
  const nav = await readNav(archive, epub.nav?.file)
  const landmarks = [...(nav?.landmarks ?? []), ...epub.guide]
  const listed = nav?.entries ?? []
  if (count(listed) > 1) return { evidence: 'nav', entries: listed, landmarks }
  const ncx = await readNcx(archive, epub.ncx?.file)
  if (count(ncx) > count(listed)) return { evidence: 'ncx', entries: ncx, landmarks }
  return { evidence: listed.length > 0 ? 'nav' : undefined, entries: listed, landmarks }
}

function count(entries: readonly ContentsEntry[]): number {
  return entries.reduce((sum, { children }) => sum + 1 + count(children), 0)
}

async function readNav(
  archive: BookFiles,
  file: string | undefined,
): Promise<Pick<Contents, 'entries' | 'landmarks'> | undefined> {
  const bytes = file === undefined ? undefined : await archive.read(file)
  if (bytes === undefined || file === undefined) return undefined
  const navs = descendants(parseXml(decodeXml(bytes).text), 'nav')
  const toc = navs.find((nav) => hasType(nav, 'toc')) ?? (navs.length === 1 ? navs[0] : undefined)
  return {
    entries: toc === undefined ? [] : lists(toc).flatMap((list) => navEntries(list, file)),
    landmarks: navs
      .filter((nav) => hasType(nav, 'landmarks'))
      .flatMap((nav) => descendants(nav, 'a'))
      .flatMap(({ attributes }) => {
        const target = resolveHref(file, attributes['href'] ?? '')
        const types = attributes['type']?.toLowerCase().split(/\s+/) ?? []
        return target === undefined ? [] : types.map((type) => ({ type, target }))
      }),
  }
}

function hasType({ attributes }: XmlElement, type: string): boolean {
  return `${attributes['type'] ?? ''} ${attributes['role'] ?? ''}`.split(/[\s:]+|doc-/).includes(type)
}

/** The lists inside an element, through any number of wrappers. */
function lists(element: XmlElement): XmlElement[] {
  return childElements(element).flatMap((child) => {
    if (child.name === 'ol' || child.name === 'ul') return [child]
    return /^h[1-6]$/.test(child.name) ? [] : lists(child)
  })
}

function navEntries(list: XmlElement, file: string): ContentsEntry[] {
  return childElements(list, 'li').flatMap((item) => {
    const link = descendants({ ...item, children: item.children.filter((child) => !isList(child)) }, 'a')[0]
    const label = link ?? childElements(item).find((child) => !isList(child))
    const title =
      label === undefined ? '' : withoutMarkup(textOf(label) || (label.attributes['title'] ?? '').trim())
    return entry(
      title,
      link === undefined ? undefined : resolveHref(file, link.attributes['href'] ?? ''),
      lists(item).flatMap((inner) => navEntries(inner, file)),
    )
  })
}

function isList(child: XmlElement | string): boolean {
  return typeof child !== 'string' && (child.name === 'ol' || child.name === 'ul')
}

async function readNcx(archive: BookFiles, file: string | undefined): Promise<ContentsEntry[]> {
  const bytes = file === undefined ? undefined : await archive.read(file)
  if (bytes === undefined || file === undefined) return []
  const map = descendants(parseXml(decodeXml(bytes).text), 'navmap')[0]
  return map === undefined ? [] : ncxEntries(map, file)
}

function ncxEntries(parent: XmlElement, file: string): ContentsEntry[] {
  return childElements(parent, 'navpoint').flatMap((point) => {
    const label = childElements(point, 'navlabel')[0]
    const href = childElements(point, 'content')[0]?.attributes['src']
    return entry(
      label === undefined ? '' : withoutMarkup(textOf(label)),
      href === undefined ? undefined : resolveHref(file, href),
      ncxEntries(point, file),
    )
  })
}

/** Builds an entry; drops one that has neither title nor children. */
function entry(title: string, target: LinkTarget | undefined, children: ContentsEntry[]): ContentsEntry[] {
  if (target === undefined)
    return title === '' ? children : children.length === 0 ? [] : [{ title, children }]
  return [{ title, target, children }]
}
