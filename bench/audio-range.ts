import { longStory } from '../test/fixtures/long-story.ts'
import { curlTimes } from './curl-times.ts'
import { figure, median, percentile } from './figures.ts'
import { forgetPeak, residentMb } from './processes.ts'
import type { Measured } from './report.ts'
import { startServerUnderTest, type ServerUnderTest } from './server-under-test.ts'
import { timedRequest } from './timed-request.ts'

const maxMs = 10
/** Variation of a server's peak memory between measurements. */
const unsteadyMb = 20
const voice = 'espeak:en-us'
const rangeBytes = 256 * 1024

interface Heard {
  readonly minutes: number
  readonly firstByteMs: readonly number[]
  readonly growthMb: number
}

/** Random ranges of a short and of a very long chapter, each after it was read completely three times. */
export async function measureAudioRange(quick: boolean): Promise<Measured> {
  await using underTest = await startServerUnderTest()
  const count = quick ? 50 : 250
  // The first one warms up the server; otherwise the second would grow less whatever its length.
  await measureChapter(underTest, 40, count)
  const short = await measureChapter(underTest, 60, count)
  const long = await measureChapter(underTest, quick ? 200 : 1000, count)
  const times = [...short.firstByteMs, ...long.firstByteMs]
  const p99 = percentile(times, 0.99)
  return {
    rows: [
      {
        what: `audio.m4a: first byte of ${times.length} random ranges, p99; growth of the server’s peak RSS by the chapter’s length`,
        budget: `≤ ${maxMs} ms; none`,
        measured: `${figure(p99)} ms (median ${figure(median(times))}); ${growthOf(short)}, ${growthOf(long)}`,
        met: p99 <= maxMs && long.growthMb - short.growthMb <= unsteadyMb,
      },
    ],
  }
}

async function measureChapter(
  { server, pid }: ServerUnderTest,
  sentences: number,
  count: number,
): Promise<Heard> {
  const { novel } = await server.add(longStory(1, sentences), `${sentences}.txt`)
  const { secondsDone } = await server.finished(await server.generate(novel.id, [1], { voice }))
  const url = new URL(`/api/novels/${novel.id}/chapters/1/audio.m4a?voice=${voice}`, server.address)
  const { bytes } = await timedRequest(url)
  const before = residentMb(pid).now
  forgetPeak(pid)
  for (let time = 0; time < 3; time++) await timedRequest(url)
  const answers = await curlTimes(
    Array.from({ length: count }, () => {
      const start = Math.floor(Math.random() * bytes)
      return { url, range: `${start}-${start + rangeBytes - 1}` }
    }),
  )
  const firstByteMs = answers.map((answer) => answer.firstByteMs)
  return { minutes: secondsDone / 60, firstByteMs, growthMb: residentMb(pid).peak - before }
}

function growthOf({ minutes, growthMb }: Heard): string {
  return `${figure(growthMb)} MB with ${Math.round(minutes)} min`
}
