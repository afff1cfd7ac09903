import { z } from 'zod'
import { eyesOf } from '../../accounts/callers.ts'
import {
  deletedForGoodAt,
  restoreNovel,
  spokenBytes,
  trashDays,
  type TrashParts,
} from '../../jobs/import/novel-trash.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import { countChapters } from '../../storage/queries/chapter-queries.ts'
import { trashedNovels } from '../../storage/queries/trash-queries.ts'
import { isListener } from '../access/listener-limits.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, novelParams, pageQuery } from '../contract/field-contract.ts'
import { novel, trashList } from '../contract/novel-contract.ts'
import type { NovelViewParts } from '../views/novel-view.ts'
import { viewShelf } from '../views/shelf-view.ts'
import { viewerOf } from '../views/viewer.ts'

const tags = ['novels']

/** Deleted novels, which can be restored for 30 days. */
export function trashRoutes(app: ApiServer, application: NovelViewParts & TrashParts): void {
  app.get(
    '/api/trash',
    {
      schema: {
        tags,
        summary: `The novels that were deleted in the last ${trashDays} days, the latest first, and their room`,
        querystring: pageQuery,
        response: { 200: trashList, '4xx': failure },
      },
    },
    async (request) => {
      const novels = []
      const page = { ...request.query, ownAlone: isListener(request) }
      for (const row of await trashedNovels(application.db, eyesOf(request), page)) {
        const { id, title, author, language, deletedAt } = row
        novels.push({
          id,
          title,
          author,
          language,
          chapterCount: await countChapters(application.db, id),
          bytes: await spokenBytes(application, id),
          deletedAt,
          goneAt: deletedForGoodAt(row),
        })
      }
      return { success: true as const, novels }
    },
  )

  app.post(
    '/api/trash/:id/restore',
    {
      schema: {
        tags,
        summary: 'Restore a deleted novel with all that it had; what was being spoken goes on',
        params: novelParams,
        response: { 200: z.object({ success: z.literal(true), novel }), '4xx': failure },
      },
    },
    async (request) => {
      await restoreNovel(application, request.params.id)
      const row = await requireNovel(application, request.params.id)
      const [restored] = await viewShelf(application, [row], viewerOf(request))
      return { success: true as const, novel: restored! }
    },
  )
}
