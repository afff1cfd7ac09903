import { v5 as uuidv5 } from 'uuid'
import { element, type Markup, xmlDocument } from '../xml-writer.ts'
import {
  type CataloguePage,
  opdsListAddress,
  opdsLists,
  pageLinks,
  type Publication,
  publicationsPerPage,
} from './opds-catalogue.ts'

// OPDS 1.2: Atom feeds. Addresses have no host, so they are valid behind any proxy; `base` is the path prefix of this
// server there.

export const opdsRoot = '/opds'
export const opds2Root = '/opds/v2'
export const navigationType = 'application/atom+xml;profile=opds-catalog;kind=navigation'
export const acquisitionType = 'application/atom+xml;profile=opds-catalog;kind=acquisition'
export const opds2Type = 'application/opds+json'
export const searchType = 'application/opensearchdescription+xml'

const imageRelation = 'http://opds-spec.org/image'
/** The image types that every client must support (OPDS 1.2, 5.2). */
const plainImages: readonly string[] = ['image/jpeg', 'image/png', 'image/gif']

/** The navigation feed at the root. `updatedAt`: ISO 8601. */
export function navigationFeed(base: string, updatedAt: string): string {
  return atomFeed(
    base,
    { address: opdsRoot, type: navigationType, other: opds2Root, title: 'Nightjar', updatedAt },
    opdsLists.map((list) => {
      const href = opdsListAddress(opdsRoot, list, undefined)
      return element(
        'entry',
        {},
        element('title', {}, list.title),
        element('id', {}, feedId(href)),
        element('updated', {}, updatedAt),
        element(
          'content',
          { type: 'text' },
          list.order === 'title' ? 'Everything on the shelf, by title' : 'The latest first',
        ),
        element('link', {
          rel: list.name === 'new' ? 'http://opds-spec.org/sort/new' : 'subsection',
          href: base + href,
          type: acquisitionType,
        }),
      )
    }),
  )
}

/** The acquisition feed of a page of a list. `updatedAt`: ISO 8601. */
export function acquisitionFeed(base: string, page: CataloguePage, updatedAt: string): string {
  const { list, query, publications, total } = page
  const at = (root: string, number: number) => opdsListAddress(root, list, query, number)
  return atomFeed(
    base,
    {
      address: at(opdsRoot, page.page),
      type: acquisitionType,
      other: at(opds2Root, page.page),
      title: query === undefined ? list.title : `Found for “${query}”`,
      updatedAt,
    },
    [
      element('opensearch:totalResults', {}, String(total)),
      element('opensearch:itemsPerPage', {}, String(publicationsPerPage)),
      element('opensearch:startIndex', {}, String((page.page - 1) * publicationsPerPage + 1)),
      ...[...pageLinks(page)].map(([rel, number]) =>
        element('link', { rel, href: base + at(opdsRoot, number), type: acquisitionType }),
      ),
      ...publications.map(atomEntry),
    ],
  )
}

/** OpenSearch 1.1; `base` is the server's absolute URL, because some apps do not resolve a relative template. */
export function searchDescription(base: string): string {
  return xmlDocument(
    element(
      'OpenSearchDescription',
      { xmlns: 'http://a9.com/-/spec/opensearch/1.1/' },
      element('ShortName', {}, 'Nightjar'),
      element('Description', {}, 'Looks for titles and authors on this shelf'),
      element('InputEncoding', {}, 'UTF-8'),
      element('OutputEncoding', {}, 'UTF-8'),
      element('Url', { type: acquisitionType, template: `${base}${opdsRoot}/novels?query={searchTerms}` }),
    ),
  )
}

interface FeedHead {
  readonly address: string
  readonly type: string
  /** The address of the same feed in OPDS 2.0. */
  readonly other: string
  readonly title: string
  readonly updatedAt: string
}

function atomFeed(
  base: string,
  { address, type, other, title, updatedAt }: FeedHead,
  content: readonly Markup[],
): string {
  return xmlDocument(
    element(
      'feed',
      {
        xmlns: 'http://www.w3.org/2005/Atom',
        'xmlns:dc': 'http://purl.org/dc/terms/',
        'xmlns:opensearch': 'http://a9.com/-/spec/opensearch/1.1/',
      },
      element('id', {}, feedId(address)),
      element('title', {}, title),
      element('updated', {}, updatedAt),
      element('author', {}, element('name', {}, 'Nightjar')),
      element('link', { rel: 'self', href: base + address, type }),
      element('link', { rel: 'start', href: base + opdsRoot, type: navigationType }),
      element('link', { rel: 'alternate', href: base + other, type: opds2Type }),
      element('link', { rel: 'search', href: `${base}${opdsRoot}/search.xml`, type: searchType }),
      // KOReader and others read the template only here.
      element('link', {
        rel: 'search',
        href: `${base}${opdsRoot}/novels?query={searchTerms}`,
        type: 'application/atom+xml',
      }),
      ...content,
    ),
  )
}

function atomEntry(publication: Publication): Markup {
  const { id, title, author, language, description, published, cover, addedAt, updatedAt, forms } =
    publication
  const shown = cover && plainImages.includes(cover.type) ? cover : undefined
  const image = (rel: string) => shown && element('link', { rel, href: shown.address, type: shown.type })
  return element(
    'entry',
    {},
    element('title', {}, title),
    element('id', {}, `urn:uuid:${id}`),
    element('updated', {}, updatedAt),
    element('published', {}, addedAt),
    author === '' ? undefined : element('author', {}, element('name', {}, author)),
    language === 'und' ? undefined : element('dc:language', {}, language),
    published === undefined ? undefined : element('dc:issued', {}, published),
    description === undefined ? undefined : element('summary', { type: 'text' }, description),
    image(imageRelation),
    image(`${imageRelation}/thumbnail`),
    ...forms.map(({ address, type, title }) =>
      element('link', { rel: 'http://opds-spec.org/acquisition', href: address, type, title }),
    ),
  )
}

/** A feed's id does not depend on the host. */
function feedId(address: string): string {
  return `urn:uuid:${uuidv5(address, uuidv5.URL)}`
}
