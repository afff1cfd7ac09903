import type { Application } from '../../jobs/application.ts'
import { type Problem, storageFailureOf } from '../../jobs/storage-health.ts'
import { Failure, type FailureCode } from '../../novel/failure.ts'
import { freeBytes } from '../../storage/local/disk-space.ts'
import { listServers } from '../../storage/queries/speech-server-queries.ts'
import { sqlDialect } from '../../storage/sql-dialect.ts'
import type { ApiServer } from '../api-server.ts'
import { failure } from '../contract/field-contract.ts'
import { type Health, health, unhealthy } from '../contract/health-contract.ts'

type ProblemParts = Pick<
  Application,
  'backends' | 'db' | 'diskSpace' | 'pool' | 'problems' | 'serverBackends' | 'servers'
>

type HealthParts = ProblemParts & Pick<Application, 'folder' | 'transcodeCache' | 'transcoder'>

/** Problems that stop all synthesis. */
const haltingCodes: readonly string[] = [
  'storage.damaged',
  'storage.salvaging',
  'storage.full',
  'storage.failing',
  'speech.no-worker',
  'speech.no-machine',
] satisfies FailureCode[]

/** Those with which the database cannot be read. */
const brokenDatabase: readonly string[] = [
  'storage.damaged',
  'storage.salvaging',
  'storage.failing',
] satisfies FailureCode[]

/**
 * Keeps what `read` found for a hundred times as long as it took, so that it costs a hundredth of the time however often
 * it is asked for.
 */
export function keptBriefly<T>(read: () => Promise<T>): () => Promise<T> {
  let kept: { readonly value: T; readonly until: number } | undefined
  return async () => {
    if (kept && performance.now() < kept.until) return kept.value
    const startedAt = performance.now()
    const value = await read()
    const now = performance.now()
    kept = { value, until: now + 100 * (now - startedAt) }
    return value
  }
}

interface ClipStatistics {
  readonly clips: number
  readonly bytes: number
}

export function healthRoutes(app: ApiServer, application: HealthParts, version: string): void {
  const { db } = application
  // Millions of clips take a while to be counted.
  const statistics = keptBriefly(() => sqlDialect(db).clipStatistics(db))
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
      const answer = await healthOf(application, version, statistics)
      const worst = answer.problems.find(({ code }) => haltingCodes.includes(code))
      if (!worst) return answer
      const { code, message } = worst
      return reply.code(503).send({ ...answer, success: false, code, error: message })
    },
  )
}

async function healthOf(
  application: HealthParts,
  version: string,
  statistics: () => Promise<ClipStatistics>,
): Promise<Health> {
  const { pool, diskSpace, folder, transcoder, transcodeCache } = application
  // With a database that is damaged or away the figures that cannot be read are 0.
  const clips = await withFallback(statistics, { clips: 0, bytes: 0 })
  const transcodes = await withFallback(() => transcoder.stats(), { bytes: 0, waiting: 0 })
  const problems = await problemsOf(application)
  return {
    success: true,
    version,
    database: { ok: !problems.some(({ code }) => brokenDatabase.includes(code)), ...clips },
    speakers: {
      wanted: pool.size,
      alive: pool.alive,
      busy: pool.busy,
      state: pool.state.state,
      reason: pool.state.reason ?? null,
      modelLoads: pool.modelLoads,
      modelLoadsLastHour: pool.localSpeech.modelLoadsLastHour,
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
  backends,
  servers,
}: Pick<
  Application,
  'backends' | 'db' | 'diskSpace' | 'pool' | 'problems' | 'serverBackends' | 'servers'
>): Promise<Problem[]> {
  const now = Date.now()
  const found: Problem[] = [...problems.all]
  const note = (code: FailureCode, details: Failure['details'] = {}): void =>
    void found.push({ code, message: new Failure(code, details).message })
  if (diskSpace.trouble) found.push({ code: diskSpace.trouble.code, message: diskSpace.trouble.message })
  const { reason = '', ...own } = pool.state
  // What this server cannot speak is spoken by others.
  const state = servers.speakersElsewhere > 0 ? 'ready' : own.state
  if (state === 'failing') note('speech.no-worker', { detail: reason })
  if (state === 'empty') note('speech.no-machine')
  let speechServers: Awaited<ReturnType<typeof listServers>> = []
  try {
    speechServers = await listServers(db)
  } catch (error) {
    const failure = storageFailureOf(error)
    if (!failure) throw error
    // The database is away, which the work has not met yet.
    if (!found.some(({ code }) => code.startsWith('storage.')))
      found.push({ code: failure.code, message: failure.message })
  }
  for (const { server } of speechServers) {
    const { state: serverState, message } = serverBackends.stateOf(server.name, now)
    if (serverState !== 'ok' && message !== undefined) found.push({ code: 'speech-server.silent', message })
  }
  for (const message of backends.restingMessages(now)) found.push({ code: 'voice.silent', message })
  return found.toSorted((one, other) => severity(other) - severity(one))
}

const severity = ({ code }: Problem): number => Number(haltingCodes.includes(code))

/** Returns `fallback` if the storage fails; other errors are rethrown. */
async function withFallback<T>(read: () => Promise<T>, fallback: T): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (storageFailureOf(error)) return fallback
    throw error
  }
}
