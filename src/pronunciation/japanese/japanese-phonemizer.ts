import { type Tokenizer, TokenizerBuilder } from 'lindera-wasm-nodejs-ipadic'
import type { Pronunciation } from '../../novel/pronunciation-annotations.ts'
import type { PhonemizedWord } from '../espeak/phonemizer.ts'
import type { WordPhonemizer } from '../word-phonemizer.ts'
import { countedNumbers } from './counters.ts'
import { isKana, toKatakana } from './kana.ts'
import { type JapaneseToken, knownReadings, readingInContext } from './japanese-readings.ts'

/** Loads the dictionary, 13 MB: once for each worker. */
export function openJapanese(latin: WordPhonemizer): JapanesePhonemizer {
  const builder = new TokenizerBuilder()
  builder.setDictionary('embedded://ipadic')
  builder.setMode('normal')
  return new JapanesePhonemizer(builder.build(), latin)
}

/**
 * Japanese: words with their readings in katakana, as they are said (ワ for the particle は, ー for long vowels), from
 * lindera’s IPADIC with tables for numbers, counters and frequent words. Latin words have eSpeak’s English IPA.
 */
export class JapanesePhonemizer implements WordPhonemizer {
  readonly #tokenizer: Tokenizer
  readonly #latin: WordPhonemizer

  constructor(tokenizer: Tokenizer, latin: WordPhonemizer) {
    this.#tokenizer = tokenizer
    this.#latin = latin
  }

  words(text: string, pronunciations: readonly Pronunciation[] = []): PhonemizedWord[] {
    const words: PhonemizedWord[] = []
    let at = 0
    for (const given of [...pronunciations, { start: text.length, end: text.length, phonemes: '' }]) {
      const part = text.slice(at, given.start)
      if (/[\p{L}\p{N}]/u.test(part)) words.push(...this.#part(part).map((word) => shifted(word, at)))
      const { start, end, phonemes } = given
      if (phonemes !== '')
        words.push({ start, end, phonemes: isKana(phonemes) ? toKatakana(phonemes) : phonemes })
      at = Math.max(at, end)
    }
    return words
  }

  #part(written: string): PhonemizedWord[] {
    const text = Array.from(written, sameLength).join('')
    const tokens = this.#tokens(text)
    // Of what is written in characters a word of the dictionary goes before: 一本気, 万一.
    const known = countedNumbers(text).filter(
      ({ start, end, figures }) =>
        figures ||
        (tokens.some((token) => token.start === start && token.end < end) &&
          tokens.some((token) => token.end === end)),
    )
    const fixed = [...knownReadings(tokens, text), ...known]
    const words: PhonemizedWord[] = []
    for (const [index, token] of tokens.entries()) {
      const one = fixed.find(({ start, end }) => token.start < end && token.end > start)
      if (one) {
        if (words.at(-1)?.end !== one.end) words.push({ start: one.start, end: one.end, phonemes: one.kana })
        continue
      }
      if (/[A-Za-z]/.test(token.surface))
        words.push(...this.#latin.words(token.surface).map((word) => shifted(word, token.start)))
      else append(words, token, readingInContext(tokens, index))
    }
    return words
  }

  #tokens(text: string): JapaneseToken[] {
    let at = 0
    return (this.#tokenizer.tokenize(text) as readonly LinderaToken[]).flatMap((token) => {
      const { surface, pronunciation, partOfSpeech = '', partOfSpeechSubcategory1 = '' } = token
      const start = text.indexOf(surface, at)
      if (start < 0) return []
      at = start + surface.length
      const common = { partOfSpeech, detail: partOfSpeechSubcategory1 }
      if (pronunciation === undefined || pronunciation === '*') return unknownParts(surface, start, common)
      return [
        { start, end: at, surface, kana: isKana(pronunciation) ? toKatakana(pronunciation) : '', ...common },
      ]
    })
  }
}

interface LinderaToken {
  readonly surface: string
  readonly pronunciation?: string
  readonly partOfSpeech?: string
  readonly partOfSpeechSubcategory1?: string
}

/** A word that the dictionary does not have: kana are as they are written, each part of ピエール・ヴェルヌ. */
function unknownParts(
  surface: string,
  start: number,
  common: Pick<JapaneseToken, 'partOfSpeech' | 'detail'>,
): JapaneseToken[] {
  return [...surface.matchAll(/[^・＝=]+/gu)].map(({ 0: part, index }) => ({
    start: start + index,
    end: start + index + part.length,
    surface: part,
    kana: isKana(part) ? toKatakana(part) : '',
    ...common,
  }))
}

/** Full-width letters and figures as ASCII, and half-width katakana in full, if the length stays. */
function sameLength(character: string): string {
  const normal = character.normalize('NFKC')
  return normal.length === character.length ? normal : character
}

function shifted({ start, end, phonemes }: PhonemizedWord, offset: number): PhonemizedWord {
  return { start: start + offset, end: end + offset, phonemes }
}

/** Words that are one in speech are one: 行っ and た. */
function append(words: PhonemizedWord[], { start, end }: JapaneseToken, kana: string): void {
  const last = words.at(-1)
  if (kana === '') return
  if (last && last.end === start && (last.phonemes.endsWith('ッ') || /^[ッーァィゥェォャュョ]/u.test(kana)))
    words[words.length - 1] = { start: last.start, end, phonemes: last.phonemes + kana }
  else words.push({ start, end, phonemes: kana })
}
