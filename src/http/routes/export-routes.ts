import { Readable } from 'node:stream'
import { z } from 'zod'
import type { AudiobookshelfExporter } from '../../exports/audiobookshelf/audiobookshelf-exporter.ts'
import { type ChapterSelection, selectExportChapters } from '../../exports/chapter-selection.ts'
import type { EpubExporter } from '../../exports/epub/epub-export.ts'
import { m4bFile } from '../../exports/m4b/m4b-export.ts'
import { M4bLayoutCache } from '../../exports/m4b/m4b-layout-cache.ts'
import { partBySize } from '../../exports/m4b/m4b-plan.ts'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import { formatChapters, parseChapters } from '../../novel/chapter-range.ts'
import { framesToSeconds } from '../../novel/clip.ts'
import { partName } from '../../novel/file-name.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, novelParams, soundQuery } from '../contract/field-contract.ts'
import {
  audiobookshelf,
  bookQuery,
  type BookQuery,
  type ExportForm,
  exportForm,
  longestList,
  requireOneDivision,
} from '../contract/export-contract.ts'
import { matchesIfNoneMatch } from '../protocol/conditional-requests.ts'
import { contentDisposition, sendFile } from '../protocol/file-response.ts'
import { rangeFileResponse, taggedFileResponse } from '../protocol/openapi.ts'
import { withQuery } from '../protocol/public-urls.ts'
import { exportForms, type ExportSources } from '../views/export-forms.ts'

const exportTags = ['exports']

export function exportRoutes(app: ApiServer, context: ExportSources, epubs: EpubExporter): void {
  const layouts = new M4bLayoutCache()

  app.get(
    '/api/novels/:id/exports',
    {
      schema: {
        tags: exportTags,
        summary: 'The forms in which a novel can be taken along, what of it is ready, and where it is',
        params: novelParams,
        querystring: soundQuery,
        response: {
          200: z.object({ success: z.literal(true), exports: z.array(exportForm) }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const novel = await requireNovel(context, request.params.id)
      const chapters = await selectExportChapters(context, novel, request.query)
      const { all, ready } = chapters
      const common = {
        ready: ready.length > 0,
        chaptersReady: ready.length,
        chaptersTotal: all.length,
        seconds: framesToSeconds(ready.reduce((sum, { counts }) => sum + counts.frames, 0)),
      }
      const exports: ExportForm[] = []
      const { voice, speed } = request.query
      const sound = withQuery('', { voice, speed })
      for (const form of exportForms) {
        const details = await form({
          context,
          layouts,
          epubs,
          novel,
          chapters,
          sound,
          base: request.basePath,
        })
        exports.push({ ...common, ...details })
        await yieldToEventLoop()
      }
      return { success: true as const, exports }
    },
  )

  app.route({
    method: ['GET', 'HEAD'],
    url: '/api/novels/:id/book.m4b',
    schema: {
      tags: exportTags,
      summary:
        'The novel as one M4B with chapters, as far as it is spoken, or a part of it; Range and If-Range; its ETag changes when it grows; parts by size are linked (Link: prev, next, last)',
      params: novelParams,
      querystring: bookQuery,
      response: rangeFileResponse('audio/mp4'),
    },
    handler: async (request, reply) => {
      const novel = await requireNovel(context, request.params.id)
      const { query } = request
      requireOneDivision(query)
      const chapters = query.chapters === undefined ? undefined : parseChapters(query.chapters)
      const wanted = await selectExportChapters(context, novel, query, { ...query, chapters })
      const { part: number, maxBytes } = query
      const sized = number !== undefined && maxBytes !== undefined
      const book = sized ? await partBySize(context, layouts, novel, wanted, { number, maxBytes }) : wanted
      const audio = await m4bFile(context, layouts, novel, book)
      if (sized)
        reply.header(
          'link',
          partLinks(`${request.basePath}/api/novels/${novel.id}/book.m4b`, query, wanted, book.part),
        )
      const ending = book.part ? `${partName('', book.part)}.m4b` : '.m4b'
      reply.header('content-disposition', contentDisposition(novel.title, ending))
      return sendFile(request, reply, 'audio/mp4', audio)
    },
  })
}

/**
 * A `Link` header (RFC 8288) to the previous, next and last part; the last part's number is the number of parts. The
 * links name the chapters that are ready now, so that parts fetched one after another fit together even if more chapters
 * are completed meanwhile.
 */
function partLinks(
  address: string,
  query: BookQuery,
  { ready }: ChapterSelection,
  { number, of } = { number: 1, of: 1 },
): string {
  const readyChapters = formatChapters(ready.map(({ chapter }) => chapter.number))
  const linkQuery = readyChapters.length <= longestList ? { ...query, chapters: readyChapters } : query
  const link = (part: number, rel: string): string =>
    `<${withQuery(address, { ...linkQuery, part })}>; rel="${rel}"`
  return [
    ...(number > 1 ? [link(number - 1, 'prev')] : []),
    ...(number < of ? [link(number + 1, 'next')] : []),
    link(of, 'last'),
  ].join(', ')
}

export function bookEpubRoutes(
  app: ApiServer,
  context: Pick<ExportSources, 'db'>,
  epubs: EpubExporter,
): void {
  app.route({
    // Handles HEAD itself: the HEAD route that Fastify derives from GET sends no Content-Length.
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
      const novel = await requireNovel(context, request.params.id)
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

export function audiobookshelfRoutes(
  app: ApiServer,
  context: Pick<ExportSources, 'db'>,
  writer: AudiobookshelfExporter,
): void {
  app.get(
    '/api/novels/:id/audiobookshelf',
    {
      schema: {
        tags: ['feeds'],
        summary: 'Whether a novel lies in audiobookshelf’s folder',
        params: novelParams,
        response: { 200: audiobookshelf.extend({ success: z.literal(true) }), '4xx': failure },
      },
    },
    async (request) => {
      const novel = await requireNovel(context, request.params.id)
      return { success: true as const, ...(await writer.stateOf(novel)) }
    },
  )
}
