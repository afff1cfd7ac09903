import runtime from 'onnxruntime-node/package.json' with { type: 'json' }
import type { VoiceModel } from '../../../novel/installed-voice.ts'
import type { Pronunciation } from '../../../novel/pronunciation-annotations.ts'
import type { Voice } from '../../../novel/voice.ts'
import { espeakVersion } from '../../../pronunciation/espeak/espeak.ts'
import { type PhonemizedWord, Phonemizer } from '../../../pronunciation/espeak/phonemizer.ts'
import type { WordPhonemizer } from '../../../pronunciation/word-phonemizer.ts'
import { ModelCache } from '../../onnx/model-cache.ts'
import type { OnnxNetwork } from '../../onnx/onnx-network.ts'
import { phonemeChunks, type PhonemeTokenizer, speakChunks } from '../../phoneme-chunks.ts'
import {
  asVoiceUnavailable,
  type ModelDescription,
  type Speech,
  type SpeechEngine,
  type Utterance,
  VoiceUnavailable,
} from '../../speech-engine.ts'
import { LazyEspeak } from '../../lazy-espeak.ts'
import { pinyinTokenizer } from './pinyin-tokenizer.ts'
import { characterWords, type PiperConfig, piperTokenizer, readPiperConfig } from './piper-config.ts'
import { InferenceError, synthesizePiper } from './piper-synthesis.ts'

/** Increased whenever the same text would give other ids, or the same ids other samples. */
const ownVersion = 1

/** Symbols per synthesis in the self-test. */
const maxTestedIds = 400

interface PiperVoice {
  readonly config: PiperConfig
  readonly tokenizer: PhonemeTokenizer
}

/** Opens the engine. Voices and the phonemizer are loaded on first use. */
export function openPiper(models = new ModelCache()): Promise<PiperEngine> {
  return Promise.resolve(new PiperEngine(models))
}

/** Piper's voices (VITS): phonemes or characters → network → samples. Installed voices only; none is built in. */
export class PiperEngine implements SpeechEngine {
  readonly name = 'piper'
  /** The model's checksum is added by the recipe. */
  readonly version = `onnxruntime-${runtime.version} piper-${ownVersion} espeak-${espeakVersion}`
  readonly voices: readonly Voice[] = []
  readonly #models: ModelCache
  /** By configuration path, for as long as the network is loaded. */
  readonly #voices = new WeakMap<OnnxNetwork, Map<string, Promise<PiperVoice>>>()
  /** By eSpeak's code, or `pinyin`. */
  readonly #phonemizers = new Map<string, WordPhonemizer>()
  readonly #espeak = new LazyEspeak()

  constructor(models: ModelCache) {
    this.#models = models
  }

  async speak({ text, pronunciations, voice, speed, seed, model }: Utterance): Promise<Speech> {
    if (!voice.startsWith(`${this.name}:`) || model === undefined)
      throw new Error(`piper has no voice ${voice}.`)
    if (!/[\p{L}\p{N}]/u.test(text)) throw new Error('There is no letter or digit to speak.')
    return this.#models.use(model, async (network) => {
      const { config, tokenizer } = await this.#voice(network, model)
      const speaker = speakerOf(voice, config)
      const chunks = phonemeChunks(text, await this.#words(text, pronunciations, config), tokenizer)
      if (chunks.length === 0) throw new Error('There is nothing in this text that this voice can speak.')
      return speakChunks(chunks, { sampleRate: config.sampleRate, seed }, (ids, chunkSeed) =>
        synthesizePiper(network, config, ids, { speed, speaker, seed: chunkSeed }),
      )
    })
  }

  /** A voice's configuration. Throws like `speak` if there is none or it is invalid. */
  config(model: VoiceModel): Promise<PiperConfig> {
    return this.#models.use(model, async (network) => (await this.#voice(network, model)).config)
  }

  async languageOf(model: VoiceModel): Promise<string> {
    return (await this.config(model)).language
  }

  /**
   * Synthesizes every symbol of the voice's configuration with its last speaker. Throws if the network lacks a symbol
   * or speaker.
   */
  validateModel(model: VoiceModel): Promise<ModelDescription> {
    return this.#models.use(model, async (network) => {
      const { config } = await this.#voice(network, model)
      if (config.speakers > 1 && !network.inputs.includes('sid'))
        throw new Error(`its configuration names ${config.speakers} speakers, but its network has only one`)
      const ids = [...new Set([...config.ids.values()].flat())]
      const options = { speed: 1, speaker: config.speakers - 1, seed: 'trial' }
      for (let from = 0; from < ids.length; from += maxTestedIds) {
        try {
          await synthesizePiper(network, config, ids.slice(from, from + maxTestedIds), options)
        } catch (error) {
          if (!(error instanceof InferenceError)) throw error
          throw new Error('its network does not know every symbol or speaker of its configuration', {
            cause: error,
          })
        }
      }
      const { language, phonemes, speakerNames: speakers } = config
      return { language, speakers, ...(phonemes === 'pinyin' && { frontEnd: phonemes }) }
    })
  }

  async close(): Promise<void> {
    this.#espeak.close()
    this.#phonemizers.clear()
    await this.#models.clear()
  }

  async #words(
    text: string,
    pronunciations: readonly Pronunciation[] | undefined,
    { phonemes }: PiperConfig,
  ): Promise<PhonemizedWord[]> {
    if (phonemes === 'characters') return characterWords(text)
    const code = phonemes === 'pinyin' ? phonemes : phonemes.espeak
    let phonemizer = this.#phonemizers.get(code)
    if (phonemizer === undefined) {
      phonemizer =
        phonemes === 'pinyin'
          ? await openPinyin()
          : new Phonemizer(await this.#espeak.open(), phonemes.espeak)
      this.#phonemizers.set(code, phonemizer)
    }
    return phonemizer.words(text, pronunciations)
  }

  async #voice(network: OnnxNetwork, { config: path }: VoiceModel): Promise<PiperVoice> {
    if (path === undefined)
      throw new VoiceUnavailable('a Piper voice needs its configuration (.onnx.json) beside it')
    const known = this.#voices.get(network) ?? new Map<string, Promise<PiperVoice>>()
    this.#voices.set(network, known)
    let voice = known.get(path)
    if (voice === undefined) {
      voice = asVoiceUnavailable(this.#readVoice(path))
      known.set(path, voice)
      voice.catch(() => known.delete(path))
    }
    return voice
  }

  async #readVoice(path: string): Promise<PiperVoice> {
    const config = await readPiperConfig(path, (await this.#espeak.open()).voices)
    return {
      config,
      tokenizer: config.phonemes === 'pinyin' ? pinyinTokenizer(config) : piperTokenizer(config),
    }
  }
}

/** Loaded by the worker that needs it. These voices were taught on the tones that each word has by itself. */
async function openPinyin(): Promise<WordPhonemizer> {
  const { ChinesePhonemizer } = await import('../../../pronunciation/chinese/chinese-phonemizer.ts')
  return new ChinesePhonemizer({ sandhi: false })
}

/** 12 in `piper:NAME:12`; 0 in `piper:NAME`. */
function speakerOf(voice: string, { speakers }: PiperConfig): number {
  const number = voice.split(':')[2] ?? '0'
  if (!/^\d+$/.test(number) || Number(number) >= speakers)
    throw new Error(`${voice} has no speaker ${number}: its speakers are numbered 0 to ${speakers - 1}.`)
  return Number(number)
}
