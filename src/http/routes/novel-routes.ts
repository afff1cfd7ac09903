import { z } from 'zod'
import { eyesOf, listenerOf } from '../../accounts/callers.ts'
import type { Application } from '../../jobs/application.ts'
import { editChapters, type EditContext } from '../../jobs/import/edit-chapters.ts'
import type { PreviewContext } from '../../jobs/import/edit-preview.ts'
import { importNovel } from '../../jobs/import/novel-commands.ts'
import { deleteNovelForGood, trashNovel, type TrashParts } from '../../jobs/import/novel-trash.ts'
import { keepNovel } from '../../jobs/import/keep-novel.ts'
import { settleImport } from '../../jobs/import/settle-import.ts'
import { requireChapter, requireNovel } from '../../jobs/require-novel.ts'
import { findRendition } from '../../playback/renditions.ts'
import type { CoverThumbnails } from '../../storage/local/cover-thumbnails.ts'
import { receiveFile } from '../../storage/local/temporary-files.ts'
import { listNovels, updateNovel } from '../../storage/queries/novel-queries.ts'
import { setSpeakNew } from '../../storage/queries/novel-version-queries.ts'
import { addedBy } from '../access/listener-limits.ts'
import type { ApiServer } from '../api-server.ts'
import { imported, uploadQuery } from '../contract/import-contract.ts'
import { done, chapterParams, failure, novelParams } from '../contract/field-contract.ts'
import {
  chapter,
  chapterPatch,
  chapterQuery,
  deletionQuery,
  novel,
  novelPatch,
  novelWithChapters,
  novelsQuery,
  spokenWords,
  wordsQuery,
} from '../contract/novel-contract.ts'
import { disconnectSignal } from '../protocol/connection-lifetime.ts'
import { tooLarge } from '../protocol/failure-responses.ts'
import { requireUpload, uploadedFileName, withUploadFailures } from '../protocol/upload.ts'
import { readableFormats } from '../../novel/source-format.ts'
import { viewImported } from '../views/imported-view.ts'
import { viewShelf } from '../views/shelf-view.ts'
import { viewerOf } from '../views/viewer.ts'
import { viewChapter, viewNovel, viewSpokenWords, type NovelViewParts } from '../views/novel-view.ts'

type NovelRouteParts = NovelViewParts &
  TrashParts &
  PreviewContext &
  Pick<Application, 'deletions' | 'eventBus' | 'folder' | 'lock' | 'objects' | 'transcoder'>

type ChapterRouteParts = NovelViewParts & EditContext

const tags = ['novels']

