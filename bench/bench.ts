import { availableParallelism, cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { measureAudioRange } from './audio-range.ts'
import { measureDifference } from './difference.ts'
import { measureBook } from './book.ts'
import { measureApi, measureApiOnPostgres } from './api.ts'
import { measureEventLoop } from './event-loop.ts'
import { measureFirstSound } from './first-sound.ts'
import { measureHeartSpeed } from './heart-speed.ts'
import { measureKokoroSpeed } from './kokoro-speed.ts'
import { measureLexicon } from './lexicon.ts'
import { measureListening } from './listening.ts'
import { measureLongChapter } from './long-chapter.ts'
import { measureImport } from './import.ts'
import { measureMany } from './many/many-simulation.ts'
import { measureMemory } from './memory.ts'
import { measureNovelWall } from './novel-wall.ts'
import { measurePageMemory } from './page-memory.ts'
import { measurePiperSpeed } from './piper-speed.ts'
import { measureReadingAlong } from './reading-along.ts'
import { measureRecovery } from './recovery.ts'
import { referenceSeconds } from './reference-loop.ts'
import { type Measured, report } from './report.ts'
import { figure } from './figures.ts'
import { measureSecondEar } from './second-ear.ts'
import { measureStart } from './start.ts'
import { measureWhoSpeaks } from './who-speaks.ts'
import { measureWordErrors } from './word-errors.ts'
import { measurePipelineOverhead } from './pipeline-overhead.ts'
import { measureSpeakerMachines } from './speaker-machines.ts'

/**
 * By name, in the order of the table. `quick`: small sizes, to check that everything runs. `whole`: of a whole novel, where
 * that makes a difference.
 */
const measurements: Readonly<Record<string, (quick: boolean, whole: boolean) => Promise<Measured>>> = {
  'heart-speed': measureHeartSpeed,
  'piper-speed': measurePiperSpeed,
  'kokoro-speed': measureKokoroSpeed,
  'pipeline-overhead': measurePipelineOverhead,
  'novel-wall': measureNovelWall,
  'speaker-machines': measureSpeakerMachines,
  start: measureStart,
  api: measureApi,
  'event-loop': measureEventLoop,
  'first-sound': measureFirstSound,
  listening: measureListening,
  'page-memory': measurePageMemory,
  recovery: measureRecovery,
  import: measureImport,
  difference: measureDifference,
  'who-speaks': measureWhoSpeaks,
  lexicon: measureLexicon,
  'second-ear': measureSecondEar,
  'word-errors': measureWordErrors,
  'audio-range': measureAudioRange,
  'reading-along': measureReadingAlong,
  'long-chapter': measureLongChapter,
  book: measureBook,
  memory: measureMemory,
  many: measureMany,
  'many-api': measureApiOnPostgres,
}

/** They need a Postgres, and `many` an S3 server, so they are run only when they are named. */
const onlyByName: readonly string[] = ['many', 'many-api']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, whole: { type: 'boolean', default: false } },
})
const unknown = positionals.find((name) => !(name in measurements))
if (unknown !== undefined) {
  console.error(`There is no measurement "${unknown}". There are: ${Object.keys(measurements).join(', ')}.`)
  process.exit(2)
}

const reference = [referenceSeconds()]
const measured: Measured[] = []
for (const [name, measure] of Object.entries(measurements)) {
  if (positionals.length > 0 ? !positionals.includes(name) : onlyByName.includes(name)) continue
  const before = performance.now()
  measured.push(await measure(values.quick, values.whole))
  console.error(`${name}: ${Math.round((performance.now() - before) / 1000)} s`)
}
const cores = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`
const memory = `${Math.round(totalmem() / 2 ** 30)} GB of memory`
reference.push(referenceSeconds())
const pace = `10⁸ rounds of a plain loop took ${reference.map(figure).join(' s before and ')} s after`
console.log(report(`Measured on ${cores}, ${memory}, Node ${process.versions.node}; ${pace}.`, measured))
