import { createReadStream } from 'node:fs'
import { z } from 'zod'
import { Failure } from '../../novel/failure.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import type { Database } from '../../storage/database-tables.ts'
import type { CoverThumbnails } from '../../storage/local/cover-thumbnails.ts'
import { coverKey, sourceKey } from '../../storage/object-keys.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { sourceType } from '../../storage/queries/import-report.ts'
import { sourceIdOf } from '../../storage/queries/novel-version-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { novelParams } from '../contract/field-contract.ts'
import { fileResponse } from '../protocol/openapi.ts'

const coverQuery = z.object({
  width: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'pixels in which it is shown: a JPEG at least as wide, or the picture itself if it is no wider',
    ),
})

interface NovelFiles {
  readonly db: Database
  readonly objects: ObjectStore
}

export function coverRoutes(app: ApiServer, context: NovelFiles, small: CoverThumbnails): void {
  app.get(
    '/api/novels/:id/cover',
    {
      schema: {
        tags: ['novels'],
        summary: 'The cover image',
        params: novelParams,
        querystring: coverQuery,
        response: fileResponse('image/*'),
      },
    },
    async (request, reply) => {
      const { id, coverType } = await requireNovel(context, request.params.id)
      if (coverType === null) throw new Failure('novel.no-cover')
      const { width } = request.query
      // SVG needs no scaling.
      const original = width === undefined || coverType.startsWith('image/svg')
      const path = original ? undefined : await small.pathOf(id, width)
      const body =
        path === undefined ? (await context.objects.get(coverKey(id)))?.body : createReadStream(path)
      if (!body) throw new Failure('novel.no-cover')
      return (
        reply
          .type(path === undefined ? coverType : 'image/jpeg')
          // A novel's cover never changes. The policy disables scripts of an SVG that is opened as a page.
          .header('cache-control', 'private, max-age=31536000, immutable')
          .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
          .send(body)
      )
    },
  )
}

export function novelSourceRoutes(app: ApiServer, context: NovelFiles): void {
  app.get(
    '/api/novels/:id/source',
    {
      schema: {
        tags: ['novels'],
        summary: 'The book as it was brought',
        params: novelParams,
        response: fileResponse('application/epub+zip', 'text/plain'),
      },
    },
    async (request, reply) => {
      const novel = await requireNovel(context, request.params.id)
      const source = await context.objects.get(sourceKey(sourceIdOf(novel)))
      if (!source) throw new Error(`the source of the novel ${novel.id} is missing`)
      return reply
        .headers({
          'content-type': sourceType(novel),
          'content-length': source.bytes,
          // For reading apps; a browser must not render it in this server's origin.
          'content-disposition': 'attachment',
          // Another version of the book may be taken over.
          'cache-control': 'private, no-cache',
        })
        .send(source.body)
    },
  )
}
