import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Application } from '../../jobs/application.ts'
import {
  readTranscodedChapter,
  type TranscodeSet,
  requestChapterTranscode,
  requestNovelTranscodes,
  readTranscodeZip,
  zipOfTranscodes,
} from '../../exports/transcode-export.ts'
import { requireNovel, findRendition } from '../../playback/renditions.ts'
import { framesToSeconds } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import { type TranscodeFormat, transcodeFormats } from '../../novel/chapter-transcode.ts'
import { chapterParams, novelParams, soundQuery } from '../contract/api-contract.ts'
import { rangeFileResponse } from '../protocol/openapi.ts'
import { sendFailure } from '../protocol/failure-responses.ts'
import { type Export, transcodeExport } from '../contract/export-contract.ts'
import { contentDisposition, sendFile } from '../protocol/file-response.ts'
import type { ApiServer } from '../api-server.ts'

const tags = ['listening']
/** Changes whenever the same files are put into a zip differently, be it by their names. */
const zipVersion = 2
const transcodePending = z.object({ success: z.literal(true), export: transcodeExport })
const mediaTypes: Readonly<Record<TranscodeFormat, string>> = { mp3: 'audio/mpeg', opus: 'audio/ogg' }
const formatNames: Readonly<Record<TranscodeFormat, string>> = { mp3: 'MP3', opus: 'Opus in Ogg' }

/** Chapters and whole novels in forms that have to be made first: 202 with the progress until they are there. */
export function transcodeRoutes(app: ApiServer, application: Application): void {
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
        const rendition = await findRendition(application, id, number, request.query)
        const recorded = await requestChapterTranscode(application, rendition, form).catch(
          (error: unknown) => error,
        )
        if (recorded instanceof Failure) {
          const { done, total } = rendition.counts
          return sendFailure(reply, recorded, { progress: { segmentsDone: done, segmentsTotal: total } })
        }
        if (recorded instanceof Error) throw recorded
        const made = recorded as TranscodeSet
        const [recording] = made.transcodes
        if (made.status !== 'completed' || !recording) return sendProgress(application, request, reply, made)
        const file = {
          size: recording.bytes ?? 0,
          etag: `"${made.id}"`,
          read: (start: number, end: number) => readTranscodedChapter(application, recording, start, end),
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
        const novel = await requireNovel(application, request.params.id)
        const made = await requestNovelTranscodes(application, novel, form, request.query)
        if (made.status !== 'completed') return sendProgress(application, request, reply, made)
        const zip = zipOfTranscodes(made, new Date(novel.createdAt))
        const file = {
          size: zip.size,
          etag: `"${made.id}-${zipVersion}"`,
          read: (start: number, end: number) => readTranscodeZip(application, made, zip, start, end),
        }
        reply.header('content-disposition', contentDisposition(novel.title, `.${form}.zip`))
        return sendFile(request, reply, 'application/zip', file)
      },
    })
  }
}

/** Where and when to ask again (RFC 9110, 15.3.3). What failed is said at once, with the same figures. */
function sendProgress(
  application: Application,
  request: FastifyRequest,
  reply: FastifyReply,
  transcode: TranscodeSet,
): FastifyReply {
  const { id, form, status, percent, failure, transcodes } = transcode
  const { transcoder, diskSpace } = application
  const realTimeFactor = transcoder.realTimeFactor()
  const full = diskSpace.full || transcoder.waitsForSpace
  const view: Export = {
    id,
    form,
    status,
    percent: Math.floor(percent * 10) / 10,
    errorMessage: failure?.message ?? null,
    waiting: full ? new Failure('storage.full').message : null,
    realTimeFactor: realTimeFactor ?? null,
    chapters: transcodes.length,
  }
  if (status === 'failed' && failure) return sendFailure(reply, failure, { export: view })
  const frames = transcodes.reduce((all, recording) => all + recording.frames, 0)
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

/** Seconds of sound a second, until there is something to judge by. */
const defaultRealTimeFactor = 100
