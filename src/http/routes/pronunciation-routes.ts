import type { Application } from '../../jobs/application.ts'
import { wordPhonemes } from '../../playback/word-lookup/word-phonemes.ts'
import type { ApiServer } from '../api-server.ts'
import { failure } from '../contract/field-contract.ts'
import { pronunciation, pronunciationQuery } from '../contract/pronunciation-contract.ts'
import { disconnectSignal } from '../protocol/connection-lifetime.ts'

export function pronunciationRoutes(
  app: ApiServer,
  { folder }: Pick<Application, 'folder'>,
  closing: AbortSignal,
): void {
  app.get(
    '/api/pronunciation',
    {
      schema: {
        tags: ['listening'],
        summary: 'How a word is said, in phonemes',
        querystring: pronunciationQuery,
        response: { 200: pronunciation, '4xx': failure },
      },
    },
    async (request, reply) => {
      const signal = AbortSignal.any([closing, disconnectSignal(reply)])
      const lookup = { ...request.query, lexicon: folder.wordList }
      return { success: true as const, ...(await wordPhonemes(lookup, signal)) }
    },
  )
}
