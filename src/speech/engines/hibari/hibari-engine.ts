import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import runtime from 'onnxruntime-node/package.json' with { type: 'json' }
import { z } from 'zod'
import type { VoiceModel } from '../../../novel/installed-voice.ts'
import { type EnglishAccent, englishAccent, type Voice } from '../../../novel/voice.ts'
import { espeakVersion } from '../../../pronunciation/espeak/espeak.ts'
import { Phonemizer } from '../../../pronunciation/espeak/phonemizer.ts'
import { ModelCache } from '../../onnx/model-cache.ts'
import { freeBuffers } from '../../onnx/free-buffers.ts'
import { type ChunkAudio, phonemeChunks, speakChunks } from '../../phoneme-chunks.ts'
import type { Speech, SpeechEngine, Utterance, VoiceMeasure } from '../../speech-engine.ts'
import { LazyEspeak } from '../../lazy-espeak.ts'
import { hibariTokenizer } from './hibari-symbols.ts'
import { hibariHop, hibariSampleRate, synthesizeHibari, vocoderVersion } from './hibari-vocoder.ts'

/** Increased whenever the same text would give other ids. */
const textVersion = 1

/** Seconds of one unit of the durations: two frames. */
const secondsPerUnit = (2 * hibariHop) / hibariSampleRate

const symbolTable = z.record(z.string(), z.number().int())

const heart: Voice = {
  id: 'hibari:heart',
  engine: 'hibari',
  name: 'Heart',
  language: 'en-US',
  gender: 'female',
  neural: true,
}

/** Of Heart, as `calibratedGain` and `measurePace` find it with these versions; with others it is measured by each worker. */
const heartMeasured = {
  version: 'onnxruntime-1.30.0 model-5f70741d4e90 text-1 sound-1 espeak-0.3.5',
  measure: { gain: 2.0869423368816844, pace: 0.8203 },
} as const

/**
 * Opens the engine with the model in `folder` (`heart.onnx` and `kokoro-symbols.json`) as its built-in voice. The
 * network and the phonemizer are loaded at the first utterance. Throws when a file is missing or damaged.
 */
export async function openHibari(folder: string, models = new ModelCache()): Promise<HibariEngine> {
  const model = path.join(folder, 'heart.onnx')
  const symbols = await readFile(path.join(folder, 'kokoro-symbols.json'), 'utf8')
  const ids = symbolTable.parse(JSON.parse(symbols))
  const checksum = createHash('sha256')
    .update(await readFile(model))
    .digest('hex')
  const own = { model, checksum, language: heart.language }
  return new HibariEngine(own, new Map(Object.entries(ids)), models)
}

/**
 * The hibari family, models distilled from Kokoro: phonemes → network → spectra → samples. English, American and
 * British.
 */
export class HibariEngine implements SpeechEngine {
  readonly name = 'hibari'
  /** Includes the checksum of the built-in voice; an installed voice's checksum is added by the recipe. */
  readonly version: string
  readonly voices: readonly Voice[] = [heart]
  readonly #own: VoiceModel
  readonly #ids: ReadonlyMap<string, number>
  readonly #models: ModelCache
  readonly #phonemizers = new Map<EnglishAccent, Phonemizer>()
  readonly #espeak = new LazyEspeak()

  constructor(own: VoiceModel, ids: ReadonlyMap<string, number>, models: ModelCache) {
    this.#own = own
    this.#ids = ids
    this.#models = models
    this.version = `onnxruntime-${runtime.version} model-${own.checksum.slice(0, 12)} text-${textVersion} sound-${vocoderVersion} espeak-${espeakVersion}`
  }

  async speak({ text, pronunciations, doubleR, voice, speed, seed, model }: Utterance): Promise<Speech> {
    const chosen = model ?? (voice === heart.id ? this.#own : undefined)
    if (!voice.startsWith(`${this.name}:`) || chosen === undefined)
      throw new Error(`hibari has no voice ${voice}.`)
    if (!/[\p{L}\p{N}]/u.test(text)) throw new Error('There is no letter or digit to speak.')
    const accent = englishAccent(chosen.language)
    const phonemizer = await this.#phonemizer(accent)
    const chunks = phonemeChunks(
      text,
      phonemizer.words(text, pronunciations),
      hibariTokenizer(this.#ids, accent, doubleR),
    )
    if (chunks.length === 0) throw new Error('There is nothing in this text that an English voice can speak.')
    return speakChunks(chunks, { sampleRate: hibariSampleRate, seed }, (ids, chunkSeed) =>
      this.synthesizeIds(ids, speed, chunkSeed, chosen),
    )
  }

  measureOf(voice: string): VoiceMeasure | undefined {
    return voice === heart.id && this.version === heartMeasured.version ? heartMeasured.measure : undefined
  }

  /** Synthesizes Kokoro's ids, including the 0 at either end, with the built-in voice unless `model` is given. */
  synthesizeIds(ids: readonly number[], speed: number, seed: string, model = this.#own): Promise<ChunkAudio> {
    return this.#models.use(model, async ({ session, Tensor: Input, durations }) => {
      const outputs = await session.run({
        ids: new Input('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
        speed: new Input('float32', Float32Array.of(speed), [1]),
      })
      const spectrum = (name: string): Float32Array => {
        const data = outputs[name]?.data
        if (!(data instanceof Float32Array)) throw new Error(`the voice’s network gives no ${name}`)
        return data
      }
      const samples = synthesizeHibari(
        {
          lh: spectrum('lh'),
          theta: spectrum('theta'),
          ln: spectrum('ln'),
          lr: spectrum('lr'),
          phi: spectrum('phi'),
          f0: spectrum('f0'),
        },
        seed,
      )
      const units =
        durations === undefined ? [] : Array.from(outputs[durations]?.data as Iterable<number>, Number)
      freeBuffers(...Object.values(outputs).map(({ data }) => data))
      return { samples, seconds: units.map((unit) => unit * secondsPerUnit) }
    })
  }

  async close(): Promise<void> {
    this.#espeak.close()
    this.#phonemizers.clear()
    await this.#models.clear()
  }

  async #phonemizer(accent: EnglishAccent): Promise<Phonemizer> {
    const espeak = await this.#espeak.open()
    let phonemizer = this.#phonemizers.get(accent)
    if (phonemizer === undefined) {
      phonemizer = new Phonemizer(espeak, accent)
      this.#phonemizers.set(accent, phonemizer)
    }
    return phonemizer
  }
}
