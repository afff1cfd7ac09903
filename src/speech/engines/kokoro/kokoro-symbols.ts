import { englishAccent, primarySubtag } from '../../../novel/voice.ts'
import type { PhonemeTokenizer } from '../../phoneme-chunks.ts'
import { hibariPauseMarks, hibariTokenizer } from '../hibari/hibari-symbols.ts'

/** eSpeak's voice for each language that Kokoro's voices were trained on with its phonemes. */
const espeakVoices: Readonly<Record<string, string>> = {
  es: 'es',
  fr: 'fr-fr',
  hi: 'hi',
  it: 'it',
  pt: 'pt-br',
}

/** eSpeak's phonemes of several letters that are one symbol (hexgrad/misaki, espeak.py, `EspeakG2P`). */
const units: Readonly<Record<string, string>> = {
  aɪ: 'I',
  aʊ: 'W',
  dz: 'ʣ',
  dʒ: 'ʤ',
  eɪ: 'A',
  oʊ: 'O',
  əʊ: 'Q',
  ss: 'S',
  ts: 'ʦ',
  tʃ: 'ʧ',
  ɔɪ: 'Y',
  'r.': 'ɽ',
}
const anyUnit = new RegExp(Object.keys(units).join('|').replaceAll('.', '\\.'), 'gu')

/**
 * Ids of one inference, those at both ends included: the network's memory grows by 1.1 MB with each, so that a worker
 * takes 0.8 GB with these and 0.87 with 200. The model has no place for more than 512.
 */
const maxIds = 140

/** The eSpeak voice whose phonemes a voice of this language speaks; `undefined`: there is none. */
export function kokoroPhonemes(language: string): string | undefined {
  const primary = primarySubtag(language)
  return primary === 'en' ? englishAccent(language) : espeakVoices[primary]
}

/** Converts eSpeak's IPA of another language than English, its phonemes separated by `_`, to Kokoro's symbols. */
export function kokoroSymbols(ipa: string): string {
  const written = ipa.includes('_')
    ? ipa
        .split(/(?<= )|(?= )|_/u)
        .map((unit) => unit.replace(/^(?<stress>[ˈˌ]?)(?<unit>[^ːˈˌ]+)(?<length>ː?)$/u, withSymbol))
        .join('')
    : ipa.replaceAll(anyUnit, (unit) => units[unit] ?? unit)
  return written.replaceAll('-', '')
}

function withSymbol(_: string, stress: string, unit: string, length: string): string {
  return `${stress}${units[unit] ?? unit}${length}`
}

/** Tokenizer for voices of a language: one id for each of Kokoro's symbols, a 0 at either end. */
export function kokoroTokenizer(ids: ReadonlyMap<string, number>, language: string): PhonemeTokenizer {
  if (primarySubtag(language) === 'en') return { ...hibariTokenizer(ids, englishAccent(language)), maxIds }
  const known = (symbols: string): number[] =>
    Array.from(symbols).flatMap((symbol) => {
      const id = ids.get(symbol)
      if (id !== undefined) return [id]
      // A vowel with its tilde is two symbols.
      return Array.from(symbol.normalize('NFD')).flatMap((part) => ids.get(part) ?? [])
    })
  return {
    maxIds,
    sound: (phonemes) => known(kokoroSymbols(phonemes)),
    mark: hibariPauseMarks,
    markIds: known,
    beginning: [0],
    ending: [0],
  }
}
