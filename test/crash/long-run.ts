import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { longStory } from '../fixtures/long-story.ts'
import { crashRun } from './crash-run.ts'
import { type Disturbance, fleetRun } from './fleet-run.ts'

// npm run test:crash -- --kills 30 [--book FILE --chapters 3-8]
// npm run test:crash -- --kills 30 --servers 2      several servers on Postgres and an object store, and four machines

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '30' },
    speakers: { type: 'string', default: String(availableParallelism()) },
    book: { type: 'string' },
    servers: { type: 'string' },
  },
})
const say = (line: string): void => console.log(line)
const right = values.servers === undefined ? await oneServer() : await severalServers(Number(values.servers))
console.log(right ? 'Nothing was lost.' : 'Something was lost.')
process.exitCode = right ? 0 : 1

async function oneServer(): Promise<boolean> {
  const timeMachine = fileURLToPath(new URL('../../../shared/books/the-time-machine.epub', import.meta.url))
  const book = values.book ?? (existsSync(timeMachine) ? timeMachine : longStory(10, 60))
  const [kills, speakers] = [Number(values.kills), Number(values.speakers)]
  const chapters = Array.from({ length: 10 }, (_, at) => at + 3)
  const figures = await crashRun({ book, chapters, kills, speakers, say })
  console.log(figures)
  return (
    figures.lost === 0 &&
    figures.wentBack === 0 &&
    figures.completed === figures.acknowledged &&
    figures.differing.length === 0 &&
    figures.integrity.every((answer) => answer === 'ok') &&
    figures.strayFiles.length === 0 &&
    figures.spokenTwice <= kills * speakers
  )
}

async function severalServers(servers: number): Promise<boolean> {
  const machines = 4
  const kinds: readonly Disturbance[] = ['machine', 'machine', 'server', 'server', 'postgres', 'objects']
  const disturbances = Array.from(
    { length: Number(values.kills) },
    () => kinds[Math.floor(Math.random() * kinds.length)] ?? 'machine',
  )
  const book = longStory(disturbances.length, 60)
  const figures = await fleetRun({ book, servers, machines, disturbances, awayMs: 20_000, say })
  console.log(figures)
  return (
    figures.completed === figures.acknowledged &&
    figures.differing.length === 0 &&
    figures.claims + figures.orphans + figures.missing === 0 &&
    figures.spokenTwice <= disturbances.length * machines
  )
}
