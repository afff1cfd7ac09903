import { availableParallelism } from 'node:os'
import type { BareText } from './bare-speaker.ts'
import { largeText } from './books.ts'
import { figure, median, sum } from './figures.ts'
import { joe, joeVoice } from './joe.ts'
import type { PiperStages } from './piper-stages.ts'
import { passagesOf } from './prose.ts'
import type { Breakdown, Measured, Row } from './report.ts'
import { BareLoops, Workers } from './voice-workers.ts'
import { WorkerProcess } from './worker-process.ts'

const most = 1.05

/**
 * A passage in Joe's voice: spoken by speech workers into clips, and by a bare loop over the same phonemes on each
 * core.
 */
interface Round {
  readonly workers: { readonly cpu: number; readonly wall: number }
  readonly bare: { readonly cpu: number; readonly wall: number; readonly seconds: number }
}

/** Piper, from text to clip: cost beyond the runtime itself, by stage, and how often models are loaded. */
export async function measurePiperSpeed(quick: boolean): Promise<Measured> {
  const model = joe()
  if (model === undefined) {
    console.error('piper-speed is skipped: Joe is not in ../shared/voices/joe.')
    return { rows: [] }
  }
  const lengths = quick ? [1000, 1500, 1500, 1500] : [3000, ...Array<number>(7).fill(3000)]
  const [warmUp, ...passages] = (await passagesOf(largeText(), lengths)).map(({ texts }) => texts)
  const last = passages.pop()
  if (warmUp === undefined || last === undefined) return { rows: [] }
  using bare = new BareLoops(new URL('bare-piper.ts', import.meta.url))
  const workers = new Workers(joeVoice, model)
  try {
    await workers.speak(warmUp)
    await bare.speak(warmUp)
    const first = workers.loads
    const rounds: Round[] = []
    for (const [index, texts] of passages.entries()) {
      // The order alternates, so that other load on the machine affects both equally.
      const before = index % 2 === 0 ? undefined : await bare.speak(texts)
      const spoken = await workers.speak(texts)
      rounds.push({ workers: spoken, bare: before ?? (await bare.speak(texts)) })
    }
    const alone: Phase = {
      what: 'Joe alone',
      first,
      later: workers.loads - first,
      seconds: sum(rounds.map(({ workers: own }) => own.wall)),
      memory: workers.memory,
    }
    const turns = await inTurn(workers, last)
    return {
      rows: [
        row(
          'CPU',
          rounds.map(({ workers: own, bare: loop }) => own.cpu / loop.cpu),
        ),
        row(
          'wall time',
          rounds.map(({ workers: own, bare: loop }) => own.wall / loop.wall),
        ),
      ],
      breakdowns: [await whereItGoes(warmUp, rounds), loadsTable([alone, turns], workers.size)],
    }
  } finally {
    await workers.stop()
  }
}

function row(what: string, ratios: readonly number[]): Row {
  const ratio = median(ratios)
  return {
    what: `${what} of speaking with Joe, from the text to the clip, over a bare loop over the same phonemes on ${availableParallelism()} cores`,
    budget: `≤ ${figure(most)}`,
    measured: `${figure(ratio)} (${ratios.length} rounds: ${ratios.map(figure).join(', ')})`,
    met: ratio <= most,
  }
}

async function whereItGoes(texts: readonly BareText[], rounds: readonly Round[]): Promise<Breakdown> {
  using process = new WorkerProcess<readonly BareText[], PiperStages>(
    new URL('piper-stages.ts', import.meta.url),
  )
  await process.ask(texts.slice(0, 5))
  const stages = await process.ask(texts)
  const speech = sum(rounds.map(({ bare }) => bare.seconds))
  const whole = (1000 * sum(rounds.map(({ workers }) => workers.cpu))) / speech
  const perSecond = (cpu: number) => (1000 * cpu) / stages.seconds
  const network = perSecond(stages.network)
  const line = (what: string, milliseconds: number) => [
    what,
    milliseconds.toFixed(2),
    `${((100 * milliseconds) / whole).toFixed(1)} %`,
  ]
  return {
    title: `Where Joe’s time goes (${figure(1000 / whole)} × real time on one core; the bare loop ${figure(speech / sum(rounds.map(({ bare }) => bare.cpu)))} ×):`,
    columns: ['part', 'CPU ms per second of speech', 'of the whole'],
    lines: [
      line('phonemes', perSecond(stages.phonemes)),
      line('network, with its noise', network),
      line('encoder', perSecond(stages.encoder)),
      line('studio, in the speaker: checks, trimming, rate, loudness', perSecond(stages.placing)),
      line('the whole, with the messages', whole),
    ],
  }
}

/** What was spoken, and the models loaded: until every worker had them, and afterwards. */
interface Phase {
  readonly what: string
  readonly first: number
  readonly later: number
  /** After the models were loaded. */
  readonly seconds: number
  /** Of the largest speech worker, in MB. */
  readonly memory: number
}

/** Two novels in two voices, alternating segment by segment. */
async function inTurn(workers: Workers, texts: readonly BareText[]): Promise<Phase> {
  const before = workers.loads
  const half = Math.ceil(texts.length / 2)
  await workers.speak(texts.slice(0, half), true)
  const between = workers.loads
  const { wall } = await workers.speak(texts.slice(half), true)
  return {
    what: `Joe and Heart in turn, ${texts.length} segments`,
    first: between - before,
    later: workers.loads - between,
    seconds: wall,
    memory: workers.memory,
  }
}

function loadsTable(phases: readonly Phase[], size: number): Breakdown {
  return {
    title: `Models that ${size} speakers loaded, and their memory:`,
    columns: ['what', 'models loaded at first', 'loads an hour from then on', 'most memory of a speaker'],
    lines: phases.map(({ what, first, later, seconds, memory }) => [
      what,
      `${first}`,
      figure((3600 * later) / seconds),
      `${figure(memory)} MB`,
    ]),
  }
}
