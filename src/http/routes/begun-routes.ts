import { z } from 'zod'
import { listenerOf } from '../../accounts/listeners.ts'
import type { Application } from '../../jobs/application.ts'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import { requireNovel } from '../../playback/renditions.ts'
import { begunNovels, listBegun } from '../../storage/queries/begun-queries.ts'
import { chapterByNumber, placeInStory } from '../../storage/queries/chapter-queries.ts'
import { novelById } from '../../storage/queries/novel-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { begunNovel, type BegunNovel, begunQuery, begunRequest } from '../contract/begun-contract.ts'
import { failure, novelParams } from '../contract/field-contract.ts'
import { type NovelViewParts, viewNovelSummary } from '../views/novel-view.ts'
import { type Viewer, viewerOf } from '../views/viewer.ts'

const tags = ['listening']

/** What to go on listening to. */
export function begunRoutes(app: ApiServer, context: NovelViewParts & Pick<Application, 'eventBus'>): void {
  app.get(
    '/api/listener/begun',
    {
      schema: {
        tags,
        summary: 'The novels that were begun and not heard to the end, the one listened to last first',
        querystring: begunQuery,
        response: {
          200: z.object({ success: z.literal(true), novels: z.array(begunNovel) }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const viewer = viewerOf(request)
      const novels: BegunNovel[] = []
      for (const id of await begunNovels(context.db, viewer.listener, request.query.limit)) {
        const novel = await viewBegun(context, id, viewer)
        if (novel) novels.push(novel)
        await yieldToEventLoop()
      }
      return { success: true as const, novels }
    },
  )

  app.put(
    '/api/novels/:id/begun',
    {
      schema: {
        tags,
        summary: 'Take a novel off the list of those to go on with, or put it there again',
        params: novelParams,
        body: begunRequest,
        response: { 204: z.null(), '4xx': failure },
      },
    },
    async (request, reply) => {
      const { id: novelId } = await requireNovel(context, request.params.id)
      const of = { listener: listenerOf(request), novelId }
      if (await listBegun(context.db, of, request.body.listed))
        context.eventBus.publish({ kind: 'listener', ...of, about: 'begun' })
      return reply.code(204).send(null)
    },
  )
}

/** `undefined` if the novel or its chapter is gone meanwhile. */
async function viewBegun(
  context: NovelViewParts,
  novelId: string,
  viewer: Viewer,
): Promise<BegunNovel | undefined> {
  const row = await novelById(context.db, novelId)
  if (!row) return undefined
  const novel = await viewNovelSummary(context, row, viewer)
  const number = novel.left?.chapterNumber
  if (number === undefined) return undefined
  const chapter = await chapterByNumber(context.db, novelId, number)
  if (!chapter) return undefined
  const inStory = chapter.matter === 'body' ? await placeInStory(context.db, chapter) : undefined
  return {
    ...novel,
    chapter: { number, title: chapter.title, ...(inStory !== undefined && { inStory }) },
  }
}
