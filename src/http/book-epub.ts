import { Readable } from 'node:stream'
import type { Studio } from '../generation/studio.ts'
import type { BookEpubs } from '../listening/book-epub.ts'
import { knownNovel } from '../listening/rendition.ts'
import { attachment } from './attachment.ts'
import { novelParams, soundQuery } from './contract.ts'
import { sendsTagged } from './documented-answers.ts'
import { namesTag } from './entity-tag.ts'
import type { Door } from './door.ts'

export function bookEpubRoutes(app: Door, studio: Studio, epubs: BookEpubs): void {
  app.route({
    // Its own HEAD: the one that Fastify derives from a GET tells no length.
    method: ['GET', 'HEAD'],
    url: '/api/novels/:id/book.epub',
    schema: {
      tags: ['listening'],
      summary: 'The book as an EPUB 3 to read along, with the sound of all chapters that are ready',
      params: novelParams,
      querystring: soundQuery,
      response: sendsTagged('application/epub+zip'),
    },
    handler: async (request, reply) => {
      const novel = await knownNovel(studio, request.params.id)
      const { size, etag, read } = await epubs.of(novel, request.query)
      reply.headers({
        'content-type': 'application/epub+zip',
        'accept-ranges': 'none',
        'cache-control': 'private, no-cache',
        'content-disposition': attachment(novel.title, '.epub'),
        etag,
      })
      if (namesTag(request.headers['if-none-match'], etag)) return reply.code(304).send()
      reply.header('content-length', size)
      if (request.method === 'HEAD') return reply.send()
      return reply.send(Readable.from(read(), { objectMode: false }))
    },
  })
}
