import { setTimeout as wait } from 'node:timers/promises'
import type { Activity } from './activities/activity.ts'
import { countingCold } from './activities/counting-cold.ts'
import { cuttingAnew } from './activities/cutting-anew.ts'
import { deletingNovel } from './activities/deleting-novel.ts'
import { exporting } from './activities/exporting.ts'
import { generatingAll } from './activities/generating-all.ts'
import { importing } from './activities/importing.ts'
import { speakingLongText } from './activities/speaking-long-text.ts'
import { searching } from './activities/searching.ts'
import { figure } from './figures.ts'
import type { Measured, Row } from './report.ts'
import { startServerUnderTest, type ServerUnderTest } from './server-under-test.ts'
import { temporaryFolder } from '../test/program/temporary-folder.ts'

const maxGapMs = 50

/** Each runs on a server of its own. */
const activities: readonly Activity[] = [
  importing,
  generatingAll,
  exporting,
  deletingNovel,
  speakingLongText,
  searching,
  cuttingAnew,
  countingCold,
]

/** The longest gap of the server's event loop during large operations. */
export async function measureEventLoop(quick: boolean): Promise<Measured> {
  const rows: Row[] = []
  for (const activity of activities) rows.push(...(await measure(activity, quick)))
  return { rows }
}

async function measure({ what, fill, begin }: Activity, quick: boolean): Promise<Row[]> {
  await using folder = await temporaryFolder()
  await fill?.(folder.path, quick)
  await using underTest = await startServerUnderTest(folder.path, {
    NODE_OPTIONS: `--import ${new URL('watch-loop.ts', import.meta.url).href}`,
  })
  const act = await begin(underTest, quick)
  // Lets work left by the preparation finish.
  await wait(500)
  await longestGap(underTest)
  const before = performance.now()
  const more = await act()
  const seconds = (performance.now() - before) / 1000
  const { longestGapMs, longestBusyMs } = await longestGap(underTest)
  return [
    {
      what: `longest gap of the event loop while ${what}`,
      budget: `≤ ${maxGapMs} ms`,
      measured: `${figure(longestGapMs)} ms (computing for ${figure(longestBusyMs)} at most; it took ${figure(seconds)} s)`,
      met: longestGapMs <= maxGapMs,
    },
    ...(more ?? []),
  ]
}

interface LongestGap {
  readonly longestGapMs: number
  /** CPU time of the thread, which other programs cannot lengthen. */
  readonly longestBusyMs: number
}

/** Since the previous call. */
async function longestGap({ server, pid }: ServerUnderTest): Promise<LongestGap> {
  const before = server.log.length
  process.kill(pid, 'SIGUSR2')
  for (;;) {
    const match = /^\{"longestGapMs.*\}$/m.exec(server.log.slice(before))
    if (match) return JSON.parse(match[0]) as LongestGap
    await wait(5)
  }
}
