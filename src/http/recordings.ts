import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Studio } from '../generation/studio.ts'
import {
  readChapter,
  type Recorded,
  recordedChapter,
  recordedNovel,
  readZip,
  zipOf,
} from '../listening/recordings.ts'
import { knownNovel, renditionOf } from '../listening/rendition.ts'
import { framesToSeconds } from '../novel/clip.ts'
import { Failure } from '../novel/failure.ts'
import { type RecordingForm, recordingForms } from '../novel/recording.ts'
import { chapterParams, novelParams, soundQuery } from './contract.ts'
import { sendsRanges } from './documented-answers.ts'
import { answer } from './failures.ts'
import { type Export, exported } from './recording-contract.ts'
import { attachment } from './attachment.ts'
import { answerFile } from './computed-file.ts'
import type { Door } from './door.ts'

const tags = ['listening']
/** Changes whenever the same files are put into a zip differently, be it by their names. */
const zipVersion = 2
const onTheWay = z.object({ success: z.literal(true), export: exported })
const mediaTypes: Readonly<Record<RecordingForm, string>> = { mp3: 'audio/mpeg', opus: 'audio/ogg' }
const names: Readonly<Record<RecordingForm, string>> = { mp3: 'MP3', opus: 'Opus in Ogg' }

/** Chapters and whole novels in forms that have to be made first: 202 with the progress until they are there. */
export function recordingRoutes(app: Door, studio: Studio): void {
  for (const form of recordingForms) {
    app.route({
      method: ['GET', 'HEAD'],
      url: `/api/novels/:id/chapters/:number/audio.${form}`,
      schema: {
        tags,
        summary: `A finished chapter as ${names[form]}; 202 with the progress until it is made, then Range and If-Range`,
        params: chapterParams,
        querystring: soundQuery,
        response: { ...sendsRanges(mediaTypes[form]), 202: onTheWay },
      },
      handler: async (request, reply) => {
        const { id, number } = request.params
        const rendition = await renditionOf(studio, id, number, request.query)
        const recorded = await recordedChapter(studio, rendition, form).catch((error: unknown) => error)
        if (recorded instanceof Failure) {
          const { done, total } = rendition.tally
          return answer(reply, recorded, { progress: { segmentsDone: done, segmentsTotal: total } })
        }
        if (recorded instanceof Error) throw recorded
        const made = recorded as Recorded
        const [recording] = made.recordings
        if (made.status !== 'completed' || !recording) return sendProgress(studio, request, reply, made)
        const file = {
          size: recording.bytes ?? 0,
          etag: `"${made.id}"`,
          read: (start: number, end: number) => readChapter(studio, recording, start, end),
        }
        const { novel, chapter } = rendition
        reply.header(
          'content-disposition',
          attachment(`${novel.title} ${chapter.number} ${chapter.title}`, `.${form}`),
        )
        return answerFile(request, reply, mediaTypes[form], file)
      },
    })

    app.route({
      method: ['GET', 'HEAD'],
      url: `/api/novels/:id/book.${form}.zip`,
      schema: {
        tags,
        summary: `All finished chapters as ${names[form]}, in a zip; 202 with the progress until they are made`,
        params: novelParams,
        querystring: soundQuery,
        response: { ...sendsRanges('application/zip'), 202: onTheWay },
      },
      handler: async (request, reply) => {
        const novel = await knownNovel(studio, request.params.id)
        const made = await recordedNovel(studio, novel, form, request.query)
        if (made.status !== 'completed') return sendProgress(studio, request, reply, made)
        const zip = zipOf(made, new Date(novel.createdAt))
        const file = {
          size: zip.size,
          etag: `"${made.id}-${zipVersion}"`,
          read: (start: number, end: number) => readZip(studio, made, zip, start, end),
        }
        reply.header('content-disposition', attachment(novel.title, `.${form}.zip`))
        return answerFile(request, reply, 'application/zip', file)
      },
    })
  }
}

/** Where and when to ask again (RFC 9110, 15.3.3). What failed is said at once, with the same figures. */
function sendProgress(
  studio: Studio,
  request: FastifyRequest,
  reply: FastifyReply,
  made: Recorded,
): FastifyReply {
  const { id, form, status, percent, failure, recordings } = made
  const { recorder, room } = studio
  const realTimeFactor = recorder.realTimeFactor()
  const full = room.full || recorder.waitsForRoom
  const view: Export = {
    id,
    form,
    status,
    percent: Math.floor(percent * 10) / 10,
    errorMessage: failure?.message ?? null,
    waiting: full ? new Failure('storage.full').message : null,
    realTimeFactor: realTimeFactor ?? null,
    chapters: recordings.length,
  }
  if (status === 'failed' && failure) return answer(reply, failure, { export: view })
  const frames = recordings.reduce((all, recording) => all + recording.frames, 0)
  const left = framesToSeconds(frames * (1 - percent / 100)) / (realTimeFactor ?? usualFactor)
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
const usualFactor = 100
