import { z } from 'zod'
import { listenerOf } from '../../accounts/callers.ts'
import type { Application } from '../../jobs/application.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import { begunNovels, listBegun } from '../../storage/queries/begun-queries.ts'
import { chapterByNumber, placeInStory } from '../../storage/queries/chapter-queries.ts'
import { novelById } from '../../storage/queries/novel-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { begunNovel, type BegunNovel, begunQuery, begunRequest } from '../contract/begun-contract.ts'
import { failure, novelParams } from '../contract/field-contract.ts'
import type { Novel } from '../contract/novel-contract.ts'
import type { NovelViewParts } from '../views/novel-view.ts'
import { viewShelf } from '../views/shelf-view.ts'
import { viewerOf } from '../views/viewer.ts'

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
      const ids = await begunNovels(context.db, viewer.listener, request.query.limit)
      const rows = await Promise.all(ids.map((id) => novelById(context.db, id)))
      const known = rows.filter((row) => row !== undefined)
      const novels: BegunNovel[] = []
      for (const novel of await viewShelf(context, known, viewer)) {
        const begun = await withChapter(context, novel)
        if (begun) novels.push(begun)
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

/** `undefined` if its chapter is gone meanwhile. */
async function withChapter({ db }: NovelViewParts, novel: Novel): Promise<BegunNovel | undefined> {
  const number = novel.left?.chapterNumber
  if (number === undefined) return undefined
  const chapter = await chapterByNumber(db, novel.id, number)
  if (!chapter) return undefined
  const inStory = chapter.matter === 'body' ? await placeInStory(db, chapter) : undefined
  return {
    ...novel,
    chapter: { number, title: chapter.title, ...(inStory !== undefined && { inStory }) },
  }
}
