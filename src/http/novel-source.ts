import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { reportOf } from '../database/import-report.ts'
import type { NovelRow } from '../database/novels.ts'
import type { Studio } from '../generation/studio.ts'
import { sourcePath } from '../library/folder.ts'
import { knownNovel } from '../listening/rendition.ts'
import { novelParams } from './contract.ts'
import { sends } from './documented-answers.ts'
import type { Door } from './door.ts'

/** The encoding of a text is whatever it came in. */
export function sourceType(novel: Pick<NovelRow, 'report' | 'sourceName'>): string {
  const { format } = reportOf(novel)
  return format === 'epub' ? 'application/epub+zip' : 'text/plain'
}

export function novelSourceRoutes(app: Door, studio: Studio): void {
  app.get(
    '/api/novels/:id/source',
    {
      schema: {
        tags: ['novels'],
        summary: 'The book as it was brought',
        params: novelParams,
        response: sends('application/epub+zip', 'text/plain'),
      },
    },
    async (request, reply) => {
      const novel = await knownNovel(studio, request.params.id)
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
