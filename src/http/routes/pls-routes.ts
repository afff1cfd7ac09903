import { buffer } from 'node:stream/consumers'
import { plsDocument } from '../../exports/pls/pls-document.ts'
import type { RefusedEntry } from '../../importer/pls/pls-reader.ts'
import { maxPlsBytes } from '../../importer/pls/pls-vocabulary.ts'
import { changeLexicon, type LexiconContext, requirePlace } from '../../jobs/lexicon/lexicon-commands.ts'
import { sayable } from '../../lexicon/entry-check.ts'
import { Failure } from '../../novel/failure.ts'
import type { LexiconEntry } from '../../novel/lexicon-entry.ts'
import { primarySubtag } from '../../novel/voice.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import { entriesOf } from '../../storage/queries/lexicon-queries.ts'
import { refuseListener } from '../access/listener-limits.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, novelParams } from '../contract/field-contract.ts'
import { plsQuery, plsReport } from '../contract/pls-contract.ts'
import { tooLarge } from '../protocol/failure-responses.ts'
import { contentDisposition } from '../protocol/file-response.ts'
import { fileResponse } from '../protocol/openapi.ts'
import { requireUpload, withUploadFailures } from '../protocol/upload.ts'

const mediaType = 'application/pls+xml'
/** Of what was not taken this many are told one by one. */
const mostTold = 200

export function plsRoutes(app: ApiServer, context: LexiconContext): void {
  app.get(
    '/api/novels/:id/lexicon.pls',
    {
      schema: {
        tags: ['novels'],
        summary: 'The words of a novel, of its series or of all as a W3C pronunciation lexicon (PLS 1.0)',
        params: novelParams,
        querystring: plsQuery,
        response: fileResponse(mediaType),
      },
    },
    async ({ params, query }, reply) => {
      const novel = await requireNovel(context, params.id)
      const place = requirePlace(novel, query.scope)
      const title = { novel: novel.title, series: place.name ?? novel.title, all: 'Nightjar' }[query.scope]
      const kept = (await entriesOf(context.db, place)).filter(({ off }) => !off)
      return reply
        .type(mediaType)
        .header('content-disposition', contentDisposition(title, '.pls'))
        .send(plsDocument(kept, primarySubtag(novel.language)))
    },
  )

  app.post(
    '/api/novels/:id/lexicon.pls',
    {
      schema: {
        tags: ['novels'],
        summary:
          'Add the words of a W3C pronunciation lexicon (PLS 1.0): multipart, field "file"; one step that can be undone',
        params: novelParams,
        querystring: plsQuery,
        consumes: ['multipart/form-data'],
        upload: {
          type: 'object',
          required: ['file'],
          additionalProperties: false,
          properties: { file: { type: 'string', format: 'binary', description: 'PLS 1.0' } },
        },
        response: { 200: plsReport, '4xx': failure },
      },
    },
    async (request) => {
      if (request.query.scope !== 'novel') refuseListener(request)
      const { id } = await requireNovel(context, request.params.id)
      const upload = await requireUpload(request, maxPlsBytes)
      const bytes = await buffer(withUploadFailures(upload.file))
      if (upload.file.truncated) throw tooLarge(maxPlsBytes)
      const { readPls } = await import('../../importer/pls/pls-reader.ts')
      const lexicon = readPls(bytes)
      if (lexicon === undefined) throw new Failure('lexicon.not-pls')
      const put: LexiconEntry[] = []
      const refused: RefusedEntry[] = [...lexicon.refused]
      for (const entry of lexicon.entries) {
        if (sayable(entry)) put.push(entry)
        else refused.push({ written: entry.written, reason: 'ipa', detail: entry.ipa ?? entry.words ?? '' })
      }
      if (put.length > 0) await changeLexicon(context, id, { scope: request.query.scope, put, remove: [] })
      return {
        success: true as const,
        taken: put.length,
        refused: refused.slice(0, mostTold),
        refusedCount: refused.length,
      }
    },
  )
}
