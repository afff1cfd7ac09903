import { z } from 'zod'
import { Failure } from '../../novel/failure.ts'
import { imageTypeOf } from '../../novel/book-layout.ts'
import { anchorPlace } from '../../playback/book-anchors.ts'
import { imageOfChapter, openImage } from '../../playback/book-images.ts'
import { requireChapter, requireNovel } from '../../jobs/require-novel.ts'
import type { Database } from '../../storage/database-tables.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { sourceIdOf } from '../../storage/queries/novel-version-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { chapterParams, failure, novelParams } from '../contract/field-contract.ts'
import { fileResponse } from '../protocol/openapi.ts'

const imageParams = chapterParams.extend({
  name: z.string().min(1).max(100).describe('as the chapter has it'),
})
const anchorParams = novelParams.extend({ anchor: z.coerce.number().int().min(1).max(1e9) })
const anchorQuery = z.object({
  near: z.coerce.number().int().min(1).max(1e6).default(1).describe('the chapter to be looked at first'),
})

interface BookContent {
  readonly db: Database
  readonly objects: ObjectStore
}

/** The images of a book and the places that its links lead to. */
export function bookContentRoutes(app: ApiServer, context: BookContent): void {
  app.get(
    '/api/novels/:id/chapters/:number/images/:name',
    {
      schema: {
        tags: ['novels'],
        summary: 'An image of the book',
        params: imageParams,
        response: fileResponse('image/*'),
      },
    },
    async (request, reply) => {
      const { id, number, name } = request.params
      const type = imageTypeOf(name)
      const { novel, chapter } = await requireChapter(context, id, number)
      if (type === undefined) throw new Failure('chapter.no-image', { name })
      const image = await imageOfChapter(context.db, chapter.id, name)
      const body = await openImage(context.objects, sourceIdOf(novel), image)
      if (body === undefined) throw new Failure('chapter.no-image', { name })
      return (
        reply
          .type(type)
          .header('content-length', image.bytes)
          // Its name tells its content. The policy disables scripts and links of an SVG that is opened as a page.
          .header('cache-control', 'private, max-age=31536000, immutable')
          .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
          .send(body)
      )
    },
  )

  app.get(
    '/api/novels/:id/anchors/:anchor',
    {
      schema: {
        tags: ['novels'],
        summary: 'The place that a link of the book leads to',
        params: anchorParams,
        querystring: anchorQuery,
        response: {
          200: z.object({
            success: z.literal(true),
            place: z.object({
              chapterNumber: z.number().int(),
              block: z.number().int(),
              segment: z.number().int().nullable().describe('the first at or behind it'),
            }),
          }),
          '4xx': failure,
        },
      },
    },
    async ({ params, query }) => {
      const { id } = await requireNovel(context, params.id)
      const place = await anchorPlace(context.db, id, params.anchor, query.near)
      if (place === undefined) throw new Failure('novel.no-anchor')
      return { success: true as const, place }
    },
  )
}
