import { setTimeout as wait } from 'node:timers/promises'
import { deletingNovel } from './activities/deleting-novel.ts'
import { exporting } from './activities/exporting.ts'
import { generatingAll } from './activities/generating-all.ts'
import { importing } from './activities/importing.ts'
import { speakingLongText } from './activities/speaking-long-text.ts'
import { figure } from './figures.ts'
import type { Measured, Row } from './report.ts'
import { startStudio, type StudioProcess } from './server-under-test.ts'
import { temporaryFolder } from '../test/program/temporary-folder.ts'

const mostGapMs = 50

/** Something that a server does while its API has to go on answering. */
export interface Activity {
  /** Ends the sentence "longest gap of the event loop while …". */
  readonly what: string
  /** Fills the data folder before the server starts. */
  readonly fill?: (data: string, quick: boolean) => Promise<void>
  /** Brings the server to where the activity begins, and returns the activity: it ends when all that it began is over. */
  readonly begin: (studio: StudioProcess, quick: boolean) => Promise<() => Promise<readonly Row[] | void>>
}

/** Each runs in a server of its own. */
const activities: readonly Activity[] = [importing, generatingAll, exporting, deletingNovel, speakingLongText]

/** For how long the server's event loop stands still at most while it does something large. */
export async function measureEventLoop(quick: boolean): Promise<Measured> {
  const rows: Row[] = []
  for (const activity of activities) rows.push(...(await measure(activity, quick)))
  return { rows }
}

async function measure({ what, fill, begin }: Activity, quick: boolean): Promise<Row[]> {
  await using folder = await temporaryFolder()
  await fill?.(folder.path, quick)
  await using studio = await startStudio(folder.path, {
    NODE_OPTIONS: `--import ${new URL('watch-loop.ts', import.meta.url).href}`,
  })
  const act = await begin(studio, quick)
  // What preparing has left behind is no part of it.
  await wait(500)
  await longestGap(studio)
  const before = performance.now()
  const more = await act()
  const seconds = (performance.now() - before) / 1000
  const { longestGapMs, longestBusyMs } = await longestGap(studio)
  return [
    {
      what: `longest gap of the event loop while ${what}`,
      budget: `≤ ${mostGapMs} ms`,
      measured: `${figure(longestGapMs)} ms (computing for ${figure(longestBusyMs)} at most; it took ${figure(seconds)} s)`,
      met: longestGapMs <= mostGapMs,
    },
    ...(more ?? []),
  ]
}

interface LongestGap {
  readonly longestGapMs: number
  /** Of the thread that computes, which another program cannot lengthen. */
  readonly longestBusyMs: number
}

/** Since it was asked last. */
async function longestGap({ server, pid }: StudioProcess): Promise<LongestGap> {
  const before = server.log.length
  process.kill(pid, 'SIGUSR2')
  for (;;) {
    const match = /^\{"longestGapMs.*\}$/m.exec(server.log.slice(before))
    if (match) return JSON.parse(match[0]) as LongestGap
    await wait(5)
  }
}
