import { readFile } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { AacEncoder } from '../src/audio/codec/aac.ts'
import { makeClip } from '../src/audio/mastering/clip-encoder.ts'
import { loudness } from '../src/audio/mastering/loudness.ts'
import { calibratedGain, voiceToMeasure } from '../src/speech/quality/calibration.ts'
import { openEspeak } from '../src/pronunciation/espeak/espeak.ts'
import { openHibari } from '../src/speech/engines/hibari/hibari-engine.ts'
import { hibariTokenizer } from '../src/speech/engines/hibari/hibari-symbols.ts'
import {
  hibariSampleRate,
  type HibariSpectra,
  synthesizeHibari,
} from '../src/speech/engines/hibari/hibari-vocoder.ts'
import { checkSpeech } from '../src/speech/quality/speech-checks.ts'
import { onnxRuntime } from '../src/speech/onnx/onnx-network.ts'
import { phonemeChunks } from '../src/speech/phoneme-chunks.ts'
import { Phonemizer } from '../src/pronunciation/espeak/phonemizer.ts'
import { measurePace } from '../src/speech/quality/voice-pace.ts'
import type { BareText } from './bare-speaker.ts'
import { placedSamples } from './placed-samples.ts'
import { Stopwatch } from './stopwatch.ts'

/** CPU seconds of each stage of Heart, run one after the other in one process. */
export interface HeartStages {
  readonly phonemes: number
  readonly network: number
  readonly sound: number
  readonly encoder: number
  /** Remaining work in a speech worker: checks, trimming, loudness. */
  readonly placing: number
}

// Runs as a process, at the priority of the speech workers.
setPriority(10)
const voice = 'hibari:heart'
const folder = fileURLToPath(new URL('../voices/heart/', import.meta.url))
const engine = await openHibari(folder)
const symbols = JSON.parse(await readFile(`${folder}kokoro-symbols.json`, 'utf8')) as Record<string, number>
const spelling = hibariTokenizer(new Map(Object.entries(symbols)), 'en-us')
const phonemizer = new Phonemizer(await openEspeak(), 'en-us')
const { InferenceSession, Tensor } = await onnxRuntime()
const session = await InferenceSession.create(`${folder}heart.onnx`, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
})
const encoder = new AacEncoder()
const gain = await calibratedGain(engine, voice, loudness)
const pace = await measurePace(engine, await voiceToMeasure(engine, voice))

async function measureStages(texts: readonly BareText[]): Promise<HeartStages> {
  const [phonemes, speaking, sound] = [new Stopwatch(), new Stopwatch(), new Stopwatch()]
  const [making, encoding] = [new Stopwatch(), new Stopwatch()]
  for (const { text, pauseSeconds } of texts) {
    const [run] = await phonemes.during(() => phonemeChunks(text, phonemizer.words(text), spelling))
    if (!run) continue
    const { samples } = await speaking.during(() => engine.synthesizeIds(run.ids, pace, text))
    // The network's time is the total minus that of synthesizing again from the same spectra.
    const spectra = await spectraOf(run.ids)
    await sound.during(() => synthesizeHibari(spectra, text))
    const speech = { samples, sampleRate: hibariSampleRate, words: [] }
    await making.during(() => {
      checkSpeech(speech, text)
      return makeClip(speech, { gain, pauseSeconds }, encoder)
    })
    const padded = placedSamples(speech, gain, pauseSeconds)
    await encoding.during(() => encoder.encode(padded))
  }
  return {
    phonemes: phonemes.spent.cpu,
    network: speaking.spent.cpu - sound.spent.cpu,
    sound: sound.spent.cpu,
    encoder: encoding.spent.cpu,
    placing: making.spent.cpu - encoding.spent.cpu,
  }
}

async function spectraOf(run: readonly number[]): Promise<HibariSpectra> {
  const outputs = await session.run({
    ids: new Tensor('int64', BigInt64Array.from(run, BigInt), [1, run.length]),
    speed: new Tensor('float32', Float32Array.of(pace), [1]),
  })
  const named = Object.entries(outputs).map(([name, { data }]) => [name, data])
  return Object.fromEntries(named) as HibariSpectra
}

process.on('message', (texts) => {
  void measureStages(texts as readonly BareText[]).then((stages) => process.send?.(stages))
})