export function novelRoutes(
  app: ApiServer,
  application: NovelRouteParts,
  smallCovers: CoverThumbnails,
  uploadLimit: number,
  closing: AbortSignal,
): void {
  app.post(
    '/api/novels',
    {
      schema: {
        tags,
        summary:
          'Add a novel: multipart, field "file"; the same file again is the same novel, another version of it is offered to it',
        querystring: uploadQuery,
        consumes: ['multipart/form-data'],
        upload: {
          type: 'object',
          required: ['file'],
          additionalProperties: false,
          properties: { file: { type: 'string', format: 'binary', description: readableFormats } },
        },
        response: { 201: imported, 200: imported, '4xx': failure },
      },
    },
    async (request, reply) => {
      const signal = AbortSignal.any([closing, disconnectSignal(reply)])
      const upload = await requireUpload(request)
      await using file = await receiveFile(application.folder, withUploadFailures(upload.file), signal)
      if (upload.file.truncated) throw tooLarge(uploadLimit)
      const added = await importNovel(application, file, uploadedFileName(upload.filename), signal, {
        separate: request.query.separate === 'true',
        ...addedBy(request, request.query.kept === 'true'),
      })
      await settleImport(application, added)
      const answer = await viewImported(application, added, viewerOf(request), signal)
      return reply.code(added.added ? 201 : 200).send(answer)
    },
  )

  app.get(
    '/api/novels',
    {
      schema: {
        tags,
        summary: 'The shelf, the latest first, with progress and position',
        querystring: novelsQuery,
        response: { 200: z.object({ success: z.literal(true), novels: z.array(novel) }), '4xx': failure },
      },
    },
    async (request) => {
      const rows = await listNovels(application.db, eyesOf(request), request.query)
      return { success: true as const, novels: await viewShelf(application, rows, viewerOf(request)) }
    },
  )

  app.get(
    '/api/novels/:id',
    {
      schema: {
        tags,
        summary: 'A novel with its chapters',
        params: novelParams,
        response: { 200: novelWithChapters, '4xx': failure },
      },
    },
    async (request) => {
      const row = await requireNovel(application, request.params.id)
      return { success: true as const, ...(await viewNovel(application, row, viewerOf(request))) }
    },
  )

  app.patch(
    '/api/novels/:id',
    {
      schema: {
        tags,
        summary: 'Change title, author, default voice or speed, or who sees it',
        params: novelParams,
        body: novelPatch,
        response: { 200: novelWithChapters, '4xx': failure },
      },
    },
    async (request) => {
      const known = await requireNovel(application, request.params.id)
      const { id } = known
      const { title, author, voice, speed, speakNew, kept } = request.body
      if (typeof voice === 'string') application.voices.byId(voice)
      await updateNovel(application.db, id, {
        ...(title !== undefined && { title }),
        ...(author !== undefined && { author }),
        ...(voice !== undefined && { voice }),
        ...(speed !== undefined && { speed }),
      })
      if (speakNew !== undefined) await setSpeakNew(application.db, id, speakNew)
      if (kept !== undefined) await keepNovel(application, known, viewerOf(request).keeper, kept)
      application.eventBus.publish({ kind: 'novel', id })
      const row = await requireNovel(application, id)
      return { success: true as const, ...(await viewNovel(application, row, viewerOf(request))) }
    },
  )

  app.delete(
    '/api/novels/:id',
    {
      schema: {
        tags,
        summary:
          'Move a novel to the trash for 30 days, or delete it with its generations and clips, but those that others share',
        params: novelParams,
        querystring: deletionQuery,
        response: { 200: done, '4xx': failure },
      },
    },
    async (request) => {
      const remove = request.query.forever === 'true' ? deleteNovelForGood : trashNovel
      await remove(application, request.params.id)
      await smallCovers.discard(request.params.id)
      return { success: true as const }
    },
  )
}

const oneChapter = z.object({ success: z.literal(true), chapter })

export function chapterRoutes(app: ApiServer, application: ChapterRouteParts): void {
  app.get(
    '/api/novels/:id/chapters/:number',
    {
      schema: {
        tags: tags,
        summary: 'A chapter: its text, what is skipped and why, its segments and where they are heard',
        params: chapterParams,
        querystring: chapterQuery,
        response: { 200: oneChapter, '4xx': failure },
      },
    },
    async (request) => {
      const { id, number } = request.params
      const { words, ...sound } = request.query
      const { novel, chapter: row } = await requireChapter(application, id, number)
      const listener = listenerOf(request)
      const view = await viewChapter(application, novel, row, { ...sound, listener }, words === 'true')
      return { success: true as const, chapter: view }
    },
  )

  app.get(
    '/api/novels/:id/chapters/:number/words',
    {
      schema: {
        tags: tags,
        summary: 'When the words of a chapter’s segments are heard, of those that are spoken',
        params: chapterParams,
        querystring: wordsQuery,
        response: {
          200: z.object({ success: z.literal(true), segments: z.array(spokenWords) }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const { id, number } = request.params
      const { from, limit, ...sound } = request.query
      const rendition = await findRendition(application, id, number, sound)
      return { success: true as const, segments: await viewSpokenWords(application, rendition, from, limit) }
    },
  )

  app.patch(
    '/api/novels/:id/chapters/:number',
    {
      schema: {
        tags: tags,
        summary: 'Leave a chapter out of narration, or take it or one of its skipped texts in',
        params: chapterParams,
        body: chapterPatch,
        response: { 200: oneChapter, '4xx': failure },
      },
    },
    async (request) => {
      const { id, number } = request.params
      const { chapter: seen } = await requireChapter(application, id, number)
      const { narrated, takeIn } = request.body
      if (takeIn !== undefined)
        await editChapters(application, id, {
          kind: 'restore',
          skips: [{ chapterNumber: number, index: takeIn, chapterId: seen.id }],
        })
      if (narrated !== undefined)
        await editChapters(application, id, { kind: 'narrate', chapterNumbers: [number], narrated })
      const { novel, chapter: row } = await requireChapter(application, id, number)
      return {
        success: true as const,
        chapter: await viewChapter(application, novel, row, { listener: listenerOf(request) }),
      }
    },
  )
}
