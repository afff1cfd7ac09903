import type { FastifyRequest } from 'fastify'
import { eyesOf } from '../../accounts/callers.ts'
import type { Application } from '../../jobs/application.ts'
import type { ImportBatches } from '../../jobs/import/batches/import-batches.ts'
import { Failure } from '../../novel/failure.ts'
import { receiveFile } from '../../storage/local/temporary-files.ts'
import {
  type ImportSummary,
  listImportFiles,
  listImports,
} from '../../storage/queries/import-list-queries.ts'
import { retryImportFiles } from '../../storage/queries/import-queries.ts'
import { addedBy, isListener, refuseListener } from '../access/listener-limits.ts'
import type { ApiServer } from '../api-server.ts'
import { done, failure } from '../contract/field-contract.ts'
import {
  importAnswer,
  importFileParams,
  importParams,
  importPatch,
  importRequest,
  importsAnswer,
  type ImportSummaryView,
  type ImportView,
} from '../contract/import-batch-contract.ts'
import { disconnectSignal } from '../protocol/connection-lifetime.ts'
import { tooLarge } from '../protocol/failure-responses.ts'
import { contentDisposition } from '../protocol/file-response.ts'
import { fileResponse } from '../protocol/openapi.ts'
import { requireUpload, withUploadFailures } from '../protocol/upload.ts'
import { importMarkdown } from '../views/import-markdown.ts'
import { viewTrouble } from '../views/trouble-view.ts'
import { viewerOf } from '../views/viewer.ts'

const tags = ['novels']
const markdown = 'text/markdown; charset=utf-8'
/** The latest. */
const mostListed = 20

interface ImportRouteOptions {
  readonly imports: ImportBatches
  readonly uploadLimit: number
  readonly closing: AbortSignal
}

/** Imports in the background: many files at once, and what became of each. */
export function importBatchRoutes(
  app: ApiServer,
  application: Pick<Application, 'db' | 'folder'>,
  { imports: batches, uploadLimit, closing }: ImportRouteOptions,
): void {
  const listed = (request: FastifyRequest, which: { readonly batch?: string; readonly limit?: number }) =>
    listImports(application.db, eyesOf(request), { ...which, ownAlone: isListener(request) })
  /** Of who asks. Throws `import.unknown`. */
  const required = async (request: FastifyRequest, batch: string): Promise<ImportSummary> => {
    const [summary] = await listed(request, { batch })
    if (!summary) throw new Failure('import.unknown')
    return summary
  }
  /** Likewise, for what brings books in: what somebody began who was an editor then comes to the house no more. */
  const toBringIn = async (request: FastifyRequest, batch: string): Promise<void> => {
    if (!(await required(request, batch)).kept) refuseListener(request)
  }
  const view = async (request: FastifyRequest, batch: string): Promise<ImportView> => {
    const summary = summaryView(request, await required(request, batch))
    const files = await listImportFiles(application.db, eyesOf(request), batch)
    return {
      ...summary,
      files: files.map(({ failure: stored, ...file }) => ({
        ...file,
        trouble: stored && viewTrouble(stored),
      })),
    }
  }
  const answer = async (request: FastifyRequest, batch: string) => ({
    success: true as const,
    import: await view(request, batch),
  })

  app.get(
    '/api/imports',
    {
      schema: {
        tags,
        summary: 'Imports of several files, the latest first: how far each is',
        response: { 200: importsAnswer, '4xx': failure },
      },
    },
    async (request) => ({
      success: true as const,
      imports: (await listed(request, { limit: mostListed })).map((each) => summaryView(request, each)),
    }),
  )

  app.post(
    '/api/imports',
    {
      schema: {
        tags,
        summary: 'Begin an import of several files, which are sent one by one and read in the background',
        body: importRequest,
        response: { 201: importAnswer, '4xx': failure },
      },
    },
    async (request, reply) => {
      const { files, kept } = request.body
      const { keep } = addedBy(request, kept)
      const id = await batches.begin({ files, kept: keep, listener: eyesOf(request) ?? null })
      return reply.code(201).send(await answer(request, id))
    },
  )

  app.get(
    '/api/imports/:id',
    {
      schema: {
        tags,
        summary: 'An import: what became of each file',
        params: importParams,
        response: { 200: importAnswer, '4xx': failure },
      },
    },
    async (request) => answer(request, request.params.id),
  )

  app.get(
    '/api/imports/:id/report.md',
    {
      schema: {
        tags,
        summary: 'An import as Markdown, to be kept: what became of each file',
        params: importParams,
        response: fileResponse(markdown),
      },
    },
    async (request, reply) => {
      const shown = await view(request, request.params.id)
      return reply
        .type(markdown)
        .header('content-disposition', contentDisposition(`import ${shown.createdAt.slice(0, 10)}`, '.md'))
        .header('cache-control', 'private, no-cache')
        .send(importMarkdown(shown))
    },
  )

  app.put(
    '/api/imports/:id/files/:fileId',
    {
      schema: {
        tags,
        summary: 'Send a file of an import: multipart, field "file"; it is kept when this answers',
        params: importFileParams,
        consumes: ['multipart/form-data'],
        upload: {
          type: 'object',
          required: ['file'],
          additionalProperties: false,
          properties: {
            file: { type: 'string', format: 'binary', description: 'a book, or a zip of books' },
          },
        },
        response: { 200: done, '4xx': failure },
      },
    },
    async (request, reply) => {
      await toBringIn(request, request.params.id)
      const signal = AbortSignal.any([closing, disconnectSignal(reply)])
      const upload = await requireUpload(request)
      await using file = await receiveFile(application.folder, withUploadFailures(upload.file), signal)
      const { id, fileId } = request.params
      if (upload.file.truncated) {
        const refusal = tooLarge(uploadLimit)
        await batches.refuse(id, fileId, refusal)
        throw refusal
      }
      await batches.receive(id, fileId, file)
      return { success: true as const }
    },
  )

  app.post(
    '/api/imports/:id/retry',
    {
      schema: {
        tags,
        summary: 'Read the refused files of an import again',
        params: importParams,
        response: { 200: importAnswer, '4xx': failure },
      },
    },
    async (request) => {
      await toBringIn(request, request.params.id)
      await retryImportFiles(application.db, request.params.id)
      batches.wake()
      return answer(request, request.params.id)
    },
  )

  app.patch(
    '/api/imports/:id',
    {
      schema: {
        tags,
        summary: 'Change who sees the novels of an import, those to come too',
        params: importParams,
        body: importPatch,
        response: { 200: importAnswer, '4xx': failure },
      },
    },
    async (request) => {
      const { id } = request.params
      const { listener } = await required(request, id)
      if (listener === null || listener !== viewerOf(request).keeper?.listener)
        throw new Failure('novel.not-keeper')
      if (!request.body.kept) refuseListener(request)
      await batches.keep(id, listener, request.body.kept)
      return answer(request, id)
    },
  )

  app.delete(
    '/api/imports/:id',
    {
      schema: {
        tags,
        summary: 'Forget an import: what waits is not read, what was imported stays',
        params: importParams,
        response: { 200: done, '4xx': failure },
      },
    },
    async (request) => {
      await required(request, request.params.id)
      await batches.forget(request.params.id)
      return { success: true as const }
    },
  )
}

function summaryView(
  request: FastifyRequest,
  { listener, kept, ...summary }: ImportSummary,
): ImportSummaryView {
  const { keeper } = viewerOf(request)
  const mayKeep = listener !== null && listener === keeper?.listener && !keeper.isListener
  return { ...summary, ...(kept && { kept }), ...(mayKeep && { mayKeep }) }
}
