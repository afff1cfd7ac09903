import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import runtime from 'onnxruntime-node/package.json' with { type: 'json' }
import { z } from 'zod'
import type { WordTime } from '../novel/clip.ts'
import type { Voice } from '../novel/voice.ts'
import type { Engine, Speech, Utterance } from './engine.ts'
import { closeEspeak, espeakVersion, openEspeak } from './espeak.ts'
import { hibariIds, type IdRun } from './hibari-ids.ts'
import { hibariHop, hibariSampleRate, hibariSound, soundVersion } from './hibari-sound.ts'
import { durationsTensor, withOutput } from './onnx-model.ts'
import { Phonemizer } from './phonemes.ts'

/** Raised whenever the same text would give other ids. */
const textVersion = 1

/** A unit of the durations: two frames. */
const secondsPerUnit = (2 * hibariHop) / hibariSampleRate

const symbolTable = z.record(z.string(), z.number().int())

interface Loaded {
  readonly session: InferenceSession
  readonly Tensor: typeof Tensor
  readonly durations: string | undefined
  readonly phonemizer: Phonemizer
}

/** The sound of one run of ids, and how long each id lasts in seconds; no durations where the model does not tell. */
interface IdSound {
  readonly samples: Float32Array
  readonly seconds: readonly number[]
}

/**
 * Opens the engine for the model in `folder` (`heart.onnx` and `kokoro-symbols.json`). Neither the network nor the
 * phonemizer is loaded before the first word is spoken. Throws when a file is missing or damaged.
 */
export async function openHibari(folder: string): Promise<HibariEngine> {
  const file = path.join(folder, 'heart.onnx')
  const symbols = await readFile(path.join(folder, 'kokoro-symbols.json'), 'utf8')
  const ids = symbolTable.parse(JSON.parse(symbols))
  const checksum = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
  return new HibariEngine(file, checksum, new Map(Object.entries(ids)))
}

/** The hibari family, a small student of Kokoro: phonemes → network → spectra → sound. English. */
export class HibariEngine implements Engine {
  readonly name = 'hibari'
  readonly version: string
  readonly voices: readonly Voice[] = [
    {
      id: 'hibari:heart',
      engine: 'hibari',
      name: 'Heart',
      language: 'en-US',
      gender: 'female',
      neural: true,
    },
  ]
  readonly #modelFile: string
  readonly #ids: ReadonlyMap<string, number>
  #loaded: Promise<Loaded> | undefined

  constructor(modelFile: string, modelChecksum: string, ids: ReadonlyMap<string, number>) {
    this.#modelFile = modelFile
    this.#ids = ids
    this.version = `onnxruntime-${runtime.version} model-${modelChecksum.slice(0, 12)} text-${textVersion} sound-${soundVersion} espeak-${espeakVersion}`
  }

  async speak({ text, voice, speed, seed }: Utterance): Promise<Speech> {
    if (!this.voices.some(({ id }) => id === voice)) throw new Error(`hibari has no voice ${voice}.`)
    if (!/[\p{L}\p{N}]/u.test(text)) throw new Error('There is no letter or digit to speak.')
    const { phonemizer } = await this.#load()
    const runs = hibariIds(text, phonemizer.words(text), this.#ids)
    if (runs.length === 0) throw new Error('There is nothing in this text that an English voice can speak.')
    const sounds: Float32Array[] = []
    const words: WordTime[] = []
    let from = 0
    for (const [index, run] of runs.entries()) {
      const { samples, seconds } = await this.speakIds(run.ids, speed, `${seed}/${index}`)
      words.push(...wordTimes(run, seconds, from))
      sounds.push(samples)
      from += samples.length / hibariSampleRate
    }
    return { samples: joined(sounds), sampleRate: hibariSampleRate, words }
  }

  /** Speaks Kokoro's ids, with the 0 at either end. */
  async speakIds(ids: readonly number[], speed: number, seed: string): Promise<IdSound> {
    const { session, Tensor: Input, durations } = await this.#load()
    const outputs = await session.run({
      ids: new Input('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
      speed: new Input('float32', Float32Array.of(speed), [1]),
    })
    const spectrum = (name: string): Float32Array => {
      const data = outputs[name]?.data
      if (!(data instanceof Float32Array)) throw new Error(`The model gives no ${name}.`)
      return data
    }
    const samples = hibariSound(
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
    freed(...Object.values(outputs).map(({ data }) => data))
    return { samples, seconds: units.map((unit) => unit * secondsPerUnit) }
  }

  async close(): Promise<void> {
    const loading = this.#loaded
    this.#loaded = undefined
    if (loading === undefined) return
    const loaded = await loading.catch(() => undefined)
    if (loaded === undefined) return
    closeEspeak()
    await loaded.session.release()
  }

  #load(): Promise<Loaded> {
    this.#loaded ??= this.#open().catch((error: unknown) => {
      this.#loaded = undefined
      throw error
    })
    return this.#loaded
  }

  async #open(): Promise<Loaded> {
    const { InferenceSession: Session, Tensor: Input } = await import('onnxruntime-node')
    const file = await readFile(this.#modelFile)
    const durations = durationsTensor(file)
    const model = durations === undefined ? file : withOutput(file, durations)
    // One thread per speaker process: two such processes make 1.45 times the speech of one with two threads.
    const session = await Session.create(model, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      enableCpuMemArena: false,
    })
    freed(file, model)
    try {
      return { session, Tensor: Input, durations, phonemizer: new Phonemizer(await openEspeak(), 'en-us') }
    } catch (error) {
      await session.release()
      throw error
    }
  }
}

/**
 * Gives memory back at once. A long sentence's spectra are 20 MB, of which the garbage collector knows little: left to
 * it, a speaker grows by 60 MB.
 */
function freed(...arrays: readonly unknown[]): void {
  for (const array of arrays) {
    if (ArrayBuffer.isView(array) && array.buffer instanceof ArrayBuffer && !array.buffer.detached)
      array.buffer.transfer(0)
  }
}

/** Each word from its first phoneme to its last; none where the model tells no durations. */
function wordTimes({ ids, words }: IdRun, seconds: readonly number[], from: number): WordTime[] {
  if (seconds.length !== ids.length) return []
  const starts = [from]
  for (const length of seconds) starts.push(starts.at(-1)! + length)
  return words.map(({ start, end, first, last }) => ({ start, end, from: starts[first]!, to: starts[last]! }))
}

function joined(sounds: readonly Float32Array[]): Float32Array {
  if (sounds.length === 1) return sounds[0]!
  const samples = new Float32Array(sounds.reduce((sum, sound) => sum + sound.length, 0))
  let at = 0
  for (const sound of sounds) {
    samples.set(sound, at)
    at += sound.length
  }
  return samples
}
