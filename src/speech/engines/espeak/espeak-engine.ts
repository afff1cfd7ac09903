import type { Voice } from '../../../novel/voice.ts'
import { closeEspeak, type Espeak, espeakVersion, openEspeak } from '../../../pronunciation/espeak/espeak.ts'
import { spokenWords } from '../../../pronunciation/espeak/text-words.ts'
import type { Speech, SpeechEngine, Utterance } from '../../speech-engine.ts'

/** Increased whenever the same utterance would sound different with the same library. */
const ownVersion = 1

/** Words a minute at speed 1: the library's default. */
const usualRate = 175
const slowest = 80
const fastest = 450

/** Opens eSpeak NG: fast formant voices for some 130 languages. */
export async function openEspeakEngine(): Promise<EspeakEngine> {
  return new EspeakEngine(await openEspeak())
}

export class EspeakEngine implements SpeechEngine {
  readonly name = 'espeak'
  readonly version = `espeak-${espeakVersion} nightjar-${ownVersion}`
  readonly voices: readonly Voice[]
  readonly #codes: ReadonlyMap<string, string>
  #espeak: Espeak | undefined

  constructor(espeak: Espeak) {
    this.#espeak = espeak
    this.#codes = new Map(espeak.voices.map(({ code }) => [`espeak:${code}`, code]))
    this.voices = espeak.voices.map(({ code, name, language }) => ({
      id: `espeak:${code}`,
      engine: 'espeak',
      name,
      language,
      gender: 'male',
      neural: false,
    }))
  }

  async speak({ text, voice, speed, pronunciations }: Utterance): Promise<Speech> {
    if (this.#espeak === undefined) throw new Error('The engine is closed.')
    const code = this.#codes.get(voice)
    if (code === undefined) throw new Error(`eSpeak has no voice ${voice}.`)
    if (!/[\p{L}\p{N}]/u.test(text)) throw new Error('There is no letter or digit to speak.')
    const rate = Math.min(fastest, Math.max(slowest, Math.round(usualRate * speed)))
    const { samples, sampleRate, events } = this.#espeak.synthesize(text, code, rate, pronunciations)
    const last = samples.length / sampleRate
    const words = spokenWords(text, events).map(({ start, end, from, to }) => ({
      start,
      end,
      from: Math.min(from, last),
      to: Math.min(to, last),
    }))
    return { samples, sampleRate, words }
  }

  async close(): Promise<void> {
    if (this.#espeak === undefined) return
    this.#espeak = undefined
    closeEspeak()
  }
}
