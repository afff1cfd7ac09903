import { z } from 'zod'
import type { Studio } from '../generation/studio.ts'
import { spokenSample } from '../listening/sample.ts'
import { failure, page, sampleRequest, voice, voiceParams } from './contract.ts'
import type { Door } from './server.ts'

const tags = ['voices']
const voicesQuery = page.extend({
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
  language: z.string().max(20).optional().describe('only voices of this language, e.g. vi'),
})

export function voiceRoutes(app: Door, studio: Studio): void {
  app.get(
    '/api/voices',
    {
      schema: {
        tags,
        summary: 'The voices that can speak now',
        querystring: voicesQuery,
        response: { 200: z.object({ success: z.literal(true), voices: z.array(voice) }), '4xx': failure },
      },
    },
    async (request) => {
      const { language, limit, offset } = request.query
      const voices = studio.voices
        .speaking(language)
        .slice(offset, offset + limit)
        .map((one) => ({ ...one, default: studio.voices.isDefault(one) }))
      return { success: true as const, voices }
    },
  )

  app.post(
    '/api/voices/:id/sample',
    {
      schema: {
        tags,
        summary: 'A spoken sample, as audio/mp4',
        params: voiceParams,
        body: sampleRequest.nullish(),
        produces: ['audio/mp4'],
      },
    },
    async (request, reply) => {
      const sample = await spokenSample(studio, request.params.id, request.body ?? {})
      return reply.type('audio/mp4').header('cache-control', 'no-store').send(Buffer.from(sample))
    },
  )
}
