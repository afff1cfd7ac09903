import type { Novel } from '../src/http/contract/novel-contract.ts'
import type { RecognisedVersion, VersionDifferenceView } from '../src/http/contract/version-contract.ts'
import { corrected, serialChapters, serialText } from '../test/fixtures/serial.ts'
import { figure } from './figures.ts'
import type { Measured } from './report.ts'
import { startServerUnderTest } from './server-under-test.ts'

const paragraphs = 12
const added = 20
const corrections = [3, 5, 9]
const maxSeconds = 2
const longestGapMs = 50
const rounds = 3

/** The difference of a serial that has grown by twenty chapters and has three corrected, and what it holds up meanwhile. */
export async function measureDifference(quick: boolean): Promise<Measured> {
  const chapters = quick ? 200 : 2000
  await using underTest = await startServerUnderTest()
  const { server } = underTest
  const before = serialChapters(chapters, paragraphs)
  const after = corrections.reduce(
    (all, number) => corrected(all, number, 1, `Evening ${number} was told anew. Nobody spoke of it again.`),
    [...before, ...serialChapters(added, paragraphs, chapters + 1)],
  )
  const { novel } = await server.add(serialText(before), 'serial.txt')
  const sent = await server.upload(serialText(after), 'serial.txt', { separate: false })
  const { version } = (await sent.json()) as { novel: Novel; version?: RecognisedVersion }
  if (!version) throw new Error('the serial was not recognised')
  const path = `/api/novels/${novel.id}/versions/${version.id}`
  const seconds: number[] = []
  let gap = 0
  for (let round = 0; round < rounds; round++) {
    const over = new AbortController()
    const asking = askMeanwhile(() => server.fetch('/livez'), over.signal)
    const begun = performance.now()
    const answer = await server.json<{ version: VersionDifferenceView }>(path)
    seconds.push((performance.now() - begun) / 1000)
    over.abort()
    gap = Math.max(gap, await asking)
    const { unchanged } = answer.version.difference
    if (unchanged !== chapters - corrections.length) throw new Error(`${unchanged} chapters are unchanged`)
  }
  const slowest = Math.max(...seconds)
  return {
    rows: [
      {
        what: `difference of a novel of ${chapters.toLocaleString('en')} chapters that grew by ${added} and has ${corrections.length} corrected; the slowest of ${rounds}`,
        budget: `≤ ${maxSeconds} s`,
        measured: `${figure(slowest)} s`,
        met: slowest <= maxSeconds,
      },
      {
        what: 'longest answer of another request meanwhile',
        budget: `≤ ${longestGapMs} ms`,
        measured: `${figure(gap)} ms`,
        met: gap <= longestGapMs,
      },
    ],
  }
}

/** The longest time, in milliseconds, that a small request takes, one after the other until the signal aborts. */
async function askMeanwhile(ask: () => Promise<Response>, signal: AbortSignal): Promise<number> {
  let longest = 0
  while (!signal.aborted) {
    const begun = performance.now()
    await (await ask()).arrayBuffer()
    longest = Math.max(longest, performance.now() - begun)
  }
  return longest
}
