import { z } from 'zod'
import { editChapters, type EditContext, revertChapters } from '../../jobs/import/edit-chapters.ts'
import { type PreviewContext, previewEdit } from '../../jobs/import/edit-preview.ts'
import { requireNovel } from '../../playback/renditions.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, novelParams } from '../contract/field-contract.ts'
import { chapterCommand, remade, review } from '../contract/review-contract.ts'
import { viewReview } from '../views/review-view.ts'

const tags = ['novels']
const withReview = z.object({ success: z.literal(true), review })

export function reviewRoutes(app: ApiServer, context: EditContext & PreviewContext): void {
  const reviewed = async (id: string) => ({
    success: true as const,
    review: await viewReview(context.db, await requireNovel(context, id)),
  })

  app.get(
    '/api/novels/:id/review',
    {
      schema: {
        tags,
        summary: 'The chapters with their first words, which are narrated and why, and what can be undone',
        params: novelParams,
        response: { 200: withReview, '4xx': failure },
      },
    },
    async ({ params }) => reviewed(params.id),
  )

  app.post(
    '/api/novels/:id/edits',
    {
      schema: {
        tags,
        summary: 'Rename, merge, split, move, narrate chapters or restore skipped texts; can be undone',
        params: novelParams,
        body: chapterCommand,
        response: { 200: withReview, '4xx': failure },
      },
    },
    async ({ params, body }) => {
      await editChapters(context, params.id, body)
      return reviewed(params.id)
    },
  )

  app.post(
    '/api/novels/:id/edits/preview',
    {
      schema: {
        tags,
        summary: 'What of that which is spoken an edit would make anew; nothing is changed',
        params: novelParams,
        body: chapterCommand,
        response: { 200: z.object({ success: z.literal(true), remade }), '4xx': failure },
      },
    },
    async ({ params, body }) => ({
      success: true as const,
      remade: await previewEdit(context, await requireNovel(context, params.id), body),
    }),
  )

  for (const direction of ['undo', 'redo'] as const) {
    app.post(
      `/api/novels/:id/edits/${direction}`,
      {
        schema: {
          tags,
          summary: direction === 'undo' ? 'Take the last edit back' : 'Do again what was taken back last',
          params: novelParams,
          response: { 200: withReview, '4xx': failure },
        },
      },
      async ({ params }) => {
        await revertChapters(context, params.id, direction)
        return reviewed(params.id)
      },
    )
  }
}
