import type { FastifyInstance, FastifyRequest } from 'fastify'
import { eyesOf } from '../../accounts/callers.ts'
import { Failure } from '../../novel/failure.ts'
import type { Database } from '../../storage/database-tables.ts'
import { isGenerationHiddenFrom, isHiddenFrom } from '../../storage/queries/kept-novel-queries.ts'

/** Routes whose parameter `id` is a novel's. */
const novelRoutes = /^\/(?:api\/novels|opds\/v2\/novels|api\/trash)\/:id(?:\/|$)/

/**
 * Answers of a novel that somebody else keeps to themselves as of one that there is not, on every route that names a novel or a
 * generation. Lists leave it out themselves. Throws `novel.unknown`, `novel.not-in-trash`, `generation.unknown`.
 */
export function hideKeptNovels(app: FastifyInstance, db: Database): void {
  app.addHook('preHandler', async (request) => {
    const eyes = eyesOf(request)
    if (eyes === undefined) return
    const url = request.routeOptions.url ?? ''
    const { id, novelId, progressId } = namedIn(request)
    if (progressId !== undefined && (await isGenerationHiddenFrom(db, progressId, eyes)))
      throw new Failure('generation.unknown', { progressId })
    const named = novelRoutes.test(url) ? id : novelId
    if (named === undefined || !(await isHiddenFrom(db, named, eyes))) return
    throw new Failure(url.startsWith('/api/trash') ? 'novel.not-in-trash' : 'novel.unknown', {
      novelId: named,
    })
  })
}

type Named = Readonly<Partial<Record<'id' | 'novelId' | 'progressId', string>>>

/** By its path, or by its body. */
function namedIn({ params, body }: FastifyRequest): Named {
  const named = { ...(params as Named) }
  if (typeof body !== 'object' || body === null || !('novelId' in body)) return named
  return typeof body.novelId === 'string' ? { novelId: body.novelId, ...named } : named
}
