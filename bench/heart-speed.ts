import { availableParallelism } from 'node:os'
import type { BareText } from './bare-speaker.ts'
import { equalShares } from './equal-shares.ts'
import { figure, sum } from './figures.ts'
import type { HeartStages } from './heart-stages.ts'
import type { Breakdown, Measured } from './report.ts'
import { type Round, sideBySide } from './side-by-side.ts'
import { WorkerProcess } from './worker-process.ts'

const least = 50
const stagedTexts = 150

/** Heart, from text to stored clip: seconds of speech per CPU second of all processes, by stage. */
export async function measureHeartSpeed(quick: boolean): Promise<Measured> {
  const rounds = await sideBySide('hibari:heart', quick)
  const speech = sum(rounds.map(({ program }) => program.speechSeconds))
  const cpu = sum(rounds.map(({ program }) => program.server + program.workers))
  const row = {
    what: 'Heart, from the text to the stored clip: seconds of speech per CPU second',
    budget: `≥ ${least}`,
    measured: figure(speech / cpu),
    met: speech / cpu >= least,
  }
  return { rows: [row], breakdowns: [await whereItGoes(rounds, quick ? 30 : stagedTexts)] }
}

/**
 * The costs of engine and encoder come from the rounds, where they alternate with the whole program. The engine's
 * stages are measured separately, on some of the same texts, with all cores equally busy.
 */
async function whereItGoes(rounds: readonly Round[], count: number): Promise<Breakdown> {
  const speech = sum(rounds.map(({ program }) => program.speechSeconds))
  const perSecond = (cpu: (round: Round) => number) => (1000 * sum(rounds.map(cpu))) / speech
  const [engine, encoder] = [perSecond(({ bare }) => bare.engine), perSecond(({ bare }) => bare.encoder)]
  const whole = perSecond(({ program }) => program.server + program.workers)
  const stages = await measureStages(
    evenlyFrom(
      rounds.flatMap(({ texts }) => texts),
      count,
    ),
  )
  const engineScale = engine / (stages.phonemes + stages.network + stages.sound)
  const placing = stages.placing * (encoder / stages.encoder)
  const line = (what: string, milliseconds: number) => [
    what,
    milliseconds.toFixed(2),
    `${Math.round((100 * milliseconds) / whole)} %`,
  ]
  return {
    title: 'Where Heart’s time goes:',
    columns: ['part', 'CPU ms per second of speech', 'of the whole'],
    lines: [
      line('phonemes', stages.phonemes * engineScale),
      line('network', stages.network * engineScale),
      line('signal part', stages.sound * engineScale),
      line('encoder', encoder),
      line('studio, in the speaker: checks, trimming, loudness', placing),
      line('studio, around it: messages, dispatch, database, API', whole - engine - encoder - placing),
      line('the whole', whole),
    ],
  }
}

async function measureStages(texts: readonly BareText[]): Promise<HeartStages> {
  const results = await Promise.all(
    equalShares(texts, availableParallelism()).map(async (share) => {
      using process = new WorkerProcess<readonly BareText[], HeartStages>(
        new URL('heart-stages.ts', import.meta.url),
      )
      await process.ask(share.slice(0, 20))
      return await process.ask(share)
    }),
  )
  const all = (stage: keyof HeartStages) => sum(results.map((result) => result[stage]))
  return {
    phonemes: all('phonemes'),
    network: all('network'),
    sound: all('sound'),
    encoder: all('encoder'),
    placing: all('placing'),
  }
}

function evenlyFrom<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(all.length / count))
  return all.filter((_, index) => index % step === 0).slice(0, count)
}
