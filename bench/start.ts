import { ServerProcess } from '../test/program/server-process.ts'
import { temporaryFolder } from '../test/program/temporary-folder.ts'
import { figure, median } from './figures.ts'
import type { Measured } from './report.ts'

const maxSeconds = 1.5

/** From the start of the program to its first answer, on an empty data folder and on the one that it left. */
export async function measureStart(quick: boolean): Promise<Measured> {
  const rounds = quick ? 1 : 5
  const seconds = { empty: [] as number[], known: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    await using folder = await temporaryFolder()
    for (const kind of ['empty', 'known'] as const) {
      const before = performance.now()
      await using server = await ServerProcess.start({ data: folder.path })
      await server.json('/api/novels')
      seconds[kind].push((performance.now() - before) / 1000)
      await server.stop()
    }
  }
  const slowest = Math.max(...seconds.empty, ...seconds.known)
  return {
    rows: [
      {
        what: `from the start of the server to its first answer, the slowest of ${2 * rounds}`,
        budget: `≤ ${maxSeconds} s`,
        measured: `${figure(slowest)} s (median ${figure(median(seconds.empty))} s in an empty folder, ${figure(median(seconds.known))} s in a known one)`,
        met: slowest <= maxSeconds,
      },
    ],
  }
}
