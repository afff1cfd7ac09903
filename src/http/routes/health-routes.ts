import type { Application } from '../../jobs/application.ts'
import type { Problem } from '../../jobs/storage-health.ts'
import { Failure, type FailureCode } from '../../novel/failure.ts'
import { freeBytes } from '../../storage/folder/disk-space.ts'
import { listServers } from '../../storage/queries/speech-server-queries.ts'
import { sqlDialect } from '../../storage/sql-dialect.ts'
import type { ApiServer } from '../api-server.ts'
import { failure } from '../contract/api-contract.ts'
import { type Health, health, unhealthy } from '../contract/health-contract.ts'

/** Problems that stop all synthesis. */
const haltingCodes: readonly string[] = [
  'storage.damaged',
  'storage.salvaging',
  'storage.full',
  'storage.failing',
  'speech.no-worker',
  'speech.no-machine',
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
  // With a damaged database the figures that cannot be read are 0.
  const clips = await withFallback(() => sqlDialect(db).clipStatistics(db), { clips: 0, bytes: 0 })
  const transcodes = await withFallback(() => transcoder.stats(), { bytes: 0, waiting: 0 })
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
      ...transcodes,
      limitBytes: transcodeCache.limit,
      realTimeFactor: transcoder.realTimeFactor() ?? null,
    },
    uptimeSeconds: Math.round(process.uptime()),
    problems,
  }
}

/** The current problems, halting ones first. */
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
  if (state === 'empty') note('speech.no-machine')
  for (const { server } of await withFallback(() => listServers(db), [])) {
    const { state: serverState, message } = serverBackends.stateOf(server.name, now)
    if (serverState !== 'ok' && message !== undefined) found.push({ code: 'speech-server.silent', message })
  }
  return found.toSorted((one, other) => severity(other) - severity(one))
}

const severity = ({ code }: Problem): number => Number(haltingCodes.includes(code))

/** Returns `fallback` if `read` throws a `Failure`; other errors are rethrown. */
async function withFallback<T>(read: () => Promise<T>, fallback: T): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof Failure) return fallback
    throw error
  }
}
