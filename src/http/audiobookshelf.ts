import { z } from 'zod'
import type { Application } from '../generation/studio.ts'
import type { AudiobookshelfExporter } from '../listening/audiobookshelf-writer.ts'
import { requireNovel } from '../listening/rendition.ts'
import { failure, novelParams } from './contract.ts'
import { audiobookshelf } from './feed-contract.ts'
import type { ApiServer } from './door.ts'

export function audiobookshelfRoutes(app: ApiServer, studio: Application, writer: AudiobookshelfExporter): void {
  app.get(
    '/api/novels/:id/audiobookshelf',
    {
      schema: {
        tags: ['feeds'],
        summary: 'Whether a novel lies in audiobookshelf’s folder',
        params: novelParams,
        response: { 200: audiobookshelf.extend({ success: z.literal(true) }), '4xx': failure },
      },
    },
    async (request) => {
      const novel = await requireNovel(studio, request.params.id)
      return { success: true as const, ...(await writer.stateOf(novel)) }
    },
  )
}
