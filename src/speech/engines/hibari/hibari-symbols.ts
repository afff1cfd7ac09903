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
const replacements = {
  'en-us': [...common, ...american, ...consonants, [/ː/gu, ''] as const],
  'en-gb': [...common, ...british, ...consonants],
}

/** eSpeak's voices whose phonemes hibari's voices were taught. */
export type HibariAccent = keyof typeof replacements

/** The accent of a voice's language: British where it says so, else American. */
export function hibariAccent(language: string): HibariAccent {
  return /^en-GB\b/i.test(language) ? 'en-gb' : 'en-us'
}

/**
 * eSpeak's IPA of English in the symbols of Kokoro, which hibari shares. After Kokoro's own fallback for words that its
 * dictionary lacks (hexgrad/misaki, espeak.py), as far as these symbols go: British vowels keep their length, and three
 * of their diphthongs are written in another way. eSpeak writes "fury" with two ɹ, of which one is meant; `doubleR`
 * keeps both.
 */
export function hibariSymbols(ipa: string, accent: HibariAccent, doubleR = false): string {
  const symbols = replacements[accent].reduce((text, [pattern, symbol]) => text.replace(pattern, symbol), ipa)
  return doubleR ? symbols : symbols.replaceAll(/ɹ{2,}/gu, 'ɹ')
}

/**
 * What stands between the words `before` and `after` (empty at the text's end) in Kokoro's marks; blanks show where words
 * part. Kokoro's voices were taught without quotation marks.
 */
export function hibariPauseMarks(between: string, before: string, after: string): string {
  const mark = pauseMark(between, before, after)
  if (after === '') return mark ?? '.'
  if (mark === undefined) return ' '
  return mark === '—' && !/\s/u.test(between) ? '—' : `${mark} `
}

/** The network's memory grows with the square of the length. */
const maxIds = 400

/** How hibari's voices are spelt: one id for each of Kokoro's symbols, a 0 at either end. */
export function hibariTokenizer(
  ids: ReadonlyMap<string, number>,
  accent: HibariAccent,
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
