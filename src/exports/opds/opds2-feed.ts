import {
  type CataloguePage,
  pageLinks,
  type Publication,
  publicationsPerPage,
  opdsListAddress,
  opdsLists,
} from './opds-catalogue.ts'
import { acquisitionType, navigationType, opds2Root, opds2Type, opdsRoot } from './opds1-feed.ts'

// OPDS 2.0: JSON documents. `base` is the path below which a proxy shows this server.

export const publicationType = 'application/opds-publication+json'
export const placeholderCoverAddress = `${opdsRoot}/cover.png`
const searchLink = (base: string) => ({
  rel: 'search',
  href: `${base}${opds2Root}/novels{?query}`,
  type: opds2Type,
  templated: true,
})

/** The way in. */
export function opds2Navigation(base: string): object {
  return {
    metadata: { title: 'Nightjar' },
    links: [
      { rel: ['self', 'start'], href: base + opds2Root, type: opds2Type },
      { rel: 'alternate', href: base + opdsRoot, type: navigationType },
      searchLink(base),
    ],
    navigation: opdsLists.map((shelf) => ({
      href: base + opdsListAddress(opds2Root, shelf, undefined),
      title: shelf.title,
      type: opds2Type,
      rel: shelf.name === 'new' ? 'http://opds-spec.org/sort/new' : 'subsection',
    })),
  }
}

/** A page of a list. */
export function opds2Acquisition(base: string, page: CataloguePage): object {
  const { shelf, query, total, publications } = page
  const at = (root: string, number: number) => base + opdsListAddress(root, shelf, query, number)
  return {
    metadata: {
      title: query === undefined ? shelf.title : `Found for “${query}”`,
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

/** One novel. */
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
      // Readium's dates are whole; a book may know only its year.
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
      // One of the images has to be a JPEG, PNG or GIF.
      ...(cover && /jpeg|png|gif/.test(cover.type)
        ? []
        : [{ href: base + placeholderCoverAddress, type: 'image/png' }]),
    ],
  }
}
