import { type ELDHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { Application } from '../../jobs/application.ts'
import { freeBytes } from '../../storage/local/disk-space.ts'
import type { ApiServer } from '../api-server.ts'
import { fileResponse } from '../protocol/openapi.ts'
import { type Metric, type MetricValue, prometheusText, prometheusType } from '../views/prometheus-text.ts'

type MetricsParts = Pick<
  Application,
  | 'activeGenerations'
  | 'counts'
  | 'diskSpace'
  | 'dispatcher'
  | 'folder'
  | 'jobs'
  | 'pool'
  | 'problems'
  | 'segmentScheduler'
  | 'statistics'
>

/** Milliseconds between two looks at the event loop; a delay below it is not seen. */
const delayResolutionMs = 10

/**
 * Serves `/metrics` in Prometheus's text format. Everything is read from the running parts when it is asked for, and
 * nothing scans the clips, so that it may be asked every few seconds however large the library is.
 */
export function metricsRoutes(app: ApiServer, application: MetricsParts, version: string): void {
  const eventLoop = monitorEventLoopDelay({ resolution: delayResolutionMs })
  eventLoop.enable()
  app.addHook('onClose', async () => void eventLoop.disable())

  app.get(
    '/metrics',
    {
      schema: {
        tags: ['health'],
        summary: 'Figures for Prometheus: work done, queue, leases, commits, speakers, event loop',
        response: fileResponse('text/plain'),
      },
    },
    async (_request, reply) => {
      const metrics = [
        ...workDone(application),
        ...(await queue(application)),
        ...(await jobCounts(application)),
        ...speakers(application),
        ...(await machine(application, version)),
        ...loop(eventLoop),
      ]
      return reply.type(prometheusType).header('cache-control', 'no-store').send(prometheusText(metrics))
    },
  )
}

function workDone({ statistics }: Pick<Application, 'statistics'>): Metric[] {
  const counter = (name: string, help: string, value: number) => metric(name, help, 'counter', value)
  return [
    counter('nightjar_segments_spoken_total', 'Clips that became durable.', statistics.segmentsSpoken),
    counter('nightjar_speech_seconds_total', 'Seconds of speech in these clips.', statistics.speechSeconds),
    counter(
      'nightjar_segments_requeued_total',
      'Segments that came back unspoken, to be tried again.',
      statistics.segmentsRequeued,
    ),
    counter(
      'nightjar_segments_set_aside_total',
      'Segments given up after their last attempt.',
      statistics.segmentsSetAside,
    ),
    counter('nightjar_clip_commits_total', 'Commits of clips to the database.', statistics.commits),
    counter(
      'nightjar_clip_commit_seconds_total',
      'Wall-clock seconds spent in these commits.',
      statistics.commitSeconds,
    ),
  ]
}

/** A segment that two generations ask for counts twice here, though it is spoken once. */
async function queue({
  activeGenerations,
  counts,
  dispatcher,
}: Pick<Application, 'activeGenerations' | 'counts' | 'dispatcher'>): Promise<Metric[]> {
  const generations = { running: 0, paused: 0 }
  const waiting = { running: 0, paused: 0 }
  let oldest: number | undefined
  for (const { generation, chapters, total } of activeGenerations.all()) {
    const state = generation.desiredState === 'run' ? 'running' : 'paused'
    const { done, setAside } = await counts.sum(generation.casting, chapters)
    generations[state]++
    waiting[state] += total - done - setAside
    if (state === 'running') oldest = Math.min(oldest ?? Infinity, Date.parse(generation.createdAt))
  }
  const leases = new Map<string, number>()
  for (const { voice } of dispatcher.segmentsInFlight()) leases.set(voice, (leases.get(voice) ?? 0) + 1)
  return [
    metric('nightjar_generations', 'Unfinished generations.', 'gauge', byLabel('state', generations)),
    metric(
      'nightjar_queue_segments',
      'Segments that are not spoken yet.',
      'gauge',
      byLabel('state', waiting),
    ),
    metric(
      'nightjar_queue_oldest_seconds',
      'Age of the oldest running generation, 0 if there is none.',
      'gauge',
      oldest === undefined ? 0 : (Date.now() - oldest) / 1000,
    ),
    metric(
      'nightjar_leases',
      'Segments being spoken.',
      'gauge',
      byLabel('voice', Object.fromEntries(leases)),
    ),
  ]
}

/** Of all servers of the database; absent while that does not answer. */
async function jobCounts({ jobs }: Pick<Application, 'jobs'>): Promise<Metric[]> {
  const counts = [...(await jobs.counts().catch(() => []))]
  return [
    metric(
      'nightjar_jobs',
      'Background jobs that wait or run, on whichever server.',
      'gauge',
      counts.flatMap(([job, { waiting, active }]) => [
        { labels: { job, state: 'waiting' }, value: waiting },
        { labels: { job, state: 'active' }, value: active },
      ]),
    ),
    metric(
      'nightjar_jobs_oldest_seconds',
      'Age of the oldest background job that waits, 0 if there is none.',
      'gauge',
      byLabel('job', Object.fromEntries(counts.map(([job, { oldestSeconds }]) => [job, oldestSeconds]))),
    ),
  ]
}

/** The server's own workers are those of the machine `local`. Machines of one name are summed: their ids change. */
function speakers({ pool, segmentScheduler }: Pick<Application, 'pool' | 'segmentScheduler'>): Metric[] {
  const { alive, busy } = pool.local
  const workers = new Map<string, MetricValue>()
  const count = (machine: string, state: string, value: number): void => {
    const before = workers.get(`${state} ${machine}`)?.value ?? 0
    workers.set(`${state} ${machine}`, { labels: { machine, state }, value: before + value })
  }
  count('local', 'busy', busy)
  count('local', 'idle', alive - busy)
  const speed = new Map<string, number>()
  for (const { name, state, slots, leases, realTimeFactor } of segmentScheduler.machines()) {
    count(name, 'busy', leases.length)
    count(name, state === 'active' ? 'idle' : state, slots - leases.length)
    speed.set(name, (speed.get(name) ?? 0) + realTimeFactor)
  }
  return [
    metric('nightjar_speech_workers_wanted', 'Speech workers of this server.', 'gauge', pool.localSize),
    metric('nightjar_speech_workers', 'Speech workers by machine and state.', 'gauge', [...workers.values()]),
    metric(
      'nightjar_machine_real_time_factor',
      'Seconds of speech per second that other machines make.',
      'gauge',
      byLabel('machine', Object.fromEntries(speed)),
    ),
    metric(
      'nightjar_model_loads_total',
      'Models loaded by the workers of this server.',
      'counter',
      pool.modelLoads,
    ),
  ]
}

async function machine(
  { folder, problems, diskSpace }: Pick<Application, 'diskSpace' | 'folder' | 'problems'>,
  version: string,
): Promise<Metric[]> {
  const { user, system } = process.cpuUsage()
  const codes = new Set(problems.all.map(({ code }) => code))
  if (diskSpace.trouble) codes.add(diskSpace.trouble.code)
  return [
    metric('nightjar_info', 'Always 1; the version is its label.', 'gauge', [
      { labels: { version }, value: 1 },
    ]),
    metric(
      'nightjar_problems',
      'What is wrong, 1 for each code; /api/health has the sentences.',
      'gauge',
      [...codes].map((code) => ({ labels: { code }, value: 1 })),
    ),
    metric(
      'nightjar_disk_free_bytes',
      'Free room for the data folder.',
      'gauge',
      await freeBytes(folder).catch(() => Number.NaN),
    ),
    metric(
      'process_resident_memory_bytes',
      'Memory of the server process.',
      'gauge',
      process.memoryUsage.rss(),
    ),
    metric('process_cpu_seconds_total', 'CPU time of the server process.', 'counter', (user + system) / 1e6),
    metric(
      'process_start_time_seconds',
      'Start of the server process, seconds since 1970.',
      'gauge',
      performance.timeOrigin / 1000,
    ),
  ]
}

/** Delays since the last time they were asked for: with two collectors each sees a part of them. */
function loop(eventLoop: ELDHistogram): Metric[] {
  // The histogram measures the time between two looks; before the first it holds nothing.
  const seconds = (nanoseconds: number): number =>
    eventLoop.count === 0 ? 0 : Math.max(0, nanoseconds / 1e9 - delayResolutionMs / 1000)
  const delays = [
    { labels: { quantile: '0.5' }, value: seconds(eventLoop.percentile(50)) },
    { labels: { quantile: '0.99' }, value: seconds(eventLoop.percentile(99)) },
    { labels: { quantile: '1' }, value: seconds(eventLoop.max) },
  ]
  eventLoop.reset()
  return [
    metric(
      'nightjar_event_loop_delay_seconds',
      'Delay of the event loop since the last scrape.',
      'gauge',
      delays,
    ),
    metric(
      'nightjar_event_loop_active_seconds_total',
      'Seconds in which the event loop was not idle.',
      'counter',
      performance.eventLoopUtilization().active / 1000,
    ),
  ]
}

function metric(
  name: string,
  help: string,
  type: Metric['type'],
  value: number | readonly MetricValue[],
): Metric {
  return { name, help, type, values: typeof value === 'number' ? [{ value }] : value }
}

function byLabel(label: string, values: Readonly<Record<string, number>>): MetricValue[] {
  return Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }))
}
