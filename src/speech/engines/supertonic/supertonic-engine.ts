import runtime from 'onnxruntime-node/package.json' with { type: 'json' }
import type { VoiceModel } from '../../../novel/installed-voice.ts'
import type { Voice } from '../../../novel/voice.ts'
import { type FlowChunk, speakFlow } from '../../flow/flow-speech.ts'
import { readSupertonicStyle } from '../../flow/voice-style.ts'
import type { BundledNetworks } from '../../onnx/bundled-networks.ts'
import { ModelCache } from '../../onnx/model-cache.ts'
import {
  asVoiceUnavailable,
  type ModelDescription,
  type Speech,
  type SpeechEngine,
  type Utterance,
} from '../../speech-engine.ts'
import { StyleCache } from '../../style-cache.ts'
import { type SupertonicModel, supertonicModel } from './supertonic-model.ts'
import { supertonicSteps, synthesizeSupertonic } from './supertonic-synthesis.ts'
import { characterIds, supertonicChunks } from './supertonic-text.ts'

/** Increased whenever the same text would give other ids, or the same ids other samples or word times. */
const ownVersion = 1

/** Opens the engine. Voices are loaded on first use. */
export function openSupertonic(models = new ModelCache()): SupertonicEngine {
  return new SupertonicEngine(models)
}

/**
 * The graphs of Supertonic 3 (flow matching), which KorvaTTS has too: letters and a style → length → latent from noise →
 * samples. Installed voices only; all share one model, and a voice is its style, the configuration of its model. It reads
 * letters, so a word is said as it is written. The model knows how long an utterance is, but not its words: their times
 * are estimated.
 */
export class SupertonicEngine implements SpeechEngine {
  readonly name = 'supertonic'
  /** The checksums of model and style are added by the recipe. */
  readonly version = `onnxruntime-${runtime.version} supertonic-${ownVersion} steps-${supertonicSteps}`
  readonly voices: readonly Voice[] = []
  readonly #models: ModelCache
  readonly #styles = new StyleCache(readSupertonicStyle, 'a voice of Supertonic’s needs its style (.json)')
  readonly #settings = new WeakMap<BundledNetworks, SupertonicModel>()

  constructor(models: ModelCache) {
    this.#models = models
  }

  async speak({ text, voice, speed, seed, model }: Utterance): Promise<Speech> {
    if (!voice.startsWith(`${this.name}:`) || model === undefined)
      throw new Error(`supertonic has no voice ${voice}.`)
    if (!/[\p{L}\p{N}]/u.test(text)) throw new Error('There is no letter or digit to speak.')
    const style = await this.#styles.of(model)
    const parts = supertonicChunks(text, { language: model.language, speed })
    return this.#models.useBundle(model, async (networks) => {
      const settings = await asVoiceUnavailable(this.#model(networks))
      const chunks = parts.flatMap(({ written, letters, words }): FlowChunk[] => {
        if (characterIds(letters, settings.characters).length === 0) return []
        const ids = characterIds(written, settings.characters)
        const speak = (chunkSeed: string) =>
          synthesizeSupertonic(settings, { ids, voice: style, speed, seed: chunkSeed })
        return [{ words, speak }]
      })
      if (chunks.length === 0) throw new Error('There is nothing in this text that this voice can speak.')
      return speakFlow(chunks, { sampleRate: settings.sampleRate, seed })
    })
  }

  languageOf({ language }: VoiceModel): Promise<string> {
    return Promise.resolve(language)
  }

  async validateModel(model: VoiceModel): Promise<ModelDescription> {
    await this.#styles.of(model)
    await this.#models.useBundle(model, (networks) => this.#model(networks))
    return { language: model.language, speakers: [] }
  }

  async close(): Promise<void> {
    this.#styles.clear()
    await this.#models.clear()
  }

  async #model(networks: BundledNetworks): Promise<SupertonicModel> {
    const settings = this.#settings.get(networks) ?? supertonicModel(networks)
    this.#settings.set(networks, settings)
    return Promise.resolve(settings)
  }
}
