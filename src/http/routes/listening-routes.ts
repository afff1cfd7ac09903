import { z } from 'zod'
import { listenerOf } from '../../accounts/callers.ts'
import { initSegment } from '../../audio/mp4/chapter-mp4.ts'
import type { EventBus } from '../../jobs/event-bus.ts'
import { expiryMs, type PlaybackPriorities } from '../../jobs/scheduler/playback-priorities.ts'
import { Failure } from '../../novel/failure.ts'
import {
  chapterAudio,
  type ChapterLayoutCache,
  segmentFragment,
  type ChapterSound,
} from '../../playback/chapter-audio.ts'
import { chapterTimeline } from '../../playback/chapter-timeline.ts'
import { requireChapter, requireNovel } from '../../jobs/require-novel.ts'
import { findRendition } from '../../playback/renditions.ts'
import { positionOf, savePosition } from '../../storage/queries/playback-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { chapterParams, failure, novelParams, segmentParams, soundQuery } from '../contract/field-contract.ts'
import { positionRequest, storedPosition, timeline } from '../contract/novel-contract.ts'
import { sendFailure } from '../protocol/failure-responses.ts'
import { sendFile } from '../protocol/file-response.ts'
import { fileResponse, rangeFileResponse } from '../protocol/openapi.ts'

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
        body: positionRequest,
        response: { 200: z.object({ success: z.literal(true), position: storedPosition }), '4xx': failure },
      },
    },
    async (request) => {
      const { id: novelId } = request.params
      const { agoSeconds = 0, device, ...place } = request.body
      const { chapterNumber, segment } = place
      await requireChapter(context, novelId, chapterNumber)
      // What is sent late was left long ago.
      if (agoSeconds * 1000 < expiryMs) {
        context.playbackPriorities.update(novelId, chapterNumber, segment, Date.now())
        context.eventBus.publish({ kind: 'playback', novelId, chapterNumber, segment })
      }
      const of = { listener: listenerOf(request), novelId }
      const updatedAt = new Date(Date.now() - agoSeconds * 1000).toISOString()
      const stored = await savePosition(context.db, of, { ...place, updatedAt, ...(device && { device }) })
      const by = device && { device: device.id }
      context.eventBus.publish({ kind: 'listener', ...of, about: 'position', ...by })
      return { success: true as const, position: stored }
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
      const { id: novelId } = await requireNovel(context, request.params.id)
      return {
        success: true as const,
        position: (await positionOf(context.db, { listener: listenerOf(request), novelId })) ?? null,
      }
    },
  )
}
