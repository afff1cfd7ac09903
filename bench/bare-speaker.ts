import { setPriority } from 'node:os'
import { AacEncoder } from '../src/audio/codec/aac.ts'
import { loudness } from '../src/audio/mastering/loudness.ts'
import { engineOf } from '../src/novel/voice.ts'
import { calibratedGain, voiceToMeasure } from '../src/speech/quality/calibration.ts'
import { openEngines } from '../src/speech/worker/engine-registry.ts'
import { measurePace } from '../src/speech/quality/voice-pace.ts'
import { placedSamples } from './placed-samples.ts'
import { type Spent, Stopwatch } from './stopwatch.ts'

/** A text and the seconds of silence after it. */
export interface BareText {
  readonly text: string
  readonly pauseSeconds: number
}

export interface BareShare {
  readonly voice: string
  readonly texts: readonly BareText[]
}

export interface BareResult {
  readonly engine: Spent
  readonly encoder: Spent
}

// Runs as a process: an engine and an encoder without the rest of the pipeline, at the priority of the speech workers.
// The steps between (trimming, rate, gain) are executed so that the same samples are encoded, but are not measured.
setPriority(10)
const engines = await openEngines()
const encoder = new AacEncoder()
/** Gain and pace that bring a voice to the standard loudness and pace. */
const measures = new Map<string, { readonly gain: number; readonly pace: number }>()

async function speakBare({ voice, texts }: BareShare): Promise<BareResult> {
  const engine = engines.find(({ name }) => name === engineOf(voice))
  if (!engine) throw new Error(`no engine speaks ${voice}`)
  const known = measures.get(voice) ?? {
    gain: await calibratedGain(engine, voice, loudness),
    pace: await measurePace(engine, await voiceToMeasure(engine, voice)),
  }
  measures.set(voice, known)
  const { gain, pace } = known
  const [speaking, encoding] = [new Stopwatch(), new Stopwatch()]
  for (const { text, pauseSeconds } of texts) {
    const speech = await speaking.during(() => engine.speak({ text, voice, speed: pace, seed: text }))
    const samples = placedSamples(speech, gain, pauseSeconds)
    await encoding.during(() => encoder.encode(samples))
  }
  return { engine: speaking.spent, encoder: encoding.spent }
}

process.on('message', (share) => {
  void speakBare(share as BareShare).then((result) => process.send?.(result))
})
