import { availableParallelism } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { ServerProcess } from '../test/program/server-process.ts'
import { temporaryFolder } from '../test/program/temporary-folder.ts'
import { webNovel } from './books.ts'
import { figure } from './figures.ts'
import type { Measured } from './report.ts'

const maxSeconds = 2

/** Repeated `kill -9` of the server and its speech workers in the middle of a novel. */
export async function measureRecovery(quick: boolean): Promise<Measured> {
  const kills = quick ? 2 : 5
  const speakers = availableParallelism()
  const book = webNovel()
  await using folder = await temporaryFolder()
  const start = () => ServerProcess.start({ data: folder.path, speakers })
  const handedOut: string[] = []
  const under: number[] = []
  const spoken: number[] = []
  let server = await start()
  try {
    const { novel } = await server.add(book.bytes, book.fileName)
    await server.generate(novel.id)
    for (let kill = 0; kill < kills; kill++) {
      // The workers have spoken for a while, and hold leases.
      await untilLeased(server, 20 * speakers)
      await server.kill()
      handedOut.push(...server.handedOut)
      const before = Date.now()
      server = await start()
      under.push(((await untilLeased(server, 1)) - before) / 1000)
      // A worker gets its second segment only after its first clip is stored.
      spoken.push(((await untilLeased(server, speakers + 1)) - before) / 1000)
    }
    handedOut.push(...server.handedOut)
  } finally {
    await server.kill()
  }
  const twice = handedOut.length - new Set(handedOut).size
  const slowest = Math.max(...under)
  return {
    rows: [
      {
        what: `work under way again after kill -9 in a 2,000-chapter novel, the slowest of ${kills}; segments spoken twice per kill`,
        budget: `≤ ${maxSeconds} s; ≤ ${speakers}`,
        measured: `${figure(slowest)} s (first new clip after ${figure(Math.max(...spoken))} s); ${figure(twice / kills)}`,
        met: slowest <= maxSeconds && twice / kills <= speakers,
      },
    ],
  }
}

/** Waits until so many segments were leased and returns when the last one was (epoch milliseconds). */
async function untilLeased(server: ServerProcess, count: number): Promise<number> {
  for (;;) {
    const lines = server.log.split('\n').filter((line) => line.includes('"msg":"speaking"'))
    const line = lines[count - 1]
    if (line !== undefined) return (JSON.parse(line) as { time: number }).time
    await wait(20)
  }
}
