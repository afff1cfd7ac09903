import type { Queue } from '../src/http/contract/generation-contract.ts'
import { startPostgres } from '../test/program/storage-services.ts'
import type { ServerProcess } from '../test/program/server-process.ts'
import { testPostgres } from '../test/program/test-storage.ts'
import { webNovel } from './books.ts'
import { type CurlTimes, curlTimes } from './curl-times.ts'
import { figure, median, percentile } from './figures.ts'
import type { Measured, Row } from './report.ts'
import { startServerUnderTest, untilHealthy } from './server-under-test.ts'

/** Each speed is a recipe of its own, so each request is a separate generation. */
const speeds = [0.9, 0.95, 1.05, 1.1, 1.15]
const maxAllMs = 500

const onSqlite = { where: '', progressMs: 10 }
const onPostgres = { where: ', on Postgres', progressMs: 15 }

/** Response times while every core speaks Heart. Requests are sent back to back. */
export async function measureApi(quick: boolean): Promise<Measured> {
  return measureAnswers(quick, onSqlite)
}

/** The same with the database in a Postgres on this machine, which takes its share of the cores. */
export async function measureApiOnPostgres(quick: boolean): Promise<Measured> {
  using _ = await startPostgres({ durable: true })
  try {
    return await measureAnswers(quick, onPostgres)
  } finally {
    delete process.env[testPostgres]
  }
}

async function measureAnswers(quick: boolean, { where, progressMs }: typeof onSqlite): Promise<Measured> {
  const count = quick ? 50 : 500
  const book = webNovel()
  await using underTest = await startServerUnderTest()
  const { server } = underTest
  const { novel, chapters } = await server.add(book.bytes, book.fileName)

  const all: CurlTimes[] = []
  for (const speed of speeds) {
    const url = new URL('/api/worker/generate/all', server.address)
    all.push(...(await curlTimes([{ url, body: { novelId: novel.id, speed } }])))
    await cancelAll(server)
  }
  const progressId = await server.generate(novel.id)
  await server.until(progressId, ({ segmentsDone }) => segmentsDone >= 10)
  await untilHealthy(server, ({ speakers }) => speakers.busy === speakers.wanted)

  const asked = new URL(`/api/worker/progress/${progressId}`, server.address)
  const progress = await curlTimes(Array.from({ length: count }, () => ({ url: asked })))
  const chapter = await curlTimes(
    Array.from({ length: count }, (_, at) => ({
      url: new URL('/api/worker/generate/chapter', server.address),
      // Spread over the book without repetition: 7 and 2,000 have no common divisor.
      body: { novelId: novel.id, chapterNumber: 1 + ((at * 7) % chapters.length) },
    })),
  )
  // The same requests again, while most of the work is pending.
  const again = await curlTimes(
    Array.from({ length: count }, (_, at) => ({
      url: new URL('/api/worker/generate/chapter', server.address),
      body: { novelId: novel.id, chapterNumber: 1 + ((at * 7) % chapters.length) },
    })),
  )
  const slowestOfAll = Math.max(...all.map(({ ms }) => ms))
  const size = `${chapters.length.toLocaleString('en')}-chapter novel`
  return {
    rows: [
      p99Row(`POST …/generate/chapter, p99 of ${count}, all cores speaking${where}`, 20, chapter),
      p99Row(`the same asked again, p99 of ${count}, while what was asked waits${where}`, 20, again),
      p99Row(`GET …/progress/:id, p99 of ${count}, a ${size} running${where}`, progressMs, progress),
      {
        what: `POST …/generate/all of a ${size}, the slowest of ${all.length}${where}`,
        budget: `≤ ${maxAllMs} ms`,
        measured: `${figure(slowestOfAll)} ms`,
        met: slowestOfAll <= maxAllMs,
      },
    ],
  }
}

function p99Row(what: string, maxMs: number, answers: readonly CurlTimes[]): Row {
  const times = answers.map(({ ms }) => ms)
  const p99 = percentile(times, 0.99)
  return {
    what,
    budget: `≤ ${maxMs} ms`,
    measured: `${figure(p99)} ms (median ${figure(median(times))})`,
    met: p99 <= maxMs,
  }
}

async function cancelAll(server: ServerProcess): Promise<void> {
  const { running, waiting } = await server.json<Queue>('/api/worker/queue')
  for (const { id } of [...running, ...waiting]) await server.post(`/api/worker/progress/${id}/cancel`, {})
}
