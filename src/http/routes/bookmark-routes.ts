import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { listenerOf } from '../../accounts/callers.ts'
import { bookmarksMarkdown } from '../../exports/bookmarks/bookmarks-markdown.ts'
import type { Application } from '../../jobs/application.ts'
import { Failure } from '../../novel/failure.ts'
import { requireChapter, requireNovel } from '../../jobs/require-novel.ts'
import {
  allBookmarks,
  type BookmarkRow,
  bookmarksOf,
  deleteBookmark,
  saveBookmark,
} from '../../storage/queries/bookmark-queries.ts'
import { chapterTitles } from '../../storage/queries/chapter-queries.ts'
import { novelById, type NovelRow } from '../../storage/queries/novel-queries.ts'
import type { ApiServer } from '../api-server.ts'
import {
  bookmark,
  type Bookmark,
  bookmarkParams,
  type BookmarkRequest,
  bookmarkRequest,
  markedNovel,
} from '../contract/bookmark-contract.ts'
import { failure, novelParams } from '../contract/field-contract.ts'
import { contentDisposition } from '../protocol/file-response.ts'
import { fileResponse } from '../protocol/openapi.ts'

const tags = ['listening']
const markdown = 'text/markdown; charset=utf-8'

type Parts = Pick<Application, 'db' | 'eventBus'>

/** Bookmarks and notes of who asks. */
export function bookmarkRoutes(app: ApiServer, context: Parts): void {
  const { db, eventBus } = context

  app.put(
    '/api/novels/:id/bookmarks/:bookmarkId',
    {
      schema: {
        tags,
        summary: 'Mark a sentence, or change a mark and its note; asking twice is asking once',
        params: bookmarkParams,
        body: bookmarkRequest,
        response: { 200: z.object({ success: z.literal(true), bookmark }), '4xx': failure },
      },
    },
    async (request) => {
      const { id: novelId, bookmarkId } = request.params
      const { chapterNumber, note, createdAt } = request.body
      const { chapter } = await requireChapter(context, novelId, chapterNumber)
      const of = { listener: listenerOf(request), novelId }
      const at = placeIn(request.body)
      const row = await saveBookmark(db, of, {
        id: bookmarkId,
        chapterNumber,
        at,
        note: note ?? '',
        createdAt,
      })
      if (!row) throw new Failure('bookmark.nowhere', { chapterNumber })
      eventBus.publish({ kind: 'listener', ...of, about: 'bookmarks' })
      return { success: true as const, bookmark: viewBookmark(row, chapter.title) }
    },
  )

  app.delete(
    '/api/novels/:id/bookmarks/:bookmarkId',
    {
      schema: {
        tags,
        summary: 'Delete a bookmark; what it was, sent again, brings it back',
        params: bookmarkParams,
        response: { 204: z.null(), '4xx': failure },
      },
    },
    async (request, reply) => {
      const { id: novelId, bookmarkId } = request.params
      const of = { listener: listenerOf(request), novelId }
      if (!(await deleteBookmark(db, of, bookmarkId))) {
        await requireNovel({ db }, novelId)
        throw new Failure('bookmark.unknown', { bookmarkId })
      }
      eventBus.publish({ kind: 'listener', ...of, about: 'bookmarks' })
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/novels/:id/bookmarks',
    {
      schema: {
        tags,
        summary: 'The bookmarks in a novel, in reading order',
        params: novelParams,
        response: {
          200: z.object({ success: z.literal(true), bookmarks: z.array(bookmark) }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const novel = await requireNovel(context, request.params.id)
      const rows = await bookmarksOf(db, { listener: listenerOf(request), novelId: novel.id })
      return { success: true as const, bookmarks: await viewed(context, rows) }
    },
  )

  app.get(
    '/api/listener/bookmarks',
    {
      schema: {
        tags,
        summary: 'The bookmarks in all novels: the one marked last first, each in reading order',
        response: {
          200: z.object({
            success: z.literal(true),
            novels: z.array(markedNovel),
            bookmarks: z.array(bookmark),
          }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const rows = await allBookmarks(db, listenerOf(request))
      const novels = await novelsOf(context, rows)
      return {
        success: true as const,
        novels: novels.map(({ id, title, author, language }) => ({ id, title, author, language })),
        bookmarks: await viewed(context, rows),
      }
    },
  )

  app.get(
    '/api/novels/:id/bookmarks.md',
    {
      schema: {
        tags,
        summary: 'The bookmarks and notes in a novel as Markdown',
        params: novelParams,
        response: fileResponse(markdown),
      },
    },
    async (request, reply) => {
      const novel = await requireNovel(context, request.params.id)
      const rows = await bookmarksOf(db, { listener: listenerOf(request), novelId: novel.id })
      return sendMarkdown(reply, novel.title, [[novel, await viewed(context, rows)]])
    },
  )

  app.get(
    '/api/listener/bookmarks.md',
    {
      schema: {
        tags,
        summary: 'The bookmarks and notes in all novels as Markdown',
        response: fileResponse(markdown),
      },
    },
    async (request, reply) => {
      const rows = await allBookmarks(db, listenerOf(request))
      const byNovel = Map.groupBy(await viewed(context, rows), ({ novelId }) => novelId)
      const novels = await novelsOf(context, rows)
      return sendMarkdown(
        reply,
        'bookmarks',
        novels.map((novel) => [novel, byNovel.get(novel.id) ?? []]),
      )
    },
  )
}

/** Throws `request.senseless` if there is no place. */
function placeIn({ segment, block, start }: BookmarkRequest): number | { block: number; start: number } {
  if (block !== undefined && start !== undefined) return { block, start }
  if (segment !== undefined) return segment
  throw new Failure('request.senseless', { detail: 'neither a segment nor block and start say where' })
}

function viewBookmark(row: BookmarkRow, chapterTitle: string): Bookmark {
  const { listener: _, ...bookmarked } = row
  return { ...bookmarked, chapterTitle }
}

async function viewed({ db }: Parts, rows: readonly BookmarkRow[]): Promise<Bookmark[]> {
  const views: Bookmark[] = []
  for (const [novelId, some] of Map.groupBy(rows, (row) => row.novelId)) {
    const titles = await chapterTitles(db, novelId)
    views.push(...some.map((row) => viewBookmark(row, titles.get(row.chapterNumber) ?? '')))
  }
  return views
}

async function novelsOf({ db }: Parts, rows: readonly BookmarkRow[]): Promise<NovelRow[]> {
  const novels: NovelRow[] = []
  for (const id of new Set(rows.map(({ novelId }) => novelId))) {
    const novel = await novelById(db, id)
    if (novel) novels.push(novel)
  }
  return novels
}

function sendMarkdown(
  reply: FastifyReply,
  title: string,
  novels: readonly (readonly [NovelRow, readonly Bookmark[]])[],
) {
  const text = bookmarksMarkdown(
    novels.map(([{ title, author }, bookmarks]) => ({ title, author, bookmarks })),
  )
  return reply
    .type(markdown)
    .header('content-disposition', contentDisposition(title, '.md'))
    .header('cache-control', 'private, no-cache')
    .send(text)
}
