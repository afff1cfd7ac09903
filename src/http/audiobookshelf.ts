import { z } from 'zod'
import type { Studio } from '../generation/studio.ts'
import type { AudiobookshelfWriter } from '../listening/audiobookshelf-writer.ts'
import { knownNovel } from '../listening/rendition.ts'
import { failure, novelParams } from './contract.ts'
import { audiobookshelf } from './feed-contract.ts'
import type { Door } from './door.ts'

export function audiobookshelfRoutes(app: Door, studio: Studio, writer: AudiobookshelfWriter): void {
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
      const novel = await knownNovel(studio, request.params.id)
      return { success: true as const, ...(await writer.stateOf(novel)) }
    },
  )
}
