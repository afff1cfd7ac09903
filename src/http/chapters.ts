import { z } from 'zod'
import { setNarrated } from '../database/chapters.ts'
import { restoreSkippedText } from '../generation/restore-skip.ts'
import type { Application } from '../generation/studio.ts'
import { requireChapter } from '../listening/rendition.ts'
import { chapter, chapterParams, chapterPatch, failure, soundQuery } from './contract.ts'
import { viewChapter } from './novel-view.ts'
import type { ApiServer } from './door.ts'

const chapterTags = ['novels']
const oneChapter = z.object({ success: z.literal(true), chapter })

export function chapterRoutes(app: ApiServer, studio: Application): void {
  app.get(
    '/api/novels/:id/chapters/:number',
    {
      schema: {
        tags: chapterTags,
        summary: 'A chapter: its text, what is skipped and why, its segments and where they are heard',
        params: chapterParams,
        querystring: soundQuery,
        response: { 200: oneChapter, '4xx': failure },
      },
    },
    async (request) => {
      const { id, number } = request.params
      const { novel, chapter: row } = await requireChapter(studio, id, number)
      return { success: true as const, chapter: await viewChapter(studio, novel, row, request.query) }
    },
  )

  app.patch(
    '/api/novels/:id/chapters/:number',
    {
      schema: {
        tags: chapterTags,
        summary: 'Leave a chapter out of narration, or take it or one of its skipped texts in',
        params: chapterParams,
        body: chapterPatch,
        response: { 200: oneChapter, '4xx': failure },
      },
    },
    async (request) => {
      const { id, number } = request.params
      const before = await requireChapter(studio, id, number)
      const { narrated, takeIn } = request.body
      if (takeIn !== undefined) await restoreSkippedText(studio, before.chapter, before.novel.language, takeIn)
      const { chapter: now } = await requireChapter(studio, id, number)
      if (narrated !== undefined) await setNarrated(studio.db, now.id, narrated)
      const { novel, chapter: row } = await requireChapter(studio, id, number)
      return { success: true as const, chapter: await viewChapter(studio, novel, row, {}) }
    },
  )
}
