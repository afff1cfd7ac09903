/** A page of a catalogue, in the same form from OPDS 1.2 and 2.0. Addresses are absolute, texts plain and in one line. */
export interface OpdsPage {
  readonly title: string
  readonly folders: readonly OpdsFolder[]
  readonly books: readonly OpdsBook[]
  readonly next?: string
  readonly previous?: string
  /** A template, or the address of an OpenSearch description. */
  readonly search?: string
  /** Of all pages together. */
  readonly total?: number
}

/** Leads to another page. */
export interface OpdsFolder {
  readonly title: string
  readonly summary?: string
  readonly address: string
}

export interface OpdsBook {
  readonly title: string
  readonly author: string
  readonly summary?: string
  /** Those that Nightjar reads, the best first; empty: none. */
  readonly files: readonly OpdsFile[]
}

export interface OpdsFile {
  readonly address: string
  /** Media type, without parameters; empty: none is told. */
  readonly type: string
  /** As files of this kind are named: `.epub`. */
  readonly ending: string
}

/** A link of either version. */
export interface OpdsLink {
  readonly rels: readonly string[]
  readonly type: string
  readonly href: string
}

const acquisition = 'http://opds-spec.org/acquisition'
/** What costs money, is lent, or is a part. */
const otherTerms = new Set(
  ['buy', 'borrow', 'subscribe', 'sample', 'preview'].map((term) => `${acquisition}/${term}`),
)

/** Endings by media type, those first that tell most of a book. */
const endingsByType: Readonly<Record<string, string>> = {
  'application/epub+zip': '.epub',
  'application/kepub+zip': '.epub',
  'application/x-mobi8-ebook': '.azw3',
  'application/vnd.amazon.mobi8-ebook': '.azw3',
  'application/vnd.amazon.ebook': '.azw',
  'application/x-mobipocket-ebook': '.mobi',
  'application/x-fictionbook+xml': '.fb2',
  'application/fb2+xml': '.fb2',
  'application/fb2': '.fb2',
  'text/fb2+xml': '.fb2',
  'application/fb2+zip': '.fb2.zip',
  'application/x-zip-compressed-fb2': '.fb2.zip',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': '.docx',
  'application/vnd.oasis.opendocument.text': '.odt',
  'text/markdown': '.md',
  'application/rtf': '.rtf',
  'text/rtf': '.rtf',
  'text/plain': '.txt',
  'application/pdf': '.pdf',
}
const rank = [...new Set(Object.values(endingsByType))]

/** The files of a book among its links. Web pages are left out: they are where a book is sold. */
export function filesOf(links: readonly OpdsLink[], base: URL): OpdsFile[] {
  const files: OpdsFile[] = []
  for (const { rels, type, href } of links) {
    if (!rels.some((rel) => rel.startsWith(acquisition) && !otherTerms.has(rel))) continue
    const address = addressOf(href, base)
    const plain = mediaType(type)
    const ending = address && endingOf(plain, address)
    if (address && ending) files.push({ address, type: plain, ending })
  }
  return files.toSorted((one, other) => rank.indexOf(one.ending) - rank.indexOf(other.ending))
}

/** Whether something of these links is a book rather than a list. */
export function hasAcquisition(links: readonly OpdsLink[]): boolean {
  return links.some(({ rels }) => rels.some((rel) => rel.startsWith(acquisition)))
}

/** Where a page leads by its links: to the pages beside it. */
export function pagesBeside(links: readonly OpdsLink[], base: URL): Pick<OpdsPage, 'next' | 'previous'> {
  const [next, previous] = [
    leadingTo('next', links, base),
    leadingTo('previous', links, base) ?? leadingTo('prev', links, base),
  ]
  return { ...(next !== undefined && { next }), ...(previous !== undefined && { previous }) }
}

/** The address of the first link of a relation. */
export function leadingTo(rel: string, links: readonly OpdsLink[], base: URL): string | undefined {
  const link = links.find(({ rels }) => rels.includes(rel))
  return link && addressOf(link.href, base)
}

export function authorsOf(names: readonly string[]): string {
  return plainText(names.filter((name) => name !== '').join(', '), longest.title)
}

/** How a file of this media type is named; `undefined`: Nightjar reads none of this kind. */
export function endingOf(type: string, address: string): string | undefined {
  return endingsByType[type] ?? endingByName(address, type)
}

/** Of what has no type that says anything. */
function endingByName(address: string, type: string): string | undefined {
  if (!['', 'application/octet-stream', 'application/zip'].includes(type)) return undefined
  const name = new URL(address).pathname.toLowerCase()
  return rank.toSorted((one, other) => other.length - one.length).find((ending) => name.endsWith(ending))
}

export function mediaType(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase()
}

/** Absolute, http or https, without a name and password in it; `undefined`: it is none. Braces of templates stay. */
export function addressOf(href: string, base: URL): string | undefined {
  if (href.length > 4000 || !URL.canParse(href, base)) return undefined
  const url = new URL(href, base)
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined
  url.hash = ''
  return url.href
}

/** Text in one line: markup that stands in it as text is left out. */
export function plainText(text: string, most: number): string {
  const line = text
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return line.length > most ? `${line.slice(0, most - 1).trimEnd()}…` : line
}

/** Characters of a title, and of what is told of a book. */
export const longest = { title: 300, summary: 500 }
/** Entries of a page that are taken; real pages have 10 to 100. */
export const mostEntries = 1000
