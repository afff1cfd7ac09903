import type { EnglishAccent } from '../../../novel/voice.ts'
import { pauseMark } from '../../../pronunciation/espeak/text-words.ts'
import type { PhonemeTokenizer } from '../../phoneme-chunks.ts'

type Replacement = readonly [RegExp, string]

/** Order matters in all of these. */
const common: readonly Replacement[] = [
  [/n\u0329/gu, 'ᵊn'],
  [/aɪ/gu, 'I'],
  [/aʊ/gu, 'W'],
  [/dʒ/gu, 'ʤ'],
  [/eɪ/gu, 'A'],
  [/tʃ/gu, 'ʧ'],
  [/ɔɪ/gu, 'Y'],
]
const american: readonly Replacement[] = [
  [/əl/gu, 'ᵊl'],
  [/oʊ/gu, 'O'],
  [/ɚ/gu, 'əɹ'],
  [/ɜːɹ?/gu, 'ɜɹ'],
]
const british: readonly Replacement[] = [
  [/eə/gu, 'ɛː'],
  [/iə/gu, 'ɪə'],
  [/əʊ/gu, 'Q'],
  [/əl/gu, 'ᵊl'],
  [/ɚ/gu, 'əɹ'],
]
const consonants: readonly Replacement[] = [
  [/r/gu, 'ɹ'],
  [/[xç]/gu, 'k'],
  [/ɐ/gu, 'ə'],
  [/ɬ/gu, 'l'],
  [/o/gu, 'ɔ'],
  [/ɾ/gu, 'T'],
  [/ʔ/gu, 't'],
  [/[\u0300-\u036f]/gu, ''],
]
/** By the eSpeak voice whose phonemes hibari's voices were trained on. */
const replacements: Readonly<Record<EnglishAccent, readonly Replacement[]>> = {
  'en-us': [...common, ...american, ...consonants, [/ː/gu, '']],
  'en-gb': [...common, ...british, ...consonants],
}

/**
 * Converts eSpeak's English IPA to Kokoro's symbols, which hibari uses. Follows Kokoro's fallback for words that its
 * dictionary lacks (hexgrad/misaki, espeak.py), as far as these symbols allow: British vowels keep their length, and
 * three of their diphthongs are written differently. eSpeak writes "fury" with two ɹ instead of one; `doubleR` keeps
 * both.
 */
export function hibariSymbols(ipa: string, accent: EnglishAccent, doubleR = false): string {
  const symbols = replacements[accent].reduce((text, [pattern, symbol]) => text.replace(pattern, symbol), ipa)
  return doubleR ? symbols : symbols.replaceAll(/ɹ{2,}/gu, 'ɹ')
}

/**
 * Converts the text between the words `before` and `after` (empty at the text's end) to Kokoro's marks, with blanks
 * between words. Kokoro's voices were trained without quotation marks.
 */
export function hibariPauseMarks(between: string, before: string, after: string): string {
  const mark = pauseMark(between, before, after)
  if (after === '') return mark ?? '.'
  if (mark === undefined) return ' '
  return mark === '—' && !/\s/u.test(between) ? '—' : `${mark} `
}

/** The network's memory grows with the square of the length. */
const maxIds = 400

/** Tokenizer of hibari's voices: one id for each of Kokoro's symbols, a 0 at either end. */
export function hibariTokenizer(
  ids: ReadonlyMap<string, number>,
  accent: EnglishAccent,
  doubleR = false,
): PhonemeTokenizer {
  const known = (symbols: string): number[] =>
    Array.from(symbols).flatMap((symbol) => {
      const id = ids.get(symbol)
      return id === undefined ? [] : [id]
    })
  return {
    maxIds,
    sound: (phonemes) => known(hibariSymbols(phonemes, accent, doubleR)),
    mark: hibariPauseMarks,
    markIds: known,
    beginning: [0],
    ending: [0],
  }
}
