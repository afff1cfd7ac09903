import { z } from 'zod'
import { novelNames } from '../../jobs/lexicon/novel-names.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import type { Database } from '../../storage/database-tables.ts'
import { fineNames as fineNamesOf, saveFineNames } from '../../storage/queries/fine-name-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, novelParams } from '../contract/field-contract.ts'
import { fineNames, namesView } from '../contract/names-contract.ts'

const tags = ['novels']
const success = z.literal(true)

export function namesRoutes(app: ApiServer, context: { readonly db: Database }): void {
  const { db } = context
  app.get(
    '/api/novels/:id/names',
    {
      schema: {
        tags,
        summary: 'Names and unknown words of a novel that may be said wrong; takes seconds the first time',
        params: novelParams,
        response: { 200: z.object({ success, names: namesView }), '4xx': failure },
      },
    },
    async ({ params }) => {
      const { id, language } = await requireNovel(context, params.id)
      const { names, unspaced, chapterNumbers } = await novelNames(db, id, language)
      const fine = await fineNamesOf(db, id)
      return {
        success: true as const,
        names: {
          unspaced,
          names: names.map(({ first: { chapter, ...place }, forms, ...name }) => ({
            ...name,
            forms: [...forms],
            first: { chapterNumber: chapterNumbers[chapter]!, ...place },
            fine: fine.has(name.word.toLowerCase()),
          })),
        },
      }
    },
  )

  app.put(
    '/api/novels/:id/names/fine',
    {
      schema: {
        tags,
        summary: 'Remember that words are well said as they are, or forget it',
        params: novelParams,
        body: fineNames,
        response: { 204: z.null(), '4xx': failure },
      },
    },
    async ({ params, body }, reply) => {
      const { id } = await requireNovel(context, params.id)
      await saveFineNames(db, id, body.words, body.fine)
      return reply.code(204).send(null)
    },
  )
}
