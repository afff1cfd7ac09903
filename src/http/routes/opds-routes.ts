import { eyesOf } from '../../accounts/callers.ts'
import { cataloguePage, opdsLists, publicationOf } from '../../exports/opds/opds-catalogue.ts'
import {
  acquisitionFeed,
  acquisitionType,
  navigationFeed,
  navigationType,
  opds2Root,
  opds2Type,
  opdsRoot,
  searchDescription,
  searchType,
} from '../../exports/opds/opds1-feed.ts'
import {
  opds2Acquisition,
  opds2Navigation,
  opds2Publication,
  placeholderCoverAddress,
  publicationType,
} from '../../exports/opds/opds2-feed.ts'
import { placeholderCover } from '../../exports/opds/placeholder-cover.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import { type Renditions } from '../../playback/renditions.ts'
import { listNovels } from '../../storage/queries/novel-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { novelParams } from '../contract/field-contract.ts'
import { opdsQuery } from '../contract/export-contract.ts'
import { sendDocument } from '../protocol/conditional-requests.ts'
import { fileResponse, taggedFileResponse } from '../protocol/openapi.ts'
import { publicBaseUrl } from '../protocol/public-urls.ts'
import { viewerOf } from '../views/viewer.ts'

const tags = ['feeds']
/** `updated` of an empty catalogue. */
const emptyUpdatedAt = new Date(0).toISOString()

/** OPDS 1.2, for reading apps. */
export function opdsRoutes(app: ApiServer, context: Renditions): void {
  // Users who type the URL may end it with a slash.
  for (const url of [opdsRoot, `${opdsRoot}/`]) {
    const summary = 'The shelf for reading apps: OPDS 1.2'
    app.get(
      url,
      {
        schema: {
          tags,
          summary,
          hide: url !== opdsRoot,
          response: taggedFileResponse('application/atom+xml'),
        },
      },
      async (request, reply) => {
        const [newest] = await listNovels(context.db, eyesOf(request), { limit: 1, offset: 0 })
        const text = navigationFeed(request.basePath, newest?.createdAt ?? emptyUpdatedAt)
        return sendDocument(request, reply, utf8(navigationType), text)
      },
    )
  }

  for (const list of opdsLists) {
    app.get(
      `${opdsRoot}/${list.name}`,
      {
        schema: {
          tags,
          summary: `OPDS 1.2: ${list.title}, page by page`,
          querystring: opdsQuery,
          response: taggedFileResponse('application/atom+xml'),
        },
      },
      async (request, reply) => {
        const page = await cataloguePage(context, viewerOf(request), list, request.query)
        const text = acquisitionFeed(request.basePath, page, latestUpdate(page.publications))
        return sendDocument(request, reply, utf8(acquisitionType), text)
      },
    )
  }

  app.get(
    `${opdsRoot}/search.xml`,
    {
      schema: {
        tags,
        summary: 'How the shelf is searched: OpenSearch 1.1',
        response: taggedFileResponse(searchType),
      },
    },
    async (request, reply) =>
      sendDocument(request, reply, utf8(searchType), searchDescription(publicBaseUrl(request))),
  )
}

function latestUpdate(publications: readonly { readonly updatedAt: string }[]): string {
  return publications.reduce((last, { updatedAt }) => (updatedAt > last ? updatedAt : last), emptyUpdatedAt)
}

function utf8(type: string): string {
  return `${type}; charset=utf-8`
}

/** OPDS 2.0, for newer reading apps. */
export function opds2Routes(app: ApiServer, context: Renditions): void {
  for (const url of [opds2Root, `${opds2Root}/`]) {
    const summary = 'The shelf for reading apps: OPDS 2.0'
    app.get(
      url,
      {
        schema: {
          tags,
          summary,
          hide: url !== opds2Root,
          response: taggedFileResponse(opds2Type),
        },
      },
      async (request, reply) =>
        sendDocument(request, reply, opds2Type, JSON.stringify(opds2Navigation(request.basePath))),
    )
  }

  for (const list of opdsLists) {
    app.get(
      `${opds2Root}/${list.name}`,
      {
        schema: {
          tags,
          summary: `OPDS 2.0: ${list.title}, page by page`,
          querystring: opdsQuery,
          response: taggedFileResponse(opds2Type),
        },
      },
      async (request, reply) => {
        const page = await cataloguePage(context, viewerOf(request), list, request.query)
        const text = JSON.stringify(opds2Acquisition(request.basePath, page))
        return sendDocument(request, reply, opds2Type, text)
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
        response: taggedFileResponse(publicationType),
      },
    },
    async (request, reply) => {
      const novel = await publicationOf(
        context,
        request.basePath,
        await requireNovel(context, request.params.id),
      )
      const text = JSON.stringify(opds2Publication(request.basePath, novel))
      return sendDocument(request, reply, publicationType, text)
    },
  )

  app.get(
    placeholderCoverAddress,
    {
      schema: {
        tags,
        summary: 'The cover of a novel that has none: OPDS 2.0 wants one',
        response: fileResponse('image/png'),
      },
    },
    async (_request, reply) =>
      reply
        .type('image/png')
        .header('cache-control', 'public, max-age=86400')
        .send(Buffer.from(placeholderCover())),
  )
}
