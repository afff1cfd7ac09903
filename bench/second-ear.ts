import { engineOf } from '../src/novel/voice.ts'
import { parsePronunciations } from '../src/novel/pronunciation-annotations.ts'
import type { VoiceModel } from '../src/novel/installed-voice.ts'
import { type Expected, listen } from '../src/speech/quality/second-ear.ts'
import { measurePace } from '../src/speech/quality/voice-pace.ts'
import type { Speech, SpeechEngine } from '../src/speech/speech-engine.ts'
import { openEngines } from '../src/speech/worker/engine-registry.ts'
import { damageRandom, damages } from './damaged-takes.ts'
import { figure, sum } from './figures.ts'
import { freshSentences } from './fresh-sentences.ts'
import { joe, joeVoice } from './joe.ts'
import { kokoro, kokoroVoice } from './kokoro.ts'
import type { Measured, Row } from './report.ts'
import { Stopwatch } from './stopwatch.ts'

const leastCaught = 95
const mostAlarms = 1
const mostCost = 3

interface BenchVoice {
  readonly name: string
  readonly voice: string
  readonly model?: VoiceModel | undefined
  /** Spoken characters: usually, in a quick run, and as many as a novel has (or as the voice speaks in an hour). */
  readonly characters: readonly [usual: number, quick: number, whole: number]
}

/** Sentences that are damaged in each way; the others are only listened to. */
const damagedTakes = 60

/**
 * What the second ear hears of good takes and of damaged ones, and what it costs: by sentences that its limits were not set
 * by, in two minutes; `whole`: by as much as a novel, with Heart, in an hour or two.
 */
export async function measureSecondEar(quick: boolean, whole: boolean): Promise<Measured> {
  const engines = await openEngines()
  using installed = await kokoro()
  const voices: BenchVoice[] = [
    { name: 'Heart', voice: 'hibari:heart', characters: [24_000, 2000, 3_000_000] },
    { name: 'Joe', voice: joeVoice, model: joe(), characters: [4000, 500, 300_000] },
    { name: 'Kokoro', voice: kokoroVoice, model: installed?.model, characters: [1000, 200, 30_000] },
  ]
  const rows: Row[] = []
  const lines = new Map<string, string[]>(
    damages.map(({ name, gross }) => [gross ? name : `${name} (not gross)`, []]),
  )
  const measured: string[] = []
  for (const each of voices) {
    const engine = engines.find(({ name }) => name === engineOf(each.voice))
    if (!engine || (each.voice !== 'hibari:heart' && !each.model)) {
      console.error(`second-ear: ${each.name} is skipped, it is not in ../shared/voices.`)
      continue
    }
    const heard = await hearVoice(engine, each, each.characters[whole ? 2 : quick ? 1 : 0])
    measured.push(each.name)
    for (const [at, line] of [...lines.values()].entries()) line.push(heard.caught[at] ?? '')
    rows.push(...rowsOf(each.name, heard))
  }
  for (const engine of engines) await engine.close()
  const table = [...lines].map(([name, caught]) => [name, ...caught])
  return {
    rows,
    breakdowns: [
      { title: 'Faults that the second ear hears, in %:', columns: ['fault', ...measured], lines: table },
    ],
  }
}

interface HeardVoice {
  readonly takes: number
  readonly alarms: number
  readonly grossCaught: number
  readonly gross: number
  /** By damage. */
  readonly caught: readonly string[]
  /** CPU of listening over that of speaking. */
  readonly cost: number
}

async function hearVoice(
  engine: SpeechEngine,
  { voice, model }: BenchVoice,
  characters: number,
): Promise<HeardVoice> {
  const texts = await freshSentences(characters)
  const [speaking, listening] = [new Stopwatch(), new Stopwatch()]
  const random = damageRandom()
  const caught = damages.map(() => 0)
  const pace = await measurePace(engine, { voice, language: 'en', model })
  const every = Math.max(1, Math.floor(texts.length / damagedTakes))
  let [alarms, damaged] = [0, 0]
  for (const [at, spoken] of texts.entries()) {
    const { text, pronunciations } = parsePronunciations(spoken)
    const take = await speaking.during(() =>
      engine.speak({ text, pronunciations, voice, speed: pace, seed: spoken, model }),
    )
    const expected: Expected = { text, speed: 1, language: 'en', neural: true }
    if (await listening.during(() => isSuspected(take, expected))) {
      alarms++
      console.error(
        `second-ear: ${voice} is suspected of “${text}”: ${JSON.stringify(listen(take, expected))}`,
      )
    }
    if (at % every !== 0) continue
    damaged++
    for (const [index, { damage }] of damages.entries())
      if (isSuspected(damage(take, random), expected)) caught[index]!++
  }
  const isGross = (_: unknown, index: number): boolean => damages[index]!.gross
  return {
    takes: texts.length,
    alarms,
    grossCaught: sum(caught.filter(isGross)),
    gross: damaged * damages.filter(({ gross }) => gross).length,
    caught: caught.map((count) => figure((100 * count) / damaged)),
    cost: listening.spent.cpu / speaking.spent.cpu,
  }
}

function isSuspected(take: Speech, expected: Expected): boolean {
  const { unusable, reasons } = listen(take, expected)
  return unusable !== undefined || reasons.length > 0
}

function rowsOf(name: string, { takes, alarms, grossCaught, gross, cost }: HeardVoice): Row[] {
  const caught = (100 * grossCaught) / gross
  const falseAlarms = (100 * alarms) / takes
  const rows = [
    {
      what: `gross faults of ${name} that the second ear hears`,
      budget: `≥ ${leastCaught} %`,
      measured: `${figure(caught)} % of ${gross}`,
      met: caught >= leastCaught,
    },
    {
      what: `good sentences of ${name} that it suspects`,
      budget: `≤ ${mostAlarms} %`,
      measured: `${figure(falseAlarms)} % of ${takes}`,
      met: falseAlarms <= mostAlarms,
    },
  ]
  // The other voices cost so much that it is nothing beside them.
  if (name !== 'Heart') return rows
  const what = 'the second ear’s CPU, over that of Heart’s engine'
  return [
    ...rows,
    { what, budget: `≤ ${mostCost} %`, measured: `${figure(100 * cost)} %`, met: 100 * cost <= mostCost },
  ]
}
