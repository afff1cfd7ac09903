import { clipStatistics } from '../../storage/sqlite/clips-database-file.ts'
import { listServers } from '../../storage/queries/speech-server-queries.ts'
import type { Problem } from '../../jobs/storage-health.ts'
import type { Application } from '../../jobs/application.ts'
import { freeBytes } from '../../storage/folder/disk-space.ts'
import { Failure, type FailureCode } from '../../novel/failure.ts'
import { failure } from '../contract/api-contract.ts'
import type { ApiServer } from '../api-server.ts'
import { type Health, health, unhealthy } from '../contract/health-contract.ts'

/** With one of these nothing is spoken. */
const haltingCodes: readonly string[] = [
  'storage.damaged',
  'storage.salvaging',
  'storage.full',
  'storage.failing',
  'speech.no-worker',
] satisfies FailureCode[]

export function healthRoutes(app: ApiServer, application: Application, version: string): void {
  app.get(
    '/api/health',
    {
      schema: {
        tags: ['health'],
        summary: 'Version, database, speakers, disk, and what is wrong; 503 while nothing can be spoken',
        response: { 200: health, 503: unhealthy, '5xx': failure },
      },
    },
    async (_, reply) => {
      const answer = await healthOf(application, version)
      const worst = answer.problems.find(({ code }) => haltingCodes.includes(code))
      if (!worst) return answer
      const { code, message } = worst
      return reply.code(503).send({ ...answer, success: false, code, error: message })
    },
  )
}

async function healthOf(application: Application, version: string): Promise<Health> {
  const { pool, diskSpace, folder, db, transcoder, transcodeCache } = application
  // Where the database is damaged, what cannot be read of it is left out, and the rest is told.
  const clips = await withFallback(() => clipStatistics(db), { clips: 0, bytes: 0 })
  const recorded = await withFallback(() => transcoder.stats(), { bytes: 0, waiting: 0 })
  const problems = await problemsOf(application)
  return {
    success: true,
    version,
    database: { ok: application.problems.blocking === undefined, ...clips },
    speakers: {
      wanted: pool.size,
      alive: pool.alive,
      busy: pool.busy,
      state: pool.state.state,
      reason: pool.state.reason ?? null,
      modelLoads: pool.modelLoads,
      modelLoadsLastHour: pool.modelLoadsLastHour,
    },
    disk: { freeBytes: await freeBytes(folder), full: diskSpace.full },
    recordings: {
      ...recorded,
      limitBytes: transcodeCache.limit,
      realTimeFactor: transcoder.realTimeFactor() ?? null,
    },
    uptimeSeconds: Math.round(process.uptime()),
    problems,
  }
}

/** What is wrong now, what halts the work first. */
async function problemsOf({
  pool,
  diskSpace,
  db,
  problems,
  serverBackends,
}: Application): Promise<Problem[]> {
  const now = Date.now()
  const found: Problem[] = [...problems.all]
  const note = (code: FailureCode, details: Failure['details'] = {}): void =>
    void found.push({ code, message: new Failure(code, details).message })
  if (diskSpace.trouble) found.push({ code: diskSpace.trouble.code, message: diskSpace.trouble.message })
  const { state, reason = '' } = pool.state
  if (state === 'failing') note('speech.no-worker', { detail: reason })
  for (const { server } of await withFallback(() => listServers(db), [])) {
    const { state: its, message } = serverBackends.stateOf(server.name, now)
    if (its !== 'ok' && message !== undefined) found.push({ code: 'speech-server.silent', message })
  }
  return found.toSorted((one, other) => severity(other) - severity(one))
}

const severity = ({ code }: Problem): number => Number(haltingCodes.includes(code))

async function withFallback<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof Failure) return otherwise
    throw error
  }
}
