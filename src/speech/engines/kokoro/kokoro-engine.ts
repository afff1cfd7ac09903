import { readFile } from 'node:fs/promises'
import runtime from 'onnxruntime-node/package.json' with { type: 'json' }
import { z } from 'zod'
import type { VoiceModel } from '../../../novel/installed-voice.ts'
import type { Voice } from '../../../novel/voice.ts'
import { espeakVersion } from '../../../pronunciation/espeak/espeak.ts'
import { ModelCache } from '../../onnx/model-cache.ts'
import { phonemeChunks, speakChunks } from '../../phoneme-chunks.ts'
import {
  asVoiceUnavailable,
  type ModelDescription,
  type Speech,
  type SpeechEngine,
  type Utterance,
  VoiceUnavailable,
} from '../../speech-engine.ts'
import { StyleCache } from '../../style-cache.ts'
import { LazyEspeak } from '../../lazy-espeak.ts'
import { type KokoroLanguage, kokoroLanguageCode, openKokoroLanguage } from './kokoro-languages.ts'
import chineseSymbols from './kokoro-zh-symbols.json' with { type: 'json' }
import { kokoroSampleRate, synthesizeKokoro } from './kokoro-synthesis.ts'
import { readStyleTable } from '../../style-table.ts'

/** Increased whenever the same text would give other ids, or the same ids other samples. */
const ownVersion = 1

const symbolTable = z.record(z.string(), z.number().int())

/** Opens the engine. `symbols`: path of the file with the ids of Kokoro's symbols. Voices are loaded on first use. */
export async function openKokoro(symbols: string, models = new ModelCache()): Promise<KokoroEngine> {
  const ids = symbolTable.parse(JSON.parse(await readFile(symbols, 'utf8')))
  return new KokoroEngine('kokoro', new Map(Object.entries(ids)), models)
}

/** Opens the engine of the Chinese model (v1.1-zh). */
export function openChineseKokoro(models = new ModelCache()): Promise<KokoroEngine> {
  return Promise.resolve(new KokoroEngine('kokoro-zh', new Map(Object.entries(chineseSymbols)), models))
}

/**
 * Kokoro-82M (StyleTTS 2): phonemes and a style → network → samples. Installed voices only; all share one network, and
 * a voice is its table of styles, the configuration of its model.
 */
export class KokoroEngine implements SpeechEngine {
  readonly name: 'kokoro' | 'kokoro-zh'
  /** The checksums of network and styles are added by the recipe. */
  readonly version: string
  readonly voices: readonly Voice[] = []
  readonly #ids: ReadonlyMap<string, number>
  readonly #marks: ReadonlySet<number>
  /** Between words. */
  readonly #blanks: ReadonlySet<number>
  readonly #models: ModelCache
  readonly #tables = new StyleCache(readStyleTable, 'a voice of Kokoro needs its table of styles (.bin)')
  /** By code. */
  readonly #languages = new Map<string, Promise<KokoroLanguage>>()
  readonly #espeak = new LazyEspeak()

  constructor(name: 'kokoro' | 'kokoro-zh', ids: ReadonlyMap<string, number>, models: ModelCache) {
    this.name = name
    this.#ids = ids
    this.#models = models
    const on = models.provider === 'cpu' ? '' : ` on-${models.provider}`
    this.version = `onnxruntime-${runtime.version} ${name}-${ownVersion} espeak-${espeakVersion}${on}`
    this.#marks = new Set(Array.from(';:,.!?—…', (mark) => ids.get(mark) ?? 0))
    this.#blanks = new Set([' ', '/'].flatMap((blank) => ids.get(blank) ?? []))
  }

  async speak({ text, pronunciations, voice, speed, seed, model }: Utterance): Promise<Speech> {
    if (!voice.startsWith(`${this.name}:`) || model === undefined)
      throw new Error(`${this.name} has no voice ${voice}.`)
    if (!/[\p{L}\p{N}]/u.test(text)) throw new Error('There is no letter or digit to speak.')
    const style = await this.#tables.of(model)
    const { phonemizer, tokenizer } = await this.#language(model)
    const chunks = phonemeChunks(text, phonemizer.words(text, pronunciations), tokenizer)
    if (chunks.length === 0) throw new Error('There is nothing in this text that this voice can speak.')
    return this.#models.use(model, (network) =>
      speakChunks(chunks, { sampleRate: kokoroSampleRate, seed }, (ids, chunkSeed) =>
        synthesizeKokoro(network, {
          ids,
          style,
          speed,
          seed: chunkSeed,
          marks: this.#marks,
          blanks: this.#blanks,
        }),
      ),
    )
  }

  languageOf({ language }: VoiceModel): Promise<string> {
    return Promise.resolve(language)
  }

  async validateModel(model: VoiceModel): Promise<ModelDescription> {
    await this.#tables.of(model)
    await this.#language(model)
    return { language: model.language, speakers: [] }
  }

  async close(): Promise<void> {
    this.#espeak.close()
    this.#languages.clear()
    this.#tables.clear()
    await this.#models.clear()
  }

  async #language({ language }: VoiceModel): Promise<KokoroLanguage> {
    const chinese = this.name === 'kokoro-zh'
    const code = kokoroLanguageCode(language)
    if (code === undefined || (chinese && !/^(?:zh|en)/.test(code)))
      throw new VoiceUnavailable(
        `Kokoro’s voices of the language "${language}" need phonemes that Nightjar cannot make yet`,
      )
    const espeak = await this.#espeak.open()
    let known = this.#languages.get(code)
    if (known === undefined) {
      known = asVoiceUnavailable(openKokoroLanguage(language, code, { espeak, ids: this.#ids, chinese }))
      this.#languages.set(code, known)
      known.catch(() => this.#languages.delete(code))
    }
    return known
  }
}
