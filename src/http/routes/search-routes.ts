import type { Renditions } from '../../playback/renditions.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import { ChapterTexts } from '../../playback/search/chapter-texts.ts'
import { searchNovel } from '../../playback/search/novel-search.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, novelParams } from '../contract/field-contract.ts'
import { searchQuery, searchResult } from '../contract/search-contract.ts'
import { disconnectSignal } from '../protocol/connection-lifetime.ts'

export function searchRoutes(app: ApiServer, context: Pick<Renditions, 'db'>, closing: AbortSignal): void {
  const texts = new ChapterTexts()
  app.get(
    '/api/novels/:id/search',
    {
      schema: {
        tags: ['novels'],
        summary: 'Where words stand in a novel, in reading order, with what stands around them',
        params: novelParams,
        querystring: searchQuery,
        response: { 200: searchResult, '4xx': failure },
      },
    },
    async (request, reply) => {
      const { id } = await requireNovel(context, request.params.id)
      const { q, offset, limit } = request.query
      const signal = AbortSignal.any([closing, disconnectSignal(reply)])
      const { hits, ...found } = await searchNovel(context.db, id, q, { offset, limit, signal, texts })
      return { success: true as const, ...found, hits: [...hits] }
    },
  )
}
