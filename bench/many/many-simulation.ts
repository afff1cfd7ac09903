import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import type { Database } from '../../src/storage/database-tables.ts'
import { openPostgresBesideServer } from '../../src/storage/postgres/postgres-database.ts'
import { insertSmallNovel } from '../../test/fixtures/small-novel.ts'
import { PostgresCluster } from '../../test/program/postgres-cluster.ts'
import { S3Server } from '../../test/program/s3-server.ts'
import { figure, median, percentile, sum } from '../figures.ts'
import { cpuSecondsOfTree } from '../processes.ts'
import type { Breakdown, Measured, Row } from '../report.ts'
import { SimulatedServer } from './simulated-servers.ts'

// Speakers that only take their time, 600 ms and 40 kB a clip, on a real Postgres and a real S3 server. What they call is
// the scheduler of real servers: what is left out is HTTP between machine and server, and the speaking.

const speakMs = 600
const voice = 'odd:hum'
const leastShare = 0.95
const mostUrgentMs = 100
const segmentsPerChapter = 120
const warmUpMs = 8000
const urgentEveryMs = 500
const urgentSegments = 24

/** What was spoken before, so that the indexes have a size. Nobody reads its audio. */
const existingClips = `
  INSERT INTO clips.clips (recipe, words, frames, "frameSizes", "wordTimes", checksum, bytes, object)
  SELECT decode(md5('recipe ' || at % 7), 'hex'), decode(md5('words ' || at), 'hex'), 117,
    decode(repeat('00', 234), 'hex'), decode(repeat('00', 640), 'hex'), 1, 40000, 'clips/none/' || at
  FROM generate_series(1, 200000) AS at`

interface Simulated {
  readonly speakers: number
  readonly servers: number
  readonly seconds: number
  readonly clips: number
  readonly wanted: number
  /** Share of the time in which a speaker had nothing to speak. */
  readonly waiting: number
  readonly postgresCpu: number
  readonly storeCpu: number
  readonly serverCpu: number
  readonly delayMs: number
  readonly storeMs: readonly number[]
  readonly leaseMs: readonly number[]
  readonly urgentMs: readonly number[]
}

/** Several servers on one Postgres with 200 and 400 speakers. */
export async function measureMany(quick: boolean): Promise<Measured> {
  const sizes = quick ? [20] : [200, 400]
  const runs: Simulated[] = []
  for (const speakers of sizes) runs.push(await simulate(speakers, 2, quick ? 5 : 20))
  return { rows: runs.flatMap(rowsOf), breakdowns: [breakdownOf(runs)] }
}

async function simulate(speakers: number, servers: number, seconds: number): Promise<Simulated> {
  using cluster = new PostgresCluster({ durable: true })
  await using store = await S3Server.start()
  await execute(cluster.url(), 'CREATE DATABASE bench')
  const url = cluster.url('bench')
  const settings = { NIGHTJAR_DATABASE: url, ...store.settings('bench') }
  await using opened = new AsyncDisposableStack()
  const all: SimulatedServer[] = []
  for (let at = 0; at < servers; at++)
    all.push(opened.use(await SimulatedServer.start(settings, speakers / servers, speakMs)))
  const [first] = all
  if (!first) throw new RangeError('There is no simulation without a server.')
  const clips = Math.ceil(((seconds * 1000 + warmUpMs) / speakMs) * speakers * 1.2)
  const urgentChapters = Math.ceil((seconds * 1000) / urgentEveryMs) + 10
  const { novelId, urgentId } = await withDatabase(url, async (db) => ({
    novelId: await insertChapters(db, 'long', Math.ceil(clips / segmentsPerChapter), segmentsPerChapter),
    urgentId: await insertChapters(db, 'urgent', urgentChapters, urgentSegments),
  }))
  await execute(url, existingClips)
  await execute(url, 'ANALYZE')
  for (const server of all) server.tell({ kind: 'urgent-novel', id: urgentId })
  await first.generate(novelId, undefined, { voice })
  await first.generate(urgentId, undefined, { voice, priority: -10 })
  await wait(warmUpMs)

  const postgresBefore = cpuSecondsOfTree(cluster.pid)
  const storeBefore = cpuSecondsOfTree(store.pid)
  for (const server of all) server.tell({ kind: 'begin' })
  const begun = performance.now()
  const urgentMs = await pressAt(all, urgentId, urgentChapters, seconds)
  const elapsed = (performance.now() - begun) / 1000
  const figures = await Promise.all(all.map((server) => server.figures()))
  const done = sum(figures.map((each) => each.clips))
  return {
    speakers,
    servers,
    seconds: elapsed,
    clips: done,
    wanted: (elapsed * speakers * 1000) / speakMs,
    waiting: 1 - sum(figures.map(({ spokenMs }) => spokenMs)) / (elapsed * 1000 * speakers),
    postgresCpu: cpuSecondsOfTree(cluster.pid) - postgresBefore,
    storeCpu: cpuSecondsOfTree(store.pid) - storeBefore,
    serverCpu: sum(figures.map(({ cpu }) => cpu)),
    delayMs: Math.max(...figures.map(({ delayMs }) => delayMs)),
    storeMs: figures.flatMap((each) => each.storeMs),
    leaseMs: figures.flatMap((each) => each.leaseMs),
    urgentMs,
  }
}

