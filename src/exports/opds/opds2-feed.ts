import {
  type CataloguePage,
  opdsListAddress,
  opdsLists,
  pageLinks,
  type Publication,
  publicationsPerPage,
} from './opds-catalogue.ts'
import { acquisitionType, navigationType, opds2Root, opds2Type, opdsRoot } from './opds1-feed.ts'

// OPDS 2.0: JSON documents. `base` is the path prefix of this server behind a proxy.

export const publicationType = 'application/opds-publication+json'
export const placeholderCoverAddress = `${opdsRoot}/cover.png`
const searchLink = (base: string) => ({
  rel: 'search',
  href: `${base}${opds2Root}/novels{?query}`,
  type: opds2Type,
  templated: true,
})

/** The navigation document at the root. */
export function opds2Navigation(base: string): object {
  return {
    metadata: { title: 'Nightjar' },
    links: [
      { rel: ['self', 'start'], href: base + opds2Root, type: opds2Type },
      { rel: 'alternate', href: base + opdsRoot, type: navigationType },
      searchLink(base),
    ],
    navigation: opdsLists.map((list) => ({
      href: base + opdsListAddress(opds2Root, list, undefined),
      title: list.title,
      type: opds2Type,
      rel: list.name === 'new' ? 'http://opds-spec.org/sort/new' : 'subsection',
    })),
  }
}

/** A page of a list. */
export function opds2Acquisition(base: string, page: CataloguePage): object {
  const { list, query, total, publications } = page
  const at = (root: string, number: number) => base + opdsListAddress(root, list, query, number)
  return {
    metadata: {
      title: query === undefined ? list.title : `Found for “${query}”`,
      numberOfItems: total,
      itemsPerPage: publicationsPerPage,
      currentPage: page.page,
    },
    links: [
      { rel: 'self', href: at(opds2Root, page.page), type: opds2Type },
      { rel: 'start', href: base + opds2Root, type: opds2Type },
      { rel: 'alternate', href: at(opdsRoot, page.page), type: acquisitionType },
      searchLink(base),
      ...[...pageLinks(page)].map(([rel, number]) => ({
        rel,
        href: at(opds2Root, number),
        type: opds2Type,
      })),
    ],
    publications: publications.map((each) => opds2Publication(base, each)),
  }
}

/** The publication document of one novel. */
export function opds2Publication(base: string, novel: Publication): object {
  const { id, title, author, language, description, published, series, cover, seconds } = novel
  const position = Number(series?.position)
  return {
    metadata: {
      '@type': `http://schema.org/${seconds > 0 ? 'Audiobook' : 'Book'}`,
      title,
      identifier: `urn:uuid:${id}`,
      ...(author !== '' && { author }),
      ...(language !== 'und' && { language }),
      ...(description !== undefined && { description }),
      // Readium's schema requires a full date; some books have only a year.
      ...(published !== undefined && /^\d{4}-\d\d-\d\d$/.test(published) && { published }),
      ...(series && {
        belongsTo: { series: { name: series.name, ...(Number.isFinite(position) && { position }) } },
      }),
      ...(seconds > 0 && { duration: seconds }),
      modified: novel.updatedAt,
    },
    links: [
      { rel: 'self', href: `${base}${opds2Root}/novels/${id}`, type: publicationType },
      ...novel.forms.map(({ address, type, title }) => ({
        rel: 'http://opds-spec.org/acquisition',
        href: address,
        type,
        title,
      })),
    ],
    images: [
      ...(cover ? [{ href: cover.address, type: cover.type }] : []),
      // OPDS 2.0 requires at least one JPEG, PNG or GIF.
      ...(cover && /jpeg|png|gif/.test(cover.type)
        ? []
        : [{ href: base + placeholderCoverAddress, type: 'image/png' }]),
    ],
  }
}
