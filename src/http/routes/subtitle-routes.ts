import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { selectExportChapters } from '../../exports/chapter-selection.ts'
import { bookSubtitles, chapterSubtitles } from '../../exports/subtitles/subtitle-export.ts'
import { Failure } from '../../novel/failure.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import { findRendition, type CountsHealth, type Renditions } from '../../playback/renditions.ts'
import type { ApiServer } from '../api-server.ts'
import { chapterParams, novelParams, soundQuery } from '../contract/field-contract.ts'
import { sendFailure } from '../protocol/failure-responses.ts'
import { fileResponse } from '../protocol/openapi.ts'

const tags = ['listening']
const forms = { vtt: 'text/vtt; charset=utf-8', srt: 'application/x-subrip; charset=utf-8' } as const

const subtitleQuery = soundQuery.extend({
  words: z.enum(['0', '1']).default('0').describe('1: WebVTT with the time of each word, where it is known'),
})

export function subtitleRoutes(app: ApiServer, context: Renditions & CountsHealth): void {
  for (const [form, type] of Object.entries(forms) as ['vtt' | 'srt', string][]) {
    const formOf = ({ words }: z.infer<typeof subtitleQuery>) =>
      form === 'vtt' && words === '1' ? 'vtt-words' : form

    app.get(
      `/api/novels/:id/chapters/:number/subtitles.${form}`,
      {
        schema: {
          tags,
          summary:
            'A finished chapter’s sentences as subtitles; 409 with the progress while it is being made',
          params: chapterParams,
          querystring: subtitleQuery,
          response: fileResponse(type.replace(/;.*$/, '')),
        },
      },
      async (request, reply) => {
        const { id, number } = request.params
        const rendition = await findRendition(context, id, number, request.query)
        const text = await chapterSubtitles(context, rendition, formOf(request.query)).catch(asFailure)
        const { done, total } = rendition.counts
        if (text instanceof Failure)
          return sendFailure(reply, text, { progress: { segmentsDone: done, segmentsTotal: total } })
        return asFile(reply, type).send(text)
      },
    )

    app.get(
      `/api/novels/:id/book.${form}`,
      {
        schema: {
          tags,
          summary: 'Subtitles of all chapters that are ready, one after the other as in the audiobook',
          params: novelParams,
          querystring: subtitleQuery,
          response: fileResponse(type.replace(/;.*$/, '')),
        },
      },
      async (request, reply) => {
        const novel = await requireNovel(context, request.params.id)
        const chapters = await selectExportChapters(context, novel, request.query)
        return asFile(reply, type).send(
          Readable.from(bookSubtitles(context, chapters, formOf(request.query))),
        )
      },
    )
  }
}

function asFile(reply: FastifyReply, type: string): FastifyReply {
  return reply.headers({ 'content-type': type, 'cache-control': 'private, no-cache' })
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  throw error
}
