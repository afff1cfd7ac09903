import { availableParallelism } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { MachineProcess } from '../test/program/machine-process.ts'
import { Command } from '../test/program/cli-process.ts'
import type { ServerProcess } from '../test/program/server-process.ts'
import { temporaryFolder } from '../test/program/temporary-folder.ts'
import { largeText } from './books.ts'
import { figure, median } from './figures.ts'
import { passagesOf } from './prose.ts'
import type { Measured } from './report.ts'
import { startServerUnderTest, untilHealthy } from './server-under-test.ts'

const least = 0.95
const voice = 'hibari:heart'

/**
 * Throughput of a server without workers whose speaker machine has a worker for each core, relative to a server with
 * the same workers of its own. Both speak the same passages, one after the other in alternating order.
 */
export async function measureSpeakerMachines(quick: boolean): Promise<Measured> {
  const book = largeText()
  const [warmUp, ...passages] = await passagesOf(
    book,
    quick ? [2000, 3000, 3000] : [5000, ...Array<number>(4).fill(30_000)],
  )
  if (!warmUp) return { rows: [] }
  const cores = availableParallelism()
  await using folder = await temporaryFolder()
  const token = (await Command.run(['token', 'create', 'bench'], folder.path)).out.trim()
  await using embedded = await startServerUnderTest()
  await using remote = await startServerUnderTest(folder.path, { NIGHTJAR_SPEAKERS: '0' })
  const { server } = remote
  await using _ = new MachineProcess({
    server: server.address,
    token,
    name: 'bench',
    folder: folder.path,
    speakers: cores,
    engines: 'real',
  })
  await untilHealthy(server, ({ speakers }) => speakers.alive === cores)
  const [here, there] = [await added(embedded.server), await added(server)]
  for (const novel of [here, there]) await secondsToSpeak(novel, warmUp.chapterNumbers)
  const ratios: number[] = []
  for (const [round, { chapterNumbers }] of passages.entries()) {
    const order = round % 2 === 0 ? [here, there] : [there, here]
    const seconds = new Map<SpokenNovel, number>()
    for (const novel of order) seconds.set(novel, await secondsToSpeak(novel, chapterNumbers))
    ratios.push((seconds.get(here) ?? 0) / (seconds.get(there) ?? 0))
  }
  const ratio = median(ratios)
  return {
    rows: [
      {
        what: `Heart spoken by a speaker machine with ${cores} workers, relative to as many workers of the server itself`,
        budget: `≥ ${figure(least)}`,
        measured: `${figure(ratio)} (${ratios.length} rounds: ${ratios.map(figure).join(', ')})`,
        met: ratio >= least,
      },
    ],
  }
}

interface SpokenNovel {
  readonly server: ServerProcess
  readonly id: string
}

async function added(server: ServerProcess): Promise<SpokenNovel> {
  const { bytes, fileName } = largeText()
  return { server, id: (await server.add(bytes, fileName)).novel.id }
}

/** Wall time of generating these chapters. */
async function secondsToSpeak({ server, id }: SpokenNovel, chapters: readonly number[]): Promise<number> {
  const progressId = await server.generate(id, chapters, { voice })
  for (;;) {
    const { completedAt, createdAt } = await server.progress(progressId)
    if (completedAt !== null) return (Date.parse(completedAt) - Date.parse(createdAt)) / 1000
    await wait(250)
  }
}
