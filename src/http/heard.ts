import { z } from 'zod'
import { addHeard, type HeardChapter, heardOf } from '../database/heard.ts'
import type { Application } from '../generation/studio.ts'
import { requireChapter, requireNovel } from '../listening/rendition.ts'
import { Failure } from '../novel/failure.ts'
import { failure, novelParams } from './contract.ts'
import type { ApiServer } from './door.ts'
import { heardChapter, heardRequest } from './heard-contract.ts'
import { defaultListener, viewRanges } from './novel-view.ts'

const heardTags = ['listening']

function viewHeard({ chapterNumber, ranges, segments, updatedAt }: HeardChapter) {
  return { chapterNumber, segmentsHeard: segments, ranges: viewRanges(ranges), updatedAt }
}

export function heardRoutes(app: ApiServer, studio: Application): void {
  app.put(
    '/api/novels/:id/heard',
    {
      schema: {
        tags: heardTags,
        summary: 'Note that segments of a chapter were heard; asking twice is asking once',
        params: novelParams,
        body: heardRequest,
        response: { 200: z.object({ success: z.literal(true), heard: heardChapter }), '4xx': failure },
      },
    },
    async (request) => {
      const { chapterNumber } = request.body
      const [from, to] = [request.body.from, request.body.to].toSorted((a, b) => a - b) as [number, number]
      const { novel, chapter } = await requireChapter(studio, request.params.id, chapterNumber)
      const last = chapter.segmentCount - 1
      if (to > last) throw new Failure('segment.unknown', { index: to, last })
      const of = { listener: defaultListener, novelId: novel.id, chapterNumber }
      return { success: true as const, heard: viewHeard(await addHeard(studio.db, of, [from, to])) }
    },
  )

  app.get(
    '/api/novels/:id/heard',
    {
      schema: {
        tags: heardTags,
        summary: 'What was heard of a novel, chapter by chapter',
        params: novelParams,
        response: {
          200: z.object({ success: z.literal(true), heard: z.array(heardChapter) }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const { id } = await requireNovel(studio, request.params.id)
      const heard = await heardOf(studio.db, defaultListener, id)
      return { success: true as const, heard: heard.map(viewHeard) }
    },
  )
}
