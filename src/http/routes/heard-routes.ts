import { z } from 'zod'
import { listenerOf } from '../../accounts/callers.ts'
import type { Application } from '../../jobs/application.ts'
import { Failure } from '../../novel/failure.ts'
import { isFinished } from '../../novel/heard.ts'
import { addHeardRange, type HeardRanges } from '../../novel/segment.ts'
import { requireChapter, requireNovel } from '../../jobs/require-novel.ts'
import { type ChapterSize, chapterSizes } from '../../storage/queries/chapter-queries.ts'
import { type ChapterMark, markHeard } from '../../storage/queries/heard-mark-queries.ts'
import { addHeard, type HeardChapter, heardOf, type InNovel } from '../../storage/queries/playback-queries.ts'
import type { ApiServer } from '../api-server.ts'
import {
  heardChapter,
  heardRequest,
  markAnswer,
  type MarkRequest,
  markRequest,
  markRestore,
} from '../contract/heard-contract.ts'
import { failure, novelParams } from '../contract/field-contract.ts'
import { viewRanges } from '../views/novel-view.ts'

const tags = ['listening']

type Listening = Pick<Application, 'db' | 'eventBus'>

/** Ten thousand chapters, each with what was heard of it. */
const restoreBytes = 8 * 1024 * 1024

export function heardRoutes(app: ApiServer, context: Listening): void {
  app.put(
    '/api/novels/:id/heard',
    {
      schema: {
        tags,
        summary: 'Note that segments of a chapter were heard; asking twice is asking once',
        params: novelParams,
        body: heardRequest,
        response: { 200: z.object({ success: z.literal(true), heard: heardChapter }), '4xx': failure },
      },
    },
    async (request) => {
      const { chapterNumber, device } = request.body
      const [from, to] = [request.body.from, request.body.to].toSorted((a, b) => a - b) as [number, number]
      const { novel, chapter } = await requireChapter(context, request.params.id, chapterNumber)
      const last = chapter.segmentCount - 1
      if (to > last) throw new Failure('segment.unknown', { index: to, last })
      const of = { listener: listenerOf(request), novelId: novel.id }
      const heard = await addHeard(context.db, { ...of, chapterNumber }, [from, to])
      context.eventBus.publish({ kind: 'listener', ...of, about: 'heard', ...(device && { device }) })
      return { success: true as const, heard: viewHeard(heard, chapter.segmentCount) }
    },
  )

  app.get(
    '/api/novels/:id/heard',
    {
      schema: {
        tags,
        summary: 'What was heard of a novel, chapter by chapter',
        params: novelParams,
        response: {
          200: z.object({ success: z.literal(true), heard: z.array(heardChapter) }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const { id } = await requireNovel(context, request.params.id)
      const heard = await heardOf(context.db, listenerOf(request), id)
      const sizes = new Map(
        (await chapterSizes(context.db, id)).map((each) => [each.number, each.segmentCount]),
      )
      const viewed = heard.map((each) => viewHeard(each, sizes.get(each.chapterNumber) ?? 0))
      return { success: true as const, heard: viewed }
    },
  )

  app.post(
    '/api/novels/:id/heard/marks',
    {
      schema: {
        tags,
        summary: 'Mark chapters as heard, or forget that they were; returns what it was before',
        params: novelParams,
        body: markRequest,
        response: { 200: markAnswer, '4xx': failure },
      },
    },
    async (request) => {
      const novel = await requireNovel(context, request.params.id)
      const sizes = await chapterSizes(context.db, novel.id)
      const marks = chosenChapters(sizes, request.body).map(({ number, segmentCount }) => ({
        chapterNumber: number,
        ranges: request.body.heard && segmentCount > 0 ? [[0, segmentCount - 1] as const] : [],
      }))
      return mark(context, { listener: listenerOf(request), novelId: novel.id }, marks)
    },
  )

  app.put(
    '/api/novels/:id/heard/marks',
    {
      bodyLimit: restoreBytes,
      schema: {
        tags,
        summary: 'Set exactly what was heard of chapters: with what a mark has returned it is taken back',
        params: novelParams,
        body: markRestore,
        response: { 200: markAnswer, '4xx': failure },
      },
    },
    async (request) => {
      const novel = await requireNovel(context, request.params.id)
      const sizes = new Map(
        (await chapterSizes(context.db, novel.id)).map((each) => [each.number, each.segmentCount]),
      )
      const marks = request.body.chapters.map(({ chapterNumber, ranges }) => {
        const count = sizes.get(chapterNumber)
        if (count === undefined)
          throw new Failure('chapter.unknown', { chapterNumber, chapterCount: sizes.size })
        const last = count - 1
        const beyond = ranges.find(({ from, to }) => Math.max(from, to) > last)
        if (beyond) throw new Failure('segment.unknown', { index: Math.max(beyond.from, beyond.to), last })
        return { chapterNumber, ranges: inOrder(ranges) }
      })
      return mark(context, { listener: listenerOf(request), novelId: novel.id }, marks)
    },
  )
}

async function mark({ db, eventBus }: Listening, of: InNovel, marks: readonly ChapterMark[]) {
  const before = await markHeard(db, of, marks)
  if (before.length > 0) eventBus.publish({ kind: 'listener', ...of, about: 'heard' })
  return {
    success: true as const,
    before: before.map(({ chapterNumber, ranges }) => ({ chapterNumber, ranges: viewRanges(ranges) })),
  }
}

/** Throws `chapter.unknown` if a range has none. */
function chosenChapters(sizes: readonly ChapterSize[], { chapters }: MarkRequest): readonly ChapterSize[] {
  if (!chapters) return sizes.filter(({ narrated }) => narrated === 1)
  const chosen = chapters.map(({ from, to }) => {
    const some = sizes.filter(({ number }) => number >= Math.min(from, to) && number <= Math.max(from, to))
    if (some.length === 0)
      throw new Failure('chapter.unknown', { chapterNumber: from, chapterCount: sizes.length })
    return some
  })
  return [...new Set(chosen.flat())]
}

function inOrder(ranges: readonly { readonly from: number; readonly to: number }[]): HeardRanges {
  let merged: HeardRanges = []
  for (const { from, to } of ranges) merged = addHeardRange(merged, Math.min(from, to), Math.max(from, to))
  return merged
}

function viewHeard({ chapterNumber, ranges, segments, updatedAt }: HeardChapter, total: number) {
  return {
    chapterNumber,
    segmentsHeard: segments,
    ...(isFinished(segments, total) && { finished: true as const }),
    ranges: viewRanges(ranges),
    updatedAt,
  }
}
