import { setTimeout as wait } from 'node:timers/promises'
import type { BareResult, BareShare } from './bare-speaker.ts'
import { largeText } from './books.ts'
import { figure, median, percentile } from './figures.ts'
import { passagesOf } from './prose.ts'
import type { Measured } from './report.ts'
import { startServerUnderTest, type ServerUnderTest, untilHealthy } from './server-under-test.ts'
import { timedRequest } from './timed-request.ts'
import { WorkerProcess } from './worker-process.ts'

const voice = 'hibari:heart'
const maxMs = 150

/**
 * Time from the POST for a chapter to the last byte of its first segment's audio, as a player fetches it, minus the
 * bare engine's time for that sentence. The speech workers are warm and idle before; the sentences differ each time.
 */
export async function measureFirstSound(quick: boolean): Promise<Measured> {
  const book = largeText()
  const passages = await passagesOf(book, Array<number>(quick ? 6 : 26).fill(1))
  await using underTest = await startServerUnderTest()
  using bare = new WorkerProcess<BareShare, BareResult>(new URL('bare-speaker.ts', import.meta.url))
  const { novel } = await underTest.server.add(book.bytes, book.fileName)
  const beyond: number[] = []
  const whole: number[] = []
  for (const [index, { chapterNumbers, texts }] of passages.entries()) {
    const { engine } = await bare.ask({ voice, texts: texts.slice(0, 1) })
    const ms = await firstSoundMs(underTest, novel.id, chapterNumbers[0] ?? 1)
    // The first two load the models.
    if (index < 2) continue
    whole.push(ms)
    beyond.push(ms - 1000 * engine.wall)
  }
  const p95 = percentile(beyond, 0.95)
  return {
    rows: [
      {
        what: `first sentence audible after the POST, warm speakers, beyond the engine’s own time (p95 of ${beyond.length})`,
        budget: `≤ ${maxMs} ms`,
        measured: `${figure(p95)} ms (median ${figure(median(beyond))}; with the engine’s time ${figure(median(whole))})`,
        met: p95 <= maxMs,
      },
    ],
  }
}

/** Requests a chapter, waits for the event of its first segment, fetches it, and cancels the generation. */
async function firstSoundMs(
  { server }: ServerUnderTest,
  novelId: string,
  chapterNumber: number,
): Promise<number> {
  const news = new AbortController()
  const events = await server.fetch('/api/worker/events', { signal: news.signal })
  const spoken = untilSpoken(events, chapterNumber)
  const before = performance.now()
  const progressId = await server.generate(novelId, [chapterNumber], { voice })
  await spoken
  const sound = `/api/novels/${novelId}/chapters/${chapterNumber}/segments/0.m4s?voice=${voice}`
  await timedRequest(new URL(sound, server.address))
  const ms = performance.now() - before
  news.abort()
  await server.post(`/api/worker/progress/${progressId}/cancel`, {})
  await untilHealthy(server, ({ speakers }) => speakers.busy === 0)
  await wait(50)
  return ms
}

async function untilSpoken(events: Response, chapterNumber: number): Promise<void> {
  let text = ''
  for await (const chunk of events.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    for (const [, data = ''] of text.matchAll(/^event: segment\n(?:id: .*\n)?data: (.*)$/gm)) {
      const segment = JSON.parse(data) as { chapterNumber: number; index: number; state: string }
      if (segment.chapterNumber === chapterNumber && segment.index === 0 && segment.state === 'spoken') return
    }
  }
  throw new Error('the news ended before the first segment was spoken')
}
