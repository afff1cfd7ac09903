import type { Studio } from '../generation/studio.ts'
import { knownNovel } from '../listening/rendition.ts'
import {
  type CataloguePage,
  cataloguePage,
  pageLinks,
  type Publication,
  publicationOf,
  publicationsPerPage,
  shelfAddress,
  shelves,
} from './catalogue.ts'
import { novelParams } from './contract.ts'
import { sends, sendsTagged } from './documented-answers.ts'
import { catalogueQuery } from './feed-contract.ts'
import { acquisitionType, navigationType, opds2Root, opds2Type, opdsRoot } from './opds-feed.ts'
import { plainCover } from './plain-cover.ts'
import { sendDocument } from './send-document.ts'
import type { Door } from './door.ts'

const tags = ['feeds']
const publicationType = 'application/opds-publication+json'
const plainCoverAddress = `${opdsRoot}/cover.png`
const search = (base: string) => ({
  rel: 'search',
  href: `${base}${opds2Root}/novels{?query}`,
  type: opds2Type,
  templated: true,
})

/** OPDS 2.0, for newer reading apps. */
export function opds2Routes(app: Door, studio: Studio): void {
  for (const url of [opds2Root, `${opds2Root}/`]) {
    const summary = 'The shelf for reading apps: OPDS 2.0'
    app.get(
      url,
      { schema: { tags, summary, hide: url !== opds2Root, response: sendsTagged(opds2Type) } },
      async (request, reply) =>
        sendDocument(request, reply, opds2Type, JSON.stringify(navigation(request.basePath))),
    )
  }

  for (const shelf of shelves) {
    app.get(
      `${opds2Root}/${shelf.name}`,
      {
        schema: {
          tags,
          summary: `OPDS 2.0: ${shelf.title}, page by page`,
          querystring: catalogueQuery,
          response: sendsTagged(opds2Type),
        },
      },
      async (request, reply) => {
        const page = await cataloguePage(studio, request.basePath, shelf, request.query)
        return sendDocument(request, reply, opds2Type, JSON.stringify(acquisition(request.basePath, page)))
      },
    )
  }

  app.get(
    `${opds2Root}/novels/:id`,
    {
      schema: {
        tags,
        summary: 'OPDS 2.0: one novel',
        params: novelParams,
        response: sendsTagged(publicationType),
      },
    },
    async (request, reply) => {
      const novel = await publicationOf(studio, request.basePath, await knownNovel(studio, request.params.id))
      const text = JSON.stringify(publication(request.basePath, novel))
      return sendDocument(request, reply, publicationType, text)
    },
  )

  app.get(
    plainCoverAddress,
    {
      schema: {
        tags,
        summary: 'The cover of a novel that has none: OPDS 2.0 wants one',
        response: sends('image/png'),
      },
    },
    async (_request, reply) =>
      reply
        .type('image/png')
        .header('cache-control', 'public, max-age=86400')
        .send(Buffer.from(plainCover())),
  )
}

function navigation(base: string): object {
  return {
    metadata: { title: 'Nightjar' },
    links: [
      { rel: ['self', 'start'], href: base + opds2Root, type: opds2Type },
      { rel: 'alternate', href: base + opdsRoot, type: navigationType },
      search(base),
    ],
    navigation: shelves.map((shelf) => ({
      href: base + shelfAddress(opds2Root, shelf, undefined),
      title: shelf.title,
      type: opds2Type,
      rel: shelf.name === 'new' ? 'http://opds-spec.org/sort/new' : 'subsection',
    })),
  }
}

function acquisition(base: string, page: CataloguePage): object {
  const { shelf, query, total, publications } = page
  const at = (root: string, number: number) => base + shelfAddress(root, shelf, query, number)
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
      search(base),
      ...[...pageLinks(page)].map(([rel, number]) => ({
        rel,
        href: at(opds2Root, number),
        type: opds2Type,
      })),
    ],
    publications: publications.map((each) => publication(base, each)),
  }
}

function publication(base: string, novel: Publication): object {
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
        : [{ href: base + plainCoverAddress, type: 'image/png' }]),
    ],
  }
}
