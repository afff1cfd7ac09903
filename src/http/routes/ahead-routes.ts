import { z } from 'zod'
import type { GenerationParts } from '../../jobs/generations/generation-requests.ts'
import { currentlyAhead, keepAhead, stopKeepingAhead } from '../../jobs/generations/keep-ahead.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import { chaptersByGeneration } from '../../storage/queries/chapter-queries.ts'
import { lastNarrated } from '../../storage/queries/kept-ahead-queries.ts'
import { priorityFor } from '../access/listener-limits.ts'
import type { ApiServer } from '../api-server.ts'
import { ahead, keepAhead as keepAheadRequest, type KeptAheadView } from '../contract/ahead-contract.ts'
import { done, failure, novelParams } from '../contract/field-contract.ts'
import { type ProgressViewParts, viewProgressBrief } from '../views/progress-view.ts'

const tags = ['generation']

export function aheadRoutes(app: ApiServer, application: GenerationParts & ProgressViewParts): void {
  const { db } = application
  const numbersOf = async (id: string): Promise<readonly number[]> =>
    (await chaptersByGeneration(db, id)).map(({ number }) => number)
  const view = async (novelId: string): Promise<KeptAheadView | null> => {
    for (;;) {
      const found = await currentlyAhead(db, novelId)
      if (!found) return null
      const { id } = found.generation
      const numbers = await numbersOf(id)
      const progress = await viewProgressBrief(application, id)
      if (!progress) return null
      // It went along with the listener meanwhile: this would be the progress of other chapters.
      if (numbers.join() !== (await numbersOf(id)).join()) continue
      const { chapters, voice, speed } = found.kept
      const [from = null, to = null] = [numbers[0], numbers.at(-1)]
      const toEnd = to !== null && to === (await lastNarrated(db, novelId))
      return { chapters, voice, speed, from, to, toEnd, progress }
    }
  }

  app.put(
    '/api/novels/:id/ahead',
    {
      schema: {
        tags,
        summary:
          'Keep so many chapters spoken ahead of whoever listens, from now on; asked again it is changed',
        params: novelParams,
        body: keepAheadRequest,
        response: { 200: z.object({ success: z.literal(true), ahead }), '4xx': failure },
      },
    },
    async (request) => {
      const { params, body } = request
      await keepAhead(application, params.id, { ...body, priority: priorityFor(request, body.priority) })
      const kept = await view(params.id)
      if (!kept) throw new Error(`what is kept ahead of novel ${params.id} was stopped at this moment`)
      return { success: true as const, ahead: kept }
    },
  )

  app.get(
    '/api/novels/:id/ahead',
    {
      schema: {
        tags,
        summary: 'What is kept spoken ahead of whoever listens; null: nothing',
        params: novelParams,
        response: { 200: z.object({ success: z.literal(true), ahead: ahead.nullable() }), '4xx': failure },
      },
    },
    async ({ params }) => {
      const { id } = await requireNovel(application, params.id)
      return { success: true as const, ahead: await view(id) }
    },
  )

  app.delete(
    '/api/novels/:id/ahead',
    {
      schema: {
        tags,
        summary: 'Keep no more chapters ahead; what is spoken stays',
        params: novelParams,
        response: { 200: done, '4xx': failure },
      },
    },
    async ({ params }) => {
      await stopKeepingAhead(application, params.id)
      return { success: true as const }
    },
  )
}
