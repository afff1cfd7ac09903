import type { Application } from '../generation/studio.ts'
import { requireNovel } from '../listening/rendition.ts'
import { cataloguePage, publicationOf, opdsLists } from './catalogue.ts'
import { novelParams } from './contract.ts'
import { fileResponse, taggedFileResponse } from './documented-answers.ts'
import { opdsQuery } from './feed-contract.ts'
import { opds2Root, opds2Type } from './opds-feed.ts'
import {
  opds2Acquisition,
  opds2Navigation,
  opds2Publication,
  placeholderCoverAddress,
  publicationType,
} from './opds2-feed.ts'
import { placeholderCover } from './plain-cover.ts'
import { sendDocument } from './send-document.ts'
import type { ApiServer } from './door.ts'

const opds2Tags = ['feeds']

/** OPDS 2.0, for newer reading apps. */
export function opds2Routes(app: ApiServer, studio: Application): void {
  for (const url of [opds2Root, `${opds2Root}/`]) {
    const summary = 'The shelf for reading apps: OPDS 2.0'
    app.get(
      url,
      { schema: { tags: opds2Tags, summary, hide: url !== opds2Root, response: taggedFileResponse(opds2Type) } },
      async (request, reply) =>
        sendDocument(request, reply, opds2Type, JSON.stringify(opds2Navigation(request.basePath))),
    )
  }

  for (const shelf of opdsLists) {
    app.get(
      `${opds2Root}/${shelf.name}`,
      {
        schema: {
          tags: opds2Tags,
          summary: `OPDS 2.0: ${shelf.title}, page by page`,
          querystring: opdsQuery,
          response: taggedFileResponse(opds2Type),
        },
      },
      async (request, reply) => {
        const page = await cataloguePage(studio, request.basePath, shelf, request.query)
        const text = JSON.stringify(opds2Acquisition(request.basePath, page))
        return sendDocument(request, reply, opds2Type, text)
      },
    )
  }

  app.get(
    `${opds2Root}/novels/:id`,
    {
      schema: {
        tags: opds2Tags,
        summary: 'OPDS 2.0: one novel',
        params: novelParams,
        response: taggedFileResponse(publicationType),
      },
    },
    async (request, reply) => {
      const novel = await publicationOf(studio, request.basePath, await requireNovel(studio, request.params.id))
      const text = JSON.stringify(opds2Publication(request.basePath, novel))
      return sendDocument(request, reply, publicationType, text)
    },
  )

  app.get(
    placeholderCoverAddress,
    {
      schema: {
        tags: opds2Tags,
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
