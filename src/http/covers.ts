import { createReadStream } from 'node:fs'
import { z } from 'zod'
import type { Application } from '../generation/studio.ts'
import { coverPath } from '../library/folder.ts'
import type { CoverThumbnails } from '../library/small-covers.ts'
import { requireNovel } from '../listening/rendition.ts'
import { Failure } from '../novel/failure.ts'
import { novelParams } from './contract.ts'
import { fileResponse } from './documented-answers.ts'
import type { ApiServer } from './door.ts'

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

export function coverRoutes(app: ApiServer, studio: Application, small: CoverThumbnails): void {
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
      const { id, coverType } = await requireNovel(studio, request.params.id)
      if (coverType === null) throw new Failure('novel.no-cover')
      const { width } = request.query
      // Drawings have every size.
      const drawn = width === undefined || coverType.startsWith('image/svg')
      const path = drawn ? undefined : await small.pathOf(id, width)
      return (
        reply
          .type(path === undefined ? coverType : 'image/jpeg')
          // A novel's cover never changes. An SVG may hold scripts; as an image it runs none, opened as a page it must not.
          .header('cache-control', 'private, max-age=31536000, immutable')
          .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
          .send(createReadStream(path ?? coverPath(studio.folder, id)))
      )
    },
  )
}
