import { z } from 'zod'
import { editChapters, type EditContext, isReread, revertChapters } from '../../jobs/import/edit-chapters.ts'
import { type PreviewContext, previewEdit } from '../../jobs/import/edit-preview.ts'
import { headingRules, outlineByRule } from '../../jobs/import/reread-novel.ts'
import { previewReread } from '../../jobs/import/reread-preview.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, novelParams } from '../contract/field-contract.ts'
import {
  chapterCommand,
  headingOutline,
  headings,
  outlineRequest,
  readAgainCommand,
  readAgainPreview,
  remade,
  review,
} from '../contract/review-contract.ts'
import { disconnectSignal } from '../protocol/connection-lifetime.ts'
import { currentHeadings } from '../../storage/queries/edit-history-queries.ts'
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
        summary:
          'Rename, merge, split, move, narrate chapters, restore skipped texts, or read the file again; can be undone',
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
    async ({ params, body }, reply) => {
      const novel = await requireNovel(context, params.id)
      const remade = isReread(body)
        ? (await previewReread(context, novel, body, disconnectSignal(reply))).remade
        : await previewEdit(context, novel, body)
      return { success: true as const, remade }
    },
  )

  app.get(
    '/api/novels/:id/headings',
    {
      schema: {
        tags,
        summary:
          'What each rule for the headings of a plain text would give, and by which its chapters were found',
        params: novelParams,
        response: { 200: z.object({ success: z.literal(true), headings }), '4xx': failure },
      },
    },
    async ({ params }, reply) => {
      const novel = await requireNovel(context, params.id)
      const rules = await headingRules(context, novel, disconnectSignal(reply))
      return {
        success: true as const,
        headings: {
          rule: await currentHeadings(context.db, novel.id),
          rules: rules.map(({ rule, chapters, titles }) => ({ rule, chapters, titles: [...titles] })),
        },
      }
    },
  )

  app.post(
    '/api/novels/:id/headings/outline',
    {
      schema: {
        tags,
        summary: 'The chapters that a rule would give, at once; what they would cost is in the preview',
        params: novelParams,
        body: outlineRequest,
        response: { 200: z.object({ success: z.literal(true), outline: headingOutline }), '4xx': failure },
      },
    },
    async ({ params, body }, reply) => {
      const novel = await requireNovel(context, params.id)
      const chapters = await outlineByRule(context, novel, body.rule, disconnectSignal(reply))
      return { success: true as const, outline: { chapters: [...chapters] } }
    },
  )

  app.post(
    '/api/novels/:id/headings/preview',
    {
      schema: {
        tags,
        summary: 'The chapters that a novel would have if its file were read again; nothing is changed',
        params: novelParams,
        body: readAgainCommand,
        response: {
          200: z.object({ success: z.literal(true), preview: readAgainPreview }),
          '4xx': failure,
        },
      },
    },
    async ({ params, body }, reply) => {
      const novel = await requireNovel(context, params.id)
      const preview = await previewReread(context, novel, body, disconnectSignal(reply))
      return { success: true as const, preview: { ...preview, chapters: [...preview.chapters] } }
    },
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
