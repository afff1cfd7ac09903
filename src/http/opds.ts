import { listNovels } from '../database/novels.ts'
import type { Application } from '../generation/studio.ts'
import { cataloguePage, opdsLists } from './catalogue.ts'
import { taggedFileResponse } from './documented-answers.ts'
import { opdsQuery } from './feed-contract.ts'
import {
  acquisitionFeed,
  acquisitionType,
  navigationFeed,
  navigationType,
  opdsRoot,
  searchDescription,
  searchType,
} from './opds-feed.ts'
import { publicBaseUrl } from './public-address.ts'
import { sendDocument } from './send-document.ts'
import type { ApiServer } from './door.ts'

const tags = ['feeds']
/** Of a shelf that holds nothing. */
const emptyUpdatedAt = new Date(0).toISOString()

/** OPDS 1.2, for reading apps. */
export function opdsRoutes(app: ApiServer, studio: Application): void {
  // Whoever types the address by hand may end it with a slash.
  for (const url of [opdsRoot, `${opdsRoot}/`]) {
    const summary = 'The shelf for reading apps: OPDS 1.2'
    app.get(
      url,
      { schema: { tags, summary, hide: url !== opdsRoot, response: taggedFileResponse('application/atom+xml') } },
      async (request, reply) => {
        const [newest] = await listNovels(studio.db, { limit: 1, offset: 0 })
        const text = navigationFeed(request.basePath, newest?.createdAt ?? emptyUpdatedAt)
        return sendDocument(request, reply, utf8(navigationType), text)
      },
    )
  }

  for (const shelf of opdsLists) {
    app.get(
      `${opdsRoot}/${shelf.name}`,
      {
        schema: {
          tags,
          summary: `OPDS 1.2: ${shelf.title}, page by page`,
          querystring: opdsQuery,
          response: taggedFileResponse('application/atom+xml'),
        },
      },
      async (request, reply) => {
        const page = await cataloguePage(studio, request.basePath, shelf, request.query)
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
