import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type EspeakVoice, espeakVoiceNamed } from '../../../pronunciation/espeak/espeak-voices.ts'
import type { PhonemizedWord } from '../../../pronunciation/espeak/phonemizer.ts'
import { pauseMark, textWords } from '../../../pronunciation/espeak/text-words.ts'
import type { PhonemeTokenizer } from '../../phoneme-chunks.ts'

const idNumber = z.number().int().min(0)
const perSymbol = z.record(z.string(), z.array(idNumber).min(1))

/** The fields of a Piper voice's `.onnx.json` that are used. */
const piperConfig = z.object({
  audio: z.object({ sample_rate: z.number().int().min(8000).max(48_000) }),
  espeak: z.object({ voice: z.string().min(1) }).optional(),
  language: z.object({ code: z.string() }).partial().optional(),
  inference: z
    .object({
      noise_scale: z.number().min(0).max(10),
      length_scale: z.number().min(0.1).max(10),
      noise_w: z.number().min(0).max(10),
    })
    .partial()
    .default({}),
  phoneme_type: z.string().default('espeak'),
  phoneme_map: z.record(z.string(), z.array(z.string())).nullish(),
  phoneme_id_map: perSymbol,
  num_speakers: z.number().int().min(0).max(100_000).default(1),
  speaker_id_map: z.record(z.string(), idNumber).nullish(),
})

export interface PiperConfig {
  readonly sampleRate: number
  /** Scales of noise, length and duration noise: the voice's own defaults. */
  readonly noiseScale: number
  readonly lengthScale: number
  readonly noiseW: number
  /** Phonemes from eSpeak's voice of this name, the text's characters, or pinyin. */
  readonly phonemes: { readonly espeak: string } | 'characters' | 'pinyin'
  readonly phonemeMap: ReadonlyMap<string, readonly string[]>
  readonly ids: ReadonlyMap<string, readonly number[]>
  /** BCP 47. */
  readonly language: string
  readonly speakers: number
  /** By speaker number; empty for a voice with one speaker. */
  readonly speakerNames: readonly string[]
}

/** Piper's default phoneme maps by eSpeak voice (piper-phonemize, phonemize.cpp). */
const defaultMaps: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'pt-br': { c: ['k'] },
}

/**
 * Reads a voice's configuration. Throws an `Error` with one sentence for users if the file cannot be read or is not a
 * configuration.
 */
export async function readPiperConfig(path: string, voices: readonly EspeakVoice[]): Promise<PiperConfig> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error('the voice’s configuration (.onnx.json) cannot be read', { cause: error })
  })
  return parsePiperConfig(text, voices)
}

export function parsePiperConfig(text: string, voices: readonly EspeakVoice[]): PiperConfig {
  const config = parsed(text)
  const espeakName = config.espeak?.voice ?? ''
  const phonemes = phonemesOf(config.phoneme_type, espeakName, voices)
  const speakers = Math.max(1, config.num_speakers)
  const names = new Map(Object.entries(config.speaker_id_map ?? {}).map(([name, number]) => [number, name]))
  const map = { ...defaultMaps[espeakName.toLowerCase()], ...config.phoneme_map }
  for (const symbol of ['^', '_', '$']) {
    if (config.phoneme_id_map[symbol] === undefined)
      throw new Error(`the voice’s configuration has no id for "${symbol}"`)
  }
  return {
    sampleRate: config.audio.sample_rate,
    noiseScale: config.inference.noise_scale ?? 0.667,
    lengthScale: config.inference.length_scale ?? 1,
    noiseW: config.inference.noise_w ?? 0.8,
    phonemes,
    phonemeMap: new Map(Object.entries(map)),
    ids: new Map(Object.entries(config.phoneme_id_map)),
    language: languageOf(config.language?.code, espeakName, voices),
    speakers,
    speakerNames:
      speakers === 1 ? [] : Array.from({ length: speakers }, (_, number) => names.get(number) ?? `${number}`),
  }
}

function parsed(text: string): z.infer<typeof piperConfig> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new Error('the voice’s configuration is not JSON', { cause: error })
  }
  const result = piperConfig.safeParse(json)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue?.path.join('.') ?? ''
  throw new Error(
    where === ''
      ? 'the voice’s configuration is not one of Piper’s'
      : `the voice’s configuration has no fitting value for "${where}"`,
    { cause: result.error },
  )
}

function phonemesOf(
  type: string,
  espeakName: string,
  voices: readonly EspeakVoice[],
): PiperConfig['phonemes'] {
  if (type === 'text') return 'characters'
  if (type === 'pinyin') return 'pinyin'
  if (type !== 'espeak')
    throw new Error(`the voice is taught on "${type}" phonemes, which Nightjar cannot make; choose another`)
  const voice = espeakVoiceNamed(voices, espeakName)
  if (voice === undefined)
    throw new Error(`the voice needs the phonemes of eSpeak’s "${espeakName}", which is not there`)
  return { espeak: voice.code }
}

function languageOf(code: string | undefined, espeakName: string, voices: readonly EspeakVoice[]): string {
  try {
    return Intl.getCanonicalLocales((code ?? '').replaceAll('_', '-'))[0] ?? 'und'
  } catch {
    return espeakVoiceNamed(voices, espeakName)?.language ?? 'und'
  }
}

/** 400 phonemes: each is followed by a pad. */
const maxIds = 800

/** Tokenizer of a Piper voice: `^`, then each phoneme followed by a pad, then `$` (piper, phoneme_ids.py). */
export function piperTokenizer(config: PiperConfig): PhonemeTokenizer {
  const { ids, phonemeMap, phonemes } = config
  const idsOf = (symbol: string): readonly number[] => ids.get(symbol) ?? []
  const pad = idsOf('_')
  const padded = (symbols: string): number[] =>
    Array.from(symbols).flatMap((symbol) => {
      const own = idsOf(symbol)
      return own.length === 0 ? [] : [...own, ...pad]
    })
  const characters = phonemes === 'characters'
  const written = (text: string): string => {
    const spelt = Array.from(text.normalize('NFD'), (symbol) => phonemeMap.get(symbol)?.join('') ?? symbol)
    return (characters ? spelt.map((symbol) => inKnownCase(symbol, ids)) : spelt).join('')
  }
  return {
    maxIds,
    sound: (sounds) => padded(written(sounds)),
    mark: characters ? (between) => between : piperPauseMarks,
    markIds: (mark) => padded(characters ? written(mark) : mark),
    beginning: [...idsOf('^'), ...pad],
    ending: idsOf('$'),
  }
}

/**
 * Converts the text between two words to marks as Piper's phonemizer does: no blank after the end of a sentence, and a
 * semicolon where eSpeak makes a long pause.
 */
export function piperPauseMarks(between: string, before: string, after: string): string {
  const mark = pauseMark(between, before, after)
  if (mark === undefined) return after === '' ? '.' : ' '
  const known = mark === '—' || mark === '…' ? ';' : mark
  return '.!?'.includes(known) || after === '' ? known : `${known} `
}

/** Words of a voice trained on characters, which are their own phonemes. */
export function characterWords(text: string): PhonemizedWord[] {
  return textWords(text).map(({ start, end }) => ({ start, end, phonemes: text.slice(start, end) }))
}

/** Piper's first voices were trained on folded case, later ones were not. */
function inKnownCase(symbol: string, ids: PiperConfig['ids']): string {
  return ids.has(symbol) ? symbol : symbol.toLowerCase()
}
