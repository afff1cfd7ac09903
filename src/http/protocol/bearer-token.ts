import type { FastifyInstance } from 'fastify'
import { authorize } from '../../accounts/access-tokens.ts'
import type { TokenScope } from '../../novel/access-token.ts'
import { Failure } from '../../novel/failure.ts'
import type { Database } from '../../storage/database-tables.ts'
import { bearerSecret } from '../access/caller-identification.ts'

/**
 * Lets in only requests with a token of this scope, before anything of their bodies is read. For a context of its own:
 * it counts for all routes of `app`.
 */
export function requireToken(app: FastifyInstance, db: Database, scope: TokenScope): void {
  app.addHook('onRequest', async ({ headers }, reply) => {
    try {
      await authorize(db, bearerSecret(headers.authorization), scope, Date.now())
    } catch (error) {
      // RFC 9110, 15.5.2.
      if (error instanceof Failure && error.code === 'token.unknown')
        reply.header('www-authenticate', 'Bearer')
      throw error
    }
  })
}
