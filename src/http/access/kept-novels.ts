import type { FastifyInstance, FastifyRequest } from 'fastify'
import { validate as isUuid } from 'uuid'
import { eyesOf } from '../../accounts/callers.ts'
import { houseRules } from '../../accounts/house-rules.ts'
import { Failure } from '../../novel/failure.ts'
import type { Database } from '../../storage/database-tables.ts'
import { keeperOf, keeperOfGeneration, sees } from '../../storage/queries/kept-novel-queries.ts'
import { isListener } from './listener-limits.ts'
import { kindOf } from './route-access.ts'

/** Routes whose parameter `id` is a novel's. */
const novelRoutes = /^\/(?:api\/novels|opds\/v2\/novels|api\/trash)\/:id(?:\/|$)/

/**
 * Answers of a novel that somebody else keeps to themselves as of one that there is not, on every route that names a novel or a
 * generation. Lists leave it out themselves. Throws `novel.unknown`, `novel.not-in-trash`, `generation.unknown`.
 */
export function hideKeptNovels(app: FastifyInstance, db: Database): void {
  // After what is asked was found valid, as it is of one that there is not.
  app.addHook('preHandler', async (request) => {
    const eyes = eyesOf(request)
    if (eyes === undefined || sees(eyes, await namedKeeper(db, request))) return
    const { progressId, novelId = '' } = namedIn(request)
    if (progressId !== undefined) throw new Failure('generation.unknown', { progressId })
    const isInTrash = request.routeOptions.url?.startsWith('/api/trash')
    throw new Failure(isInTrash ? 'novel.not-in-trash' : 'novel.unknown', { novelId })
  })
}

/**
 * Has a listener change what they keep to themselves and no other book, and add books if the house lets them. Throws
 * `account.forbidden`.
 */
export function limitListeners(app: FastifyInstance, db: Database): void {
  app.addHook('preValidation', async (request) => {
    const { method, url = '' } = request.routeOptions
    if (!isListener(request) || kindOf(String(method), url) !== 'keeping') return
    const { progressId, novelId } = namedIn(request)
    const isOfNone = progressId === undefined && novelId === undefined
    const adds = isOfNone && ['POST', 'PUT'].includes(String(method))
    const isRefused = adds ? !(await houseRules(db)).listenersAdd : (await namedKeeper(db, request)) === null
    if (isRefused) throw new Failure('account.forbidden', { role: 'listener' })
  })
}

/** Who keeps the novel that a request is about to themselves; `null`: it is the house's; `undefined`: it is about none. */
async function namedKeeper(db: Database, request: FastifyRequest): Promise<string | null | undefined> {
  const { novelId = '', progressId } = namedIn(request)
  // What else stands there is refused by its route.
  if (progressId !== undefined) return isUuid(progressId) ? keeperOfGeneration(db, progressId) : undefined
  return isUuid(novelId) ? keeperOf(db, novelId) : undefined
}

interface Named {
  readonly novelId?: string
  readonly progressId?: string
}

/** By its path, or by its body. */
function namedIn({ params, body, routeOptions: { url = '' } }: FastifyRequest): Named {
  const { id, novelId, progressId } = params as Readonly<Record<string, string>>
  if (progressId !== undefined) return { progressId }
  if (id !== undefined && novelRoutes.test(url)) return { novelId: id }
  if (novelId !== undefined) return { novelId }
  const isNamed = typeof body === 'object' && body !== null && 'novelId' in body
  return isNamed ? { novelId: String(body.novelId) } : {}
}
