import { viewSaid } from '../views/said-view.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  readTranscodedChapter,
  requestChapterTranscode,
  requestNovelTranscodes,
  type TranscodeSet,
  zipOfTranscodes,
  type TranscodeSources,
} from '../../exports/transcode-export.ts'
import type { DiskSpaceMonitor } from '../../jobs/storage-health.ts'
import { type TranscodeFormat, transcodeFormats } from '../../novel/chapter-transcode.ts'
import { framesToSeconds } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import { findRendition, type CountsHealth } from '../../playback/renditions.ts'
import type { ApiServer } from '../api-server.ts'
import { chapterParams, novelParams, soundQuery } from '../contract/field-contract.ts'
import { type Export, transcodeExport } from '../contract/export-contract.ts'
import { sendFailure } from '../protocol/failure-responses.ts'
import { contentDisposition, sendFile } from '../protocol/file-response.ts'
import { rangeFileResponse } from '../protocol/openapi.ts'

const tags = ['listening']
/** To be raised when the same files give a different zip, including their names. */
const zipVersion = 3
/** Estimated seconds of audio encoded per second, until it has been measured. */
const defaultRealTimeFactor = 100
const transcodePending = z.object({ success: z.literal(true), export: transcodeExport })
const mediaTypes: Readonly<Record<TranscodeFormat, string>> = { mp3: 'audio/mpeg', opus: 'audio/ogg' }
const formatNames: Readonly<Record<TranscodeFormat, string>> = { mp3: 'MP3', opus: 'Opus in Ogg' }

interface TranscodeContext extends TranscodeSources, CountsHealth {
  readonly diskSpace: DiskSpaceMonitor
}

/** Chapters and whole novels as MP3 and Opus: 202 with the progress until they are encoded. */
export function transcodeRoutes(app: ApiServer, context: TranscodeContext): void {
  for (const form of transcodeFormats) {
    app.route({
      method: ['GET', 'HEAD'],
      url: `/api/novels/:id/chapters/:number/audio.${form}`,
      schema: {
        tags,
        summary: `A finished chapter as ${formatNames[form]}; 202 with the progress until it is made, then Range and If-Range`,
        params: chapterParams,
        querystring: soundQuery,
        response: { ...rangeFileResponse(mediaTypes[form]), 202: transcodePending },
      },
      handler: async (request, reply) => {
        const { id, number } = request.params
        const rendition = await findRendition(context, id, number, request.query)
        const requested = await requestChapterTranscode(context, rendition, form).catch(
          (error: unknown) => error,
        )
        if (requested instanceof Failure) {
          const { done, total } = rendition.counts
          return sendFailure(reply, requested, { progress: { segmentsDone: done, segmentsTotal: total } })
        }
        if (requested instanceof Error) throw requested
        const set = requested as TranscodeSet
        const [transcode] = set.transcodes
        if (set.status !== 'completed' || !transcode) return sendProgress(context, request, reply, set)
        const file = {
          size: transcode.bytes ?? 0,
          etag: `"${set.id}"`,
          read: (start: number, end: number) => readTranscodedChapter(context, transcode, start, end),
        }
        const { novel, chapter } = rendition
        reply.header(
          'content-disposition',
          contentDisposition(`${novel.title} ${chapter.number} ${chapter.title}`, `.${form}`),
        )
        return sendFile(request, reply, mediaTypes[form], file)
      },
    })

    app.route({
      method: ['GET', 'HEAD'],
      url: `/api/novels/:id/book.${form}.zip`,
      schema: {
        tags,
        summary: `All finished chapters as ${formatNames[form]}, in a zip; 202 with the progress until they are made`,
        params: novelParams,
        querystring: soundQuery,
        response: { ...rangeFileResponse('application/zip'), 202: transcodePending },
      },
      handler: async (request, reply) => {
        const novel = await requireNovel(context, request.params.id)
        const set = await requestNovelTranscodes(context, novel, form, request.query)
        if (set.status !== 'completed') return sendProgress(context, request, reply, set)
        const zip = zipOfTranscodes(context, set, new Date(novel.createdAt))
        const file = { ...zip, etag: `"${set.id}-${zipVersion}"` }
        reply.header('content-disposition', contentDisposition(novel.title, `.${form}.zip`))
        return sendFile(request, reply, 'application/zip', file)
      },
    })
  }
}

/** 202 with `Location` and `Retry-After` (RFC 9110, 15.3.3), or the failure with the same progress. */
function sendProgress(
  context: Pick<TranscodeContext, 'transcoder' | 'diskSpace'>,
  request: FastifyRequest,
  reply: FastifyReply,
  set: TranscodeSet,
): FastifyReply {
  const { id, form, status, percent, failure, transcodes } = set
  const { transcoder, diskSpace } = context
  const realTimeFactor = transcoder.realTimeFactor()
  const full = diskSpace.full || transcoder.waitsForSpace
  const waiting = full ? new Failure('storage.full').message : null
  const view: Export = {
    id,
    form,
    status,
    percent: Math.floor(percent * 10) / 10,
    errorMessage: failure?.message ?? null,
    ...viewSaid('errorSaid', failure?.message),
    waiting,
    ...viewSaid('waitingSaid', waiting),
    realTimeFactor: realTimeFactor ?? null,
    chapters: transcodes.length,
  }
  if (status === 'failed' && failure) return sendFailure(reply, failure, { export: view })
  const frames = transcodes.reduce((sum, transcode) => sum + transcode.frames, 0)
  const left = framesToSeconds(frames * (1 - percent / 100)) / (realTimeFactor ?? defaultRealTimeFactor)
  return reply
    .code(202)
    .headers({
      location: `${request.basePath}${request.url}`,
      'retry-after': Math.min(60, Math.max(1, Math.ceil(left))),
      'cache-control': 'no-store',
    })
    .send({ success: true, export: view })
}
