import { z } from 'zod'
import { requireNovel } from '../../jobs/require-novel.ts'
import type { Database } from '../../storage/database-tables.ts'
import type { ApiServer } from '../api-server.ts'
import { coverage, skips, skipsQuery } from '../contract/coverage-contract.ts'
import { failure, novelParams } from '../contract/field-contract.ts'
import { SkipSummaries } from '../views/skip-summaries.ts'
import { viewCoverage, viewSkips } from '../views/coverage-view.ts'

const tags = ['novels']

export function coverageRoutes(app: ApiServer, { db }: { readonly db: Database }): void {
  const context = { db, summaries: new SkipSummaries() }
  app.get(
    '/api/novels/:id/coverage',
    {
      schema: {
        tags,
        summary: 'What of the source is not spoken and why, in figures and examples',
        params: novelParams,
        response: { 200: z.object({ success: z.literal(true), coverage }), '4xx': failure },
      },
    },
    async ({ params }) => {
      const { id } = await requireNovel(context, params.id)
      return { success: true as const, coverage: await viewCoverage(context, id) }
    },
  )

  app.get(
    '/api/novels/:id/skips',
    {
      schema: {
        tags,
        summary: 'The skipped texts of a novel in reading order; "restore" of its edits has them spoken',
        params: novelParams,
        querystring: skipsQuery,
        response: { 200: skips, '4xx': failure },
      },
    },
    async ({ params, query }) => {
      const { id } = await requireNovel(context, params.id)
      return { success: true as const, ...(await viewSkips(context, id, query)) }
    },
  )
}
