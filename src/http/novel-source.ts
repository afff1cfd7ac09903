import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { sourceType } from '../database/import-report.ts'
import type { Application } from '../generation/studio.ts'
import { sourcePath } from '../library/folder.ts'
import { requireNovel } from '../listening/rendition.ts'
import { novelParams } from './contract.ts'
import { fileResponse } from './documented-answers.ts'
import type { ApiServer } from './door.ts'

export function novelSourceRoutes(app: ApiServer, studio: Application): void {
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
      const novel = await requireNovel(studio, request.params.id)
      const path = sourcePath(studio.folder, novel.id)
      const { size } = await stat(path)
      return reply
        .headers({
          'content-type': sourceType(novel),
          'content-length': size,
          // It is for reading apps; a browser shall never open it as a page of this server.
          'content-disposition': 'attachment',
          // A novel's source never changes.
          'cache-control': 'private, max-age=31536000, immutable',
        })
        .send(createReadStream(path))
    },
  )
}
