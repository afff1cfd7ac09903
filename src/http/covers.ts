import { createReadStream } from 'node:fs'
import { z } from 'zod'
import type { Studio } from '../generation/studio.ts'
import { coverPath } from '../library/folder.ts'
import type { SmallCovers } from '../library/small-covers.ts'
import { knownNovel } from '../listening/rendition.ts'
import { Failure } from '../novel/failure.ts'
import { novelParams } from './contract.ts'
import { sends } from './documented-answers.ts'
import type { Door } from './door.ts'

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

export function coverRoutes(app: Door, studio: Studio, small: SmallCovers): void {
  app.get(
    '/api/novels/:id/cover',
    {
      schema: {
        tags: ['novels'],
        summary: 'The cover image',
        params: novelParams,
        querystring: coverQuery,
        response: sends('image/*'),
      },
    },
    async (request, reply) => {
      const { id, coverType } = await knownNovel(studio, request.params.id)
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
