import { Readable } from 'node:stream'
import type { Application } from '../generation/studio.ts'
import type { EpubExporter } from '../listening/book-epub.ts'
import { requireNovel } from '../listening/rendition.ts'
import { contentDisposition } from './attachment.ts'
import { novelParams, soundQuery } from './contract.ts'
import { taggedFileResponse } from './documented-answers.ts'
import { matchesIfNoneMatch } from './entity-tag.ts'
import type { ApiServer } from './door.ts'

export function bookEpubRoutes(app: ApiServer, studio: Application, epubs: EpubExporter): void {
  app.route({
    // Its own HEAD: the one that Fastify derives from a GET tells no length.
    method: ['GET', 'HEAD'],
    url: '/api/novels/:id/book.epub',
    schema: {
      tags: ['listening'],
      summary: 'The book as an EPUB 3 to read along, with the sound of all chapters that are ready',
      params: novelParams,
      querystring: soundQuery,
      response: taggedFileResponse('application/epub+zip'),
    },
    handler: async (request, reply) => {
      const novel = await requireNovel(studio, request.params.id)
      const { size, etag, read } = await epubs.build(novel, request.query)
      reply.headers({
        'content-type': 'application/epub+zip',
        'accept-ranges': 'none',
        'cache-control': 'private, no-cache',
        'content-disposition': contentDisposition(novel.title, '.epub'),
        etag,
      })
      if (matchesIfNoneMatch(request.headers['if-none-match'], etag)) return reply.code(304).send()
      reply.header('content-length', size)
      if (request.method === 'HEAD') return reply.send()
      return reply.send(Readable.from(read(), { objectMode: false }))
    },
  })
}
