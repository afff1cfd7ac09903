import type { Studio } from '../generation/studio.ts'
import { knownNovel } from '../listening/rendition.ts'
import { cataloguePage, publicationOf, shelves } from './catalogue.ts'
import { novelParams } from './contract.ts'
import { sends, sendsTagged } from './documented-answers.ts'
import { catalogueQuery } from './feed-contract.ts'
import { opds2Root, opds2Type } from './opds-feed.ts'
import {
  opds2Acquisition,
  opds2Navigation,
  opds2Publication,
  plainCoverAddress,
  publicationType,
} from './opds2-feed.ts'
import { plainCover } from './plain-cover.ts'
import { sendDocument } from './send-document.ts'
import type { Door } from './door.ts'

const tags = ['feeds']

/** OPDS 2.0, for newer reading apps. */
export function opds2Routes(app: Door, studio: Studio): void {
  for (const url of [opds2Root, `${opds2Root}/`]) {
    const summary = 'The shelf for reading apps: OPDS 2.0'
    app.get(
      url,
      { schema: { tags, summary, hide: url !== opds2Root, response: sendsTagged(opds2Type) } },
      async (request, reply) =>
        sendDocument(request, reply, opds2Type, JSON.stringify(opds2Navigation(request.basePath))),
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
        response: sendsTagged(publicationType),
      },
    },
    async (request, reply) => {
      const novel = await publicationOf(studio, request.basePath, await knownNovel(studio, request.params.id))
      const text = JSON.stringify(opds2Publication(request.basePath, novel))
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
