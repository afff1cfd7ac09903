import { z } from 'zod'
import { m4bFile } from '../listening/book-audio.ts'
import { selectExportChapters } from '../listening/book-chapters.ts'
import type { EpubExporter } from '../listening/book-epub.ts'
import { M4bLayoutCache } from '../listening/book-layouts.ts'
import { requireNovel } from '../listening/rendition.ts'
import { partBySize } from '../listening/sized-part.ts'
import type { Application } from '../generation/studio.ts'
import { yieldToEventLoop } from '../generation/turns.ts'
import { parseChapters } from '../novel/chapter-range.ts'
import { framesToSeconds } from '../novel/clip.ts'
import { partName } from '../novel/file-name.ts'
import { contentDisposition } from './attachment.ts'
import { sendFile } from './computed-file.ts'
import { failure, novelParams, soundQuery } from './contract.ts'
import { rangeFileResponse } from './documented-answers.ts'
import { type ExportForm, bookQuery, exportForm, requireOneDivision } from './export-contract.ts'
import { exportForms } from './export-forms.ts'
import type { ApiServer } from './door.ts'
import { partLinks } from './part-links.ts'
import { withQuery } from './with-query.ts'

const exportTags = ['exports']

export function exportRoutes(app: ApiServer, studio: Application, epubs: EpubExporter): void {
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
      const novel = await requireNovel(studio, request.params.id)
      const chapters = await selectExportChapters(studio, novel, request.query)
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
          studio,
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
      const novel = await requireNovel(studio, request.params.id)
      const { query } = request
      requireOneDivision(query)
      const chapters = query.chapters === undefined ? undefined : parseChapters(query.chapters)
      const wanted = await selectExportChapters(studio, novel, query, { ...query, chapters })
      const { part: number, maxBytes } = query
      const sized = number !== undefined && maxBytes !== undefined
      const book = sized ? await partBySize(studio, layouts, novel, wanted, { number, maxBytes }) : wanted
      const audio = await m4bFile(studio, layouts, novel, book)
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
