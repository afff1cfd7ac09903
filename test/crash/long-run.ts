import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { longStory } from '../fixtures/long-story.ts'
import { crashRun } from './crash-run.ts'

// npm run test:crash -- --kills 30 [--book FILE --chapters 3-8]

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '30' },
    speakers: { type: 'string', default: String(availableParallelism()) },
    book: { type: 'string' },
  },
})
const timeMachine = fileURLToPath(new URL('../../../shared/books/the-time-machine.epub', import.meta.url))
const book = values.book ?? (existsSync(timeMachine) ? timeMachine : longStory(10, 60))
const [kills, speakers] = [Number(values.kills), Number(values.speakers)]
const figures = await crashRun({
  book,
  chapters: Array.from({ length: 10 }, (_, at) => at + 3),
  kills,
  speakers,
  say: (line) => console.log(line),
})
console.log(figures)
const right =
  figures.lost === 0 &&
  figures.wentBack === 0 &&
  figures.completed === figures.acknowledged &&
  figures.differing.length === 0 &&
  figures.integrity.every((answer) => answer === 'ok') &&
  figures.strayFiles.length === 0 &&
  figures.spokenTwice <= kills * speakers
console.log(right ? 'Nothing was lost.' : 'Something was lost.')
process.exitCode = right ? 0 : 1
