import runtime from 'onnxruntime-node/package.json' with { type: 'json' }
import type { VoiceModel } from '../../../novel/installed-voice.ts'
import { englishAccent, primarySubtag, type Voice } from '../../../novel/voice.ts'
import { espeakVersion } from '../../../pronunciation/espeak/espeak.ts'
import { Phonemizer } from '../../../pronunciation/espeak/phonemizer.ts'
import { type FlowChunk, speakFlow } from '../../flow/flow-speech.ts'
import { readVieneuStyle } from '../../flow/voice-style.ts'
import { LazyEspeak } from '../../lazy-espeak.ts'
import type { BundledNetworks } from '../../onnx/bundled-networks.ts'
import { ModelCache } from '../../onnx/model-cache.ts'
import { phonemeChunks } from '../../phoneme-chunks.ts'
import {
  asVoiceUnavailable,
  type ModelDescription,
  type Speech,
  type SpeechEngine,
  type Utterance,
  VoiceUnavailable,
} from '../../speech-engine.ts'
import { StyleCache } from '../../style-cache.ts'
import { type VieneuModel, vieneuModel } from './vieneu-model.ts'
import { closedIds, phonemeLetters, vieneuTokenizer, withWrittenR } from './vieneu-phonemes.ts'
import { synthesizeVieneu, vieneuGuidance, vieneuSampleRate, vieneuSteps } from './vieneu-synthesis.ts'

/** Increased whenever the same text would give other ids, or the same ids other samples or word times. */
const ownVersion = 1

/** Opens the engine. Voices are loaded on first use. */
export function openVieneu(models = new ModelCache()): VieneuEngine {
  return new VieneuEngine(models)
}

/**
 * VieNeu-TTS v3 Nano (flow matching): phonemes, a speaker and a style → length → latent from noise → samples. Installed
 * voices only; all share one model, and a voice is its speaker and style, the configuration of its model. The model knows
 * how long an utterance is, but not its words: their times are estimated.
 */
export class VieneuEngine implements SpeechEngine {
  readonly name = 'vieneu'
  /** The checksums of model and style are added by the recipe. */
  readonly version: string
  readonly voices: readonly Voice[] = []
  readonly #models: ModelCache
  readonly #styles = new StyleCache(readVieneuStyle, 'a voice of VieNeu needs its style (.json)')
  readonly #settings = new WeakMap<BundledNetworks, Promise<VieneuModel>>()
  /** By eSpeak's code. */
  readonly #phonemizers = new Map<string, Phonemizer>()
  readonly #espeak = new LazyEspeak()

  constructor(models: ModelCache) {
    this.#models = models
    this.version =
      `onnxruntime-${runtime.version} vieneu-${ownVersion} steps-${vieneuSteps} guidance-${vieneuGuidance} ` +
      `espeak-${espeakVersion}`
  }

  async speak({ text, pronunciations, voice, speed, seed, model }: Utterance): Promise<Speech> {
    if (!voice.startsWith(`${this.name}:`) || model === undefined)
      throw new Error(`vieneu has no voice ${voice}.`)
    if (!/[\p{L}\p{N}]/u.test(text)) throw new Error('There is no letter or digit to speak.')
    const style = await this.#styles.of(model)
    const code = phonemesOf(model)
    const phonemizer = await this.#phonemizer(code)
    return this.#models.useBundle(model, async (networks) => {
      const settings = await this.#model(networks)
      const said = phonemizer.words(text, pronunciations)
      const words = code === 'vi' ? withWrittenR(text, said) : said
      const sizes = new Map(words.map((word) => [word.start, phonemeLetters(word.phonemes)]))
      const chunks = phonemeChunks(text, words, vieneuTokenizer(settings.symbols, speed))
      if (chunks.length === 0) throw new Error('There is nothing in this text that this voice can speak.')
      const parts = chunks.map((chunk): FlowChunk => {
        const ids = closedIds(chunk, settings.symbols)
        return {
          words: chunk.words.map(({ start, end }, at) => ({
            start,
            end,
            size: sizes.get(start) ?? 1,
            pauses: /[,;:.!?…—–]/u.test(text.slice(end, chunk.words[at + 1]?.start ?? text.length)),
          })),
          speak: (chunkSeed) => synthesizeVieneu(settings, { ids, voice: style, speed, seed: chunkSeed }),
        }
      })
      return speakFlow(parts, { sampleRate: vieneuSampleRate, seed })
    })
  }

  languageOf({ language }: VoiceModel): Promise<string> {
    return Promise.resolve(language)
  }

  async validateModel(model: VoiceModel): Promise<ModelDescription> {
    const { name, gender } = await this.#styles.of(model)
    phonemesOf(model)
    await this.#models.useBundle(model, async (networks) => {
      await this.#model(networks)
    })
    return { language: model.language, speakers: [], name, ...(gender !== undefined && { gender }) }
  }

  async close(): Promise<void> {
    this.#espeak.close()
    this.#phonemizers.clear()
    this.#styles.clear()
    await this.#models.clear()
  }

  #model(networks: BundledNetworks): Promise<VieneuModel> {
    const known = this.#settings.get(networks)
    if (known) return known
    const settings = asVoiceUnavailable(vieneuModel(networks))
    this.#settings.set(networks, settings)
    return settings
  }

  async #phonemizer(code: string): Promise<Phonemizer> {
    const known = this.#phonemizers.get(code)
    if (known) return known
    const phonemizer = new Phonemizer(await this.#espeak.open(), code)
    this.#phonemizers.set(code, phonemizer)
    return phonemizer
  }
}

/** eSpeak's voice for a language that VieNeu was taught. Throws `VoiceUnavailable`. */
function phonemesOf({ language }: VoiceModel): string {
  const primary = primarySubtag(language)
  if (primary === 'vi') return 'vi'
  if (primary === 'en') return englishAccent(language)
  throw new VoiceUnavailable(`VieNeu’s voices speak Vietnamese and some English, not "${language}"`)
}
