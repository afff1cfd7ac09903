import { z } from 'zod'
import { listenerOf } from '../../accounts/listeners.ts'
import { initSegment } from '../../audio/mp4/chapter-mp4.ts'
import type { EventBus } from '../../jobs/event-bus.ts'
import type { PlaybackPriorities } from '../../jobs/scheduler/playback-priorities.ts'
import { Failure } from '../../novel/failure.ts'
import {
  chapterAudio,
  type ChapterLayoutCache,
  segmentFragment,
  type ChapterSound,
} from '../../playback/chapter-audio.ts'
import { chapterTimeline } from '../../playback/chapter-timeline.ts'
import { findRendition, requireChapter, requireNovel } from '../../playback/renditions.ts'
import {
  addHeard,
  type HeardChapter,
  heardOf,
  positionOf,
  savePosition,
} from '../../storage/queries/playback-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { chapterParams, failure, novelParams, segmentParams, soundQuery } from '../contract/field-contract.ts'
import { position, storedPosition, timeline } from '../contract/novel-contract.ts'
import { heardChapter, heardRequest } from '../contract/heard-contract.ts'
import { sendFailure } from '../protocol/failure-responses.ts'
import { sendFile } from '../protocol/file-response.ts'
import { fileResponse, rangeFileResponse } from '../protocol/openapi.ts'
import { viewRanges } from '../views/novel-view.ts'

const tags = ['listening']

interface Listening extends ChapterSound {
  readonly playbackPriorities: PlaybackPriorities
  readonly eventBus: EventBus
}

export function listeningRoutes(app: ApiServer, context: Listening, layouts: ChapterLayoutCache): void {
  app.route({
    // Handles HEAD itself: the HEAD route that Fastify derives from GET sends no Content-Length.
    method: ['GET', 'HEAD'],
    url: '/api/novels/:id/chapters/:number/audio.m4a',
    schema: {
      tags,
      summary: 'A finished chapter; Range and If-Range; 409 with the progress while it is being made',
      params: chapterParams,
      querystring: soundQuery,
      response: rangeFileResponse('audio/mp4'),
    },
    handler: async (request, reply) => {
      const { id, number } = request.params
      const rendition = await findRendition(context, id, number, request.query)
      const audio = await chapterAudio(context, layouts, rendition).catch((error: unknown) => error)
      if (audio instanceof Failure) {
        const { done, total } = rendition.counts
        return sendFailure(reply, audio, { progress: { segmentsDone: done, segmentsTotal: total } })
      }
      if (audio instanceof Error) throw audio
      return sendFile(request, reply, 'audio/mp4', audio as Awaited<ReturnType<typeof chapterAudio>>)
    },
  })

  app.get(
    '/api/novels/:id/chapters/:number/timeline',
    {
      schema: {
        tags,
        summary: 'Each segment’s start, length, and whether it is ready',
        params: chapterParams,
        querystring: soundQuery,
        response: { 200: z.object({ success: z.literal(true), timeline }), '4xx': failure },
      },
    },
    async (request) => {
      const { id, number } = request.params
      const rendition = await findRendition(context, id, number, request.query)
      const { voice, speed } = rendition
      const { segments, ...rest } = await chapterTimeline(context, rendition)
      return { success: true as const, timeline: { voice, speed, ...rest, segments: [...segments] } }
    },
  )

  app.get(
    '/api/novels/:id/chapters/:number/init.mp4',
    {
      schema: {
        tags,
        summary: 'The beginning of the fragments, for Media Source',
        params: chapterParams,
        querystring: soundQuery,
        response: fileResponse('audio/mp4'),
      },
    },
    async (request, reply) => {
      await requireChapter(context, request.params.id, request.params.number)
      return reply.type('audio/mp4').send(Buffer.from(initSegment()))
    },
  )

  app.get(
    '/api/novels/:id/chapters/:number/segments/:index.m4s',
    {
      schema: {
        tags,
        summary: 'A spoken segment as a movie fragment; 409 while it is not spoken',
        params: segmentParams,
        querystring: soundQuery,
        response: fileResponse('audio/mp4'),
      },
    },
    async (request, reply) => {
      const { id, number, index } = request.params
      const rendition = await findRendition(context, id, number, request.query)
      const bytes = await segmentFragment(context, rendition, index)
      return reply.type('audio/mp4').header('cache-control', 'private, no-cache').send(Buffer.from(bytes))
    },
  )

  app.put(
    '/api/novels/:id/position',
    {
      schema: {
        tags,
        summary: 'Where the listener is; what comes next there is spoken first',
        params: novelParams,
        body: position,
        response: { 200: z.object({ success: z.literal(true), position: storedPosition }), '4xx': failure },
      },
    },
    async (request) => {
      const { id } = request.params
      const { chapterNumber, segment } = request.body
      await requireChapter(context, id, chapterNumber)
      context.playbackPriorities.update(id, chapterNumber, segment, Date.now())
      context.eventBus.publish({ kind: 'playback', novelId: id, chapterNumber, segment })
      return { success: true as const, position: await savePosition(context.db, id, request.body) }
    },
  )

  app.get(
    '/api/novels/:id/position',
    {
      schema: {
        tags,
        summary: 'Where the listener was; null at first',
        params: novelParams,
        response: {
          200: z.object({ success: z.literal(true), position: storedPosition.nullable() }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const { id } = await requireNovel(context, request.params.id)
      return { success: true as const, position: (await positionOf(context.db, id)) ?? null }
    },
  )
}

function viewHeard({ chapterNumber, ranges, segments, updatedAt }: HeardChapter) {
  return { chapterNumber, segmentsHeard: segments, ranges: viewRanges(ranges), updatedAt }
}

export function heardRoutes(app: ApiServer, context: Pick<Listening, 'db'>): void {
  app.put(
    '/api/novels/:id/heard',
    {
      schema: {
        tags: tags,
        summary: 'Note that segments of a chapter were heard; asking twice is asking once',
        params: novelParams,
        body: heardRequest,
        response: { 200: z.object({ success: z.literal(true), heard: heardChapter }), '4xx': failure },
      },
    },
    async (request) => {
      const { chapterNumber } = request.body
      const [from, to] = [request.body.from, request.body.to].toSorted((a, b) => a - b) as [number, number]
      const { novel, chapter } = await requireChapter(context, request.params.id, chapterNumber)
      const last = chapter.segmentCount - 1
      if (to > last) throw new Failure('segment.unknown', { index: to, last })
      const of = { listener: listenerOf(request), novelId: novel.id, chapterNumber }
      return { success: true as const, heard: viewHeard(await addHeard(context.db, of, [from, to])) }
    },
  )

  app.get(
    '/api/novels/:id/heard',
    {
      schema: {
        tags: tags,
        summary: 'What was heard of a novel, chapter by chapter',
        params: novelParams,
        response: {
          200: z.object({ success: z.literal(true), heard: z.array(heardChapter) }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const { id } = await requireNovel(context, request.params.id)
      const heard = await heardOf(context.db, listenerOf(request), id)
      return { success: true as const, heard: heard.map(viewHeard) }
    },
  )
}