/** Every half second somebody presses on a place that is not spoken yet: milliseconds until a speaker begins there. */
async function pressAt(
  servers: readonly SimulatedServer[],
  novelId: string,
  chapters: number,
  seconds: number,
): Promise<number[]> {
  const pressed = new Map<number, number>()
  const times: number[] = []
  for (const server of servers) {
    server.onUrgent = (chapter, at) => {
      const since = pressed.get(chapter)
      if (since === undefined) return
      pressed.delete(chapter)
      times.push(at - since)
    }
  }
  const end = performance.now() + seconds * 1000
  // Backwards: the chapter after the one of a listener is urgent, too.
  for (let chapter = chapters; performance.now() < end; chapter--) {
    pressed.set(chapter, Date.now())
    const server = servers[chapter % servers.length]
    const body = JSON.stringify({ chapterNumber: chapter, segment: 2, seconds: 0 })
    const headers = { 'content-type': 'application/json' }
    const response = await server?.fetch(`/api/novels/${novelId}/position`, { method: 'PUT', headers, body })
    if (response?.ok !== true) throw new Error(await response?.text())
    await response.body?.cancel()
    await wait(urgentEveryMs)
  }
  // What no speaker has begun by now counts as long as it has waited.
  return [...times, ...[...pressed.values()].map((since) => Date.now() - since)]
}

async function insertChapters(
  db: Database,
  name: string,
  chapters: number,
  segments: number,
): Promise<string> {
  return insertSmallNovel(
    db,
    Array.from({ length: chapters }, (_, chapter) =>
      Array.from(
        { length: segments },
        (__, at) => `Sentence ${at} of chapter ${chapter} of the ${name} one.`,
      ),
    ),
  )
}

async function withDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  await using db = openPostgresBesideServer(url)
  return await work(db)
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  await client.query(statement)
  await client.end()
}

function rowsOf({ speakers, servers, clips, wanted, seconds, urgentMs }: Simulated): Row[] {
  const share = clips / wanted
  const p95 = percentile(urgentMs, 0.95)
  const who = `${speakers} fake speakers of ${servers} servers on Postgres and S3`
  return [
    {
      what: `${who}: clips of those wanted`,
      budget: `≥ ${leastShare * 100} %`,
      measured: `${figure(share * 100)} % (${figure(clips / seconds)} a second)`,
      met: share >= leastShare,
    },
    {
      what: `${who}: from a press on an unmade place to a speaker that begins there, p95 of ${urgentMs.length}`,
      budget: `≤ ${mostUrgentMs} ms`,
      measured: `${figure(p95)} ms (median ${figure(median(urgentMs))})`,
      met: p95 <= mostUrgentMs,
    },
  ]
}

function timesOf(ms: readonly number[]): string {
  return `${figure(median(ms))} ms (p99 ${figure(percentile(ms, 0.99))})`
}

function breakdownOf(runs: readonly Simulated[]): Breakdown {
  const perClip = (cpu: number, { clips, seconds }: Simulated): string =>
    `${figure((cpu * 1000) / clips)} ms = ${figure(cpu / seconds)} cores`
  return {
    title:
      'CPU by clip (fake speakers, 600 ms and 40 kB a clip; the servers with their speakers, the database and the object store share the cores)',
    columns: [
      'speakers',
      'Postgres',
      'S3 server',
      'servers',
      'speakers wait',
      'a clip is stored in',
      'the next comes in',
      'event loop p99',
    ],
    lines: runs.map((run) => [
      String(run.speakers),
      perClip(run.postgresCpu, run),
      perClip(run.storeCpu, run),
      perClip(run.serverCpu, run),
      `${figure(run.waiting * 100)} %`,
      timesOf(run.storeMs),
      timesOf(run.leaseMs),
      `${figure(run.delayMs)} ms`,
    ]),
  }
}
