import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { eyesOf } from '../../accounts/callers.ts'
import type { Application } from '../../jobs/application.ts'
import { controlGeneration, type ControlVerb } from '../../jobs/generations/generation-commands.ts'
import { currentStatus } from '../../jobs/generations/generation-progress.ts'
import {
  type AcceptedGeneration,
  type GenerationParts,
  type GenerationRequest,
  requestGeneration,
} from '../../jobs/generations/generation-requests.ts'
import { moveGeneration } from '../../jobs/generations/queue-moves.ts'
import type { Status } from '../../novel/generation.ts'
import { findRendition } from '../../playback/renditions.ts'
import { priorityFor } from '../access/listener-limits.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, pageQuery, soundQuery } from '../contract/field-contract.ts'
import {
  acceptedChapter,
  acceptedChapters,
  chapterProgress,
  generateAll,
  generateBatch,
  generateChapter,
  progress,
  progressParams,
  queue,
  queueDestination,
  queueOrder,
  statusParams,
} from '../contract/generation-contract.ts'
import { chapterStatus } from '../views/novel-view.ts'
import {
  ProgressSerializer,
  serializedProgress,
  viewQueue,
  type ProgressViewParts,
} from '../views/progress-view.ts'

const tags = ['generation']
const withProgress = z.object({ success: z.literal(true), progress })
const verbs: readonly ControlVerb[] = ['pause', 'resume', 'cancel', 'retry']

export function generationRoutes(
  app: ApiServer,
  application: GenerationParts & ProgressViewParts & Pick<Application, 'pool'>,
): void {
  const writer = new ProgressSerializer()
  const sendProgress = async (reply: FastifyReply, progressId: string): Promise<FastifyReply> =>
    reply
      .type('application/json; charset=utf-8')
      .send(await serializedProgress(application, writer, progressId))

  const accept = async (request: GenerationRequest): Promise<AcceptedGeneration & { status: Status }> => {
    const accepted = await requestGeneration(application, request)
    return { ...accepted, status: await currentStatus(application, accepted.generation, accepted.chapters) }
  }

  app.post(
    '/api/worker/generate/chapter',
    {
      schema: {
        tags,
        summary: 'Speak a chapter in the background; the answer is immediate',
        body: generateChapter,
        response: { 202: acceptedChapter, '4xx': failure },
      },
    },
    async (request, reply) => {
      const { body, basePath } = request
      const { novelId, chapterNumber } = body
      const priority = priorityFor(request, body.priority)
      const { generation, status } = await accept({ ...body, priority, chapterNumbers: [chapterNumber] })
      return reply
        .code(202)
        .header('location', `${basePath}/api/worker/progress/${generation.id}`)
        .send({
          success: true,
          message: `Chapter ${chapterNumber} is being spoken in the background.`,
          progressId: generation.id,
          data: { novelId, chapterNumber, status },
        })
    },
  )

  const acceptMany = async (request: GenerationRequest) => {
    const { generation, chapters, status } = await accept(request)
    return {
      success: true as const,
      message: `${chapters.length} ${chapters.length === 1 ? 'chapter is' : 'chapters are'} being spoken in the background.`,
      progressId: generation.id,
      data: { novelId: request.novelId, chapterNumbers: chapters.map(({ number }) => number), status },
    }
  }

  for (const [path, body, summary] of [
    ['batch', generateBatch, 'Speak several chapters in the background'],
    ['all', generateAll, 'Speak every narrated chapter in the background'],
  ] as const) {
    app.post(
      `/api/worker/generate/${path}`,
      { schema: { tags, summary, body, response: { 202: acceptedChapters, '4xx': failure } } },
      async (request, reply) => {
        const accepted = await acceptMany({
          ...request.body,
          priority: priorityFor(request, request.body.priority),
        })
        return reply
          .code(202)
          .header('location', `${request.basePath}/api/worker/progress/${accepted.progressId}`)
          .send(accepted)
      },
    )
  }

  app.get(
    '/api/worker/progress/:progressId',
    {
      schema: {
        tags,
        summary: 'How far a generation is',
        params: progressParams,
        response: { 200: withProgress, '4xx': failure },
      },
    },
    async ({ params }, reply) => sendProgress(reply, params.progressId),
  )

  for (const verb of verbs) {
    app.post(
      `/api/worker/progress/:progressId/${verb}`,
      {
        schema: {
          tags,
          summary: `${verb[0]?.toUpperCase()}${verb.slice(1)} a generation`,
          params: progressParams,
          response: { 200: withProgress, '4xx': failure },
        },
      },
      async ({ params }, reply) => {
        await controlGeneration(application, params.progressId, verb)
        return sendProgress(reply, params.progressId)
      },
    )
  }

  app.put(
    '/api/worker/progress/:progressId/place',
    {
      schema: {
        tags,
        summary: 'Move a generation in the queue; what a listener is about to hear still comes first',
        params: progressParams,
        body: queueDestination,
        response: { 200: queueOrder, '4xx': failure },
      },
    },
    async ({ params, body }) => {
      await moveGeneration(application, params.progressId, body)
      const order = application.activeGenerations.all().map(({ generation }) => generation.id)
      return { success: true as const, order }
    },
  )

  app.get(
    '/api/worker/status/:novelId/:chapterNumber',
    {
      schema: {
        tags,
        summary: 'How far a chapter is, whoever asked for it',
        params: statusParams,
        querystring: soundQuery,
        response: { 200: z.object({ success: z.literal(true), progress: chapterProgress }), '4xx': failure },
      },
    },
    async ({ params, query }) => {
      const rendition = await findRendition(application, params.novelId, params.chapterNumber, query)
      const { chapter, voice, speed, casting, counts } = rendition
      const asked = application.activeGenerations.waitingFor(casting.id, chapter.id)
      return {
        success: true as const,
        progress: {
          novelId: params.novelId,
          chapterNumber: chapter.number,
          title: chapter.title,
          voice,
          speed,
          status: chapterStatus(application, chapter, counts, casting),
          segmentsTotal: counts.total,
          segmentsDone: counts.done,
          percent: counts.total === 0 ? 0 : Math.floor((counts.done / counts.total) * 1000) / 10,
          progressIds: asked.map(({ generation }) => generation.id),
        },
      }
    },
  )

  app.get(
    '/api/worker/queue',
    {
      schema: {
        tags,
        summary: 'What runs, what waits, in order, and what is finished',
        querystring: pageQuery,
        response: { 200: queue, '4xx': failure },
      },
    },
    async (request) => viewQueue(application, request.query, eyesOf(request)),
  )
}
