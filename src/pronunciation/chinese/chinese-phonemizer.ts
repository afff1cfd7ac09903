import { pinyin } from 'pinyin-pro'
import type { Pronunciation } from '../../novel/pronunciation-annotations.ts'
import type { PhonemizedWord } from '../espeak/phonemizer.ts'
import { textWords } from '../espeak/text-words.ts'
import type { WordPhonemizer } from '../word-phonemizer.ts'
import { spelledLetters } from './latin-letters.ts'
import { readPinyin } from './pinyin-syllables.ts'
import { disambiguated } from './polyphones.ts'
import { type CharacterWord, type Clause, withSandhi } from './tone-sandhi.ts'

interface ChineseOptions {
  /** Whether tones are written as they are said one after the other; else as each word has them. */
  readonly sandhi: boolean
  /** Says Latin words; without it their letters are said in Chinese. */
  readonly latin?: WordPhonemizer
}

const han = /^[\p{Script=Han}〇]$/u
const clauses = /[\p{Script=Han}〇]+|[^\p{Script=Han}〇]+/gu

/**
 * Mandarin: words with their syllables in pinyin (`ni3 hao3`, ü as `v`, 5 for the neutral tone, `huar1` with the r of
 * 儿). Readings are pinyin-pro’s, with rules for particles and sandhi. Latin words have eSpeak’s English IPA.
 */
export class ChinesePhonemizer implements WordPhonemizer {
  readonly #options: ChineseOptions
  readonly #segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

  constructor(options: ChineseOptions) {
    this.#options = options
  }

  words(text: string, pronunciations: readonly Pronunciation[] = []): PhonemizedWord[] {
    const words: PhonemizedWord[] = []
    let at = 0
    // Without English sounds only pinyin can be said; any other word is read as it is written.
    const sayable = this.#options.latin
      ? pronunciations
      : pronunciations.filter(({ phonemes }) => phonemes === '' || readPinyin(phonemes) !== undefined)
    for (const given of [...sayable, { start: text.length, end: text.length, phonemes: '' }]) {
      for (const { 0: part, index } of text.slice(at, given.start).matchAll(clauses))
        words.push(...this.#part(part, at + index))
      if (given.phonemes !== '') {
        const { start, end, phonemes } = given
        words.push({ start, end, phonemes: readPinyin(phonemes) ?? phonemes })
      }
      at = Math.max(at, given.end)
    }
    return words
  }

  #part(part: string, offset: number): PhonemizedWord[] {
    if (han.test(String.fromCodePoint(part.codePointAt(0)!))) return this.#hanWords(part, offset)
    const { latin } = this.#options
    const words =
      latin?.words(part) ??
      textWords(part).map(({ start, end }) => ({
        start,
        end,
        phonemes: spelledLetters(part.slice(start, end)),
      }))
    return words.map(({ start, end, phonemes }) => ({ start: start + offset, end: end + offset, phonemes }))
  }

  #hanWords(part: string, offset: number): PhonemizedWord[] {
    const clause = this.#clause(part)
    const { characters, syllables, words } = this.#options.sandhi ? withSandhi(clause) : clause
    const starts = [offset]
    for (const character of characters) starts.push(starts.at(-1)! + character.length)
    return words.map(({ first, last }) => ({
      start: starts[first]!,
      end: starts[last]!,
      phonemes: syllables
        .slice(first, last)
        .filter((one) => one !== '')
        .join(' '),
    }))
  }

  #clause(part: string): Clause {
    const characters = Array.from(part)
    const read = pinyin(part, { type: 'all', toneType: 'num', toneSandhi: false, v: true })
    const syllables = characters.map((character, at) => {
      const one = read[at]
      return one?.origin === character
        ? syllableOf(one.pinyin)
        : syllableOf(pinyin(character, { toneType: 'num', v: true }))
    })
    const words = this.#wordsOf(part, characters)
    const wordStart = words.flatMap(({ first, last }) => Array.from({ length: last - first }, () => first))
    return { characters, words, syllables: disambiguated({ characters, wordStart, syllables }) }
  }

  #wordsOf(part: string, characters: readonly string[]): CharacterWord[] {
    const words: CharacterWord[] = []
    let first = 0
    for (const { segment } of this.#segmenter.segment(part)) {
      const last = first + Array.from(segment).length
      words.push({ first, last })
      first = last
    }
    // The segmenter may end a word within 〇 or a rare character.
    return first === characters.length ? words : characters.map((_, at) => ({ first: at, last: at + 1 }))
  }
}

/** `de0` of the library is the neutral tone; a character that it does not know stays silent. */
function syllableOf(written: string): string {
  const plain = written.replaceAll('ü', 'v').replace(/0$/, '5').replace(/^r5$/, 'er5')
  return /^[a-z]+[1-5]$/.test(plain) ? plain : ''
}
