import type { ImportedNovel } from '../../novel/novel.ts'
import type { BookMetadata } from '../publication/book-metadata.ts'
import { languageTag } from '../book-language.ts'
import { distinguishing } from '../book-identifiers.ts'
import { decodeDoublyEscaped, withoutMarkup } from '../title-text.ts'
import { descendants, textOf, type XmlElement } from '../xhtml/xml-tree.ts'

/** Reads the metadata of a package document. Missing fields are empty strings. */
export function readMetadata(metadata: XmlElement): BookMetadata {
  const metas = descendants(metadata, 'meta')
  const refinements = Map.groupBy(metas, ({ attributes }) => attributes['refines'])
  const all = (name: string): XmlElement[] =>
    descendants(metadata, name).filter((element) => textOf(element) !== '')
  /** EPUB 3: the value that a `meta` with `refines="#id"` adds to an element. */
  const refinement = (element: XmlElement, property: string): string | undefined => {
    const id = element.attributes['id']
    if (id === undefined) return undefined
    const meta = refinements.get(`#${id}`)?.find(({ attributes }) => localProperty(attributes) === property)
    return meta === undefined ? undefined : textOf(meta)
  }
  const named = (name: string): string | undefined =>
    metas.find(({ attributes }) => attributes['name'] === name)?.attributes['content']?.trim()

  const titles = all('title')
  const main = titles.find((title) => refinement(title, 'title-type') === 'main') ?? titles[0]
  const creators = all('creator')
  const isAuthor = (creator: XmlElement): boolean =>
    /^(?:aut|author)?$/.test((creator.attributes['role'] ?? refinement(creator, 'role') ?? '').toLowerCase())
  // A creator may have several roles (annotator and author): any of them counts.
  const authors = creators.filter(
    (creator) => isAuthor(creator) || hasRole(refinements.get(`#${creator.attributes['id']}`) ?? [], 'aut'),
  )
  const language = all('language')
    .map((element) => languageTag(textOf(element)))
    .find((tag) => tag !== undefined)
  const description = plainDescription(all('description').map(rawTextOf)[0] ?? '')
  const published = publishedDate(all('date'))
  const series = seriesOf(metas, refinement) ?? calibreSeries(named)
  // Programs that fetch serials name the address of the story here.
  const identifiers = distinguishing([...all('identifier'), ...all('source')].map(textOf))
  return {
    title: main === undefined ? '' : withoutMarkup(textOf(main)),
    author: unique(
      (authors.length > 0 ? authors : creators).map((creator) => withoutMarkup(textOf(creator))),
    ).join(', '),
    language,
    ...(description === '' ? {} : { description }),
    ...(published === undefined ? {} : { published }),
    ...(series === undefined ? {} : { series }),
    ...(identifiers.length === 0 ? {} : { identifiers }),
  }
}

function localProperty(attributes: Readonly<Record<string, string>>): string {
  return attributes['property']?.replace(/^.*:/, '') ?? ''
}

function hasRole(refinements: readonly XmlElement[], role: string): boolean {
  return refinements.some((meta) => meta.attributes['property'] === 'role' && textOf(meta) === role)
}

function seriesOf(
  metas: readonly XmlElement[],
  refinement: (element: XmlElement, property: string) => string | undefined,
): ImportedNovel['series'] {
  const collections = metas.filter(({ attributes }) => attributes['property'] === 'belongs-to-collection')
  // A "set" is a list that the book was put on, not a series that it is a volume of.
  const series = collections.find((meta) => refinement(meta, 'collection-type') === 'series')
  const collection = series ?? collections.find((meta) => refinement(meta, 'collection-type') === undefined)
  if (collection === undefined || textOf(collection) === '') return undefined
  const position = refinement(collection, 'group-position')
  return { name: withoutMarkup(textOf(collection)), ...(position === undefined ? {} : { position }) }
}

function calibreSeries(named: (name: string) => string | undefined): ImportedNovel['series'] {
  const name = named('calibre:series')
  if (name === undefined || name === '') return undefined
  const position = named('calibre:series_index')?.replace(/\.0+$/, '')
  return { name, ...(position === undefined ? {} : { position }) }
}

function publishedDate(dates: readonly XmlElement[]): string | undefined {
  const event = (name: string): XmlElement | undefined =>
    dates.find(({ attributes }) => attributes['event'] === name)
  const date =
    event('original-publication') ??
    event('publication') ??
    dates.find(({ attributes }) => attributes['event'] === undefined)
  const text = date === undefined ? '' : textOf(date)
  // Calibre writes year 101 for "unknown".
  return text === '' || text.startsWith('0101-') ? undefined : text.replace(/T.*$/, '')
}

function rawTextOf(element: XmlElement): string {
  return element.children
    .map((child) => (typeof child === 'string' ? child : ` ${rawTextOf(child)} `))
    .join('')
}

/** Plain text of a description in HTML, which is often escaped: paragraphs become lines, other markup is removed. */
function plainDescription(html: string): string {
  return textOf({
    name: '',
    attributes: {},
    children: [html.replaceAll(/<\/(?:p|div|h\d|li)>|<br\s*\/?>/gi, '\uE000').replaceAll(/<[^<>]*>/g, '')],
  })
    .split('\uE000')
    .map((line) => decodeDoublyEscaped(line.trim()))
    .filter((line) => line !== '')
    .join('\n')
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)]
}
