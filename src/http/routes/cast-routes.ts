import { z } from 'zod'
import type { Application } from '../../jobs/application.ts'
import { applyCast, type CastContext } from '../../jobs/cast/apply-cast.ts'
import { correctLines, requireCast, revertWantedCast, saveWantedCast } from '../../jobs/cast/cast-commands.ts'
import { type CastPlanContext, planCast } from '../../jobs/cast/plan-cast.ts'
import { changeSentenceVoice, giveSentenceVoice } from '../../jobs/cast/sentence-voices.ts'
import { requireChapter, requireNovel } from '../../jobs/require-novel.ts'
import { linesOf } from '../../storage/queries/chapter-line-queries.ts'
import { chapterText } from '../../storage/queries/chapter-queries.ts'
import type { ApiServer } from '../api-server.ts'
import {
  castLine,
  castPlan,
  castVersion,
  castView,
  correctedLines,
  sentenceParams,
  sentenceVoice,
  wantedCast,
} from '../contract/cast-contract.ts'
import { chapterParams, failure, novelParams, segmentParams } from '../contract/field-contract.ts'
import { viewCast, viewLines } from '../views/cast-view.ts'

const tags = ['novels']
const success = z.literal(true)
const withCast = z.object({ success, cast: castView })
const withLines = z.object({ success, version: z.number().int(), lines: z.array(castLine) })

type Context = CastContext & CastPlanContext & Pick<Application, 'castAnalysis' | 'castQuestions'>

export function castRoutes(app: ApiServer, context: Context): void {
  const { db } = context
  const shown = async (id: string) => ({
    success: true as const,
    cast: await viewCast(context, await requireNovel(context, id)),
  })

  const linesShown = async (novelId: string, chapterNumber: number) => {
    const { novel, chapter } = await requireChapter(context, novelId, chapterNumber)
    const [{ cast, state }, lines, { blocks }] = await Promise.all([
      requireCast(context, novel.id),
      linesOf(db, chapter.id),
      chapterText(db, chapter.id),
    ])
    return { success: true as const, version: state.version, lines: viewLines(cast, blocks, lines ?? []) }
  }

  app.get(
    '/api/novels/:id/cast',
    {
      schema: {
        tags,
        summary: 'Who speaks in a novel, as far as the text tells, in which voices',
        params: novelParams,
        response: { 200: withCast, '4xx': failure },
      },
    },
    async ({ params }) => shown(params.id),
  )

  app.put(
    '/api/novels/:id/cast',
    {
      schema: {
        tags,
        summary: 'Names, merges and voices of the characters; the book stays as it is until they are applied',
        params: novelParams,
        body: wantedCast,
        response: { 200: withCast, '4xx': failure },
      },
    },
    async ({ params, body }) => {
      const { version, dialogue, characters } = body
      await saveWantedCast(context, params.id, {
        version,
        dialogue: dialogue ?? undefined,
        characters: characters.map(({ role, name, names, gender, age, voice }) => ({
          ...(role !== undefined && { role }),
          name,
          names,
          ...(gender && { gender }),
          ...(age && { age }),
          ...(voice && { voice }),
        })),
      })
      return shown(params.id)
    },
  )

  app.post(
    '/api/novels/:id/cast/analysis',
    {
      schema: {
        tags,
        summary: 'Find in the background who speaks; corrections and voices stay',
        params: novelParams,
        response: { 202: withCast, '4xx': failure },
      },
    },
    async ({ params }, reply) => {
      await context.castAnalysis.request(params.id)
      return reply.code(202).send(await shown(params.id))
    },
  )

  app.post(
    '/api/novels/:id/cast/questions',
    {
      schema: {
        tags,
        summary:
          'Ask the language model, if one is set up, who speaks the lines that the text leaves open; its answers are proposals',
        params: novelParams,
        response: { 202: withCast, '4xx': failure },
      },
    },
    async ({ params }, reply) => {
      await context.castQuestions.request(params.id)
      return reply.code(202).send(await shown(params.id))
    },
  )

  app.post(
    '/api/novels/:id/cast/questions/stop',
    {
      schema: {
        tags,
        summary: 'Ask no more; what was answered is kept',
        params: novelParams,
        response: { 200: withCast, '4xx': failure },
      },
    },
    async ({ params }) => {
      await context.castQuestions.end((await requireNovel(context, params.id)).id)
      return shown(params.id)
    },
  )

  app.post(
    '/api/novels/:id/cast/plan',
    {
      schema: {
        tags,
        summary: 'What of that which is spoken the cast would make anew; nothing is changed',
        params: novelParams,
        response: { 200: z.object({ success, plan: castPlan }), '4xx': failure },
      },
    },
    async ({ params }) => ({
      success: true as const,
      plan: await planCast(context, await requireNovel(context, params.id)),
    }),
  )

  app.post(
    '/api/novels/:id/cast/apply',
    {
      schema: {
        tags,
        summary: 'Have the novel spoken by its cast: only what changed is spoken again',
        params: novelParams,
        body: castVersion,
        response: { 200: withCast, '4xx': failure },
      },
    },
    async ({ params, body }) => {
      await applyCast(context, params.id, body.version)
      return shown(params.id)
    },
  )

  for (const direction of ['undo', 'redo'] as const) {
    app.post(
      `/api/novels/:id/cast/${direction}`,
      {
        schema: {
          tags,
          summary:
            direction === 'undo' ? 'The cast as it was before' : 'The cast as it was before that was undone',
          params: novelParams,
          response: { 200: withCast, '4xx': failure },
        },
      },
      async ({ params }) => {
        await revertWantedCast(context, params.id, direction)
        return shown(params.id)
      },
    )
  }

  app.get(
    '/api/novels/:id/cast/chapters/:number',
    {
      schema: {
        tags,
        summary: 'The lines of a chapter, with who speaks each and why',
        params: chapterParams,
        response: { 200: withLines, '4xx': failure },
      },
    },
    async ({ params }) => linesShown(params.id, params.number),
  )

  app.put(
    '/api/novels/:id/cast/chapters/:number',
    {
      schema: {
        tags,
        summary: 'Give lines to others; they stay so whatever becomes of the chapters',
        params: chapterParams,
        body: correctedLines,
        response: { 200: withLines, '4xx': failure },
      },
    },
    async ({ params, body }) => {
      await correctLines(context, params.id, params.number, body)
      return linesShown(params.id, params.number)
    },
  )

  app.put(
    '/api/novels/:id/chapters/:number/segments/:index/voice',
    {
      schema: {
        tags,
        summary: 'Another voice for one sentence, whoever says it; kept with the cast, and undone like it',
        params: segmentParams,
        body: sentenceVoice,
        response: { 200: withCast, '4xx': failure },
      },
    },
    async ({ params: { id, number, index }, body }) => {
      await giveSentenceVoice(context, id, { chapterNumber: number, index }, body)
      return shown(id)
    },
  )

  app.put(
    '/api/novels/:id/cast/sentences/:sentence',
    {
      schema: {
        tags,
        summary: 'Another voice for a sentence that has one of its own, or none',
        params: sentenceParams,
        body: sentenceVoice,
        response: { 200: withCast, '4xx': failure },
      },
    },
    async ({ params: { id, sentence }, body }) => {
      await changeSentenceVoice(context, id, sentence, body)
      return shown(id)
    },
  )
}
