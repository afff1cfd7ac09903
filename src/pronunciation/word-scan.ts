import { isInterjection } from './interjections.ts'

/** Hash of a word's first letter and length. */
function shapeOf(first: number, length: number): number {
  return ((first & 31) << 5) | Math.min(length, 31)
}

/** Titles and other abbreviations without a vowel, which are not interjections. */
const voiceless = new Set([
  'mr',
  'mrs',
  'dr',
  'st',
  'ms',
  'mt',
  'jr',
  'sr',
  'nd',
  'rd',
  'th',
  'll',
  've',
  'ft',
  'lb',
  'lbs',
])

/** Kinds of rules that may apply to a text, as bits. */
export const listed = 1
export const heteronym = 2
export const stutter = 4
export const interjection = 8

/**
 * Finds in one pass which rules may apply to a text. Most sentences need none, and running the rules would take as long
 * as the whole segmenter.
 */
export class WordFilter {
  readonly #kinds = new Map<string, number>()
  readonly #shapes = new Uint8Array(1024)

  /** `words`: lower-case words with the kind of their rule. */
  constructor(words: Iterable<readonly [word: string, kind: number]>) {
    for (const [word, kind] of words) {
      this.#kinds.set(word, (this.#kinds.get(word) ?? 0) | kind)
      this.#shapes[shapeOf(word.charCodeAt(0), word.length)] = 1
    }
  }

  /** Bits of the rules that may apply; words without vowels may be interjections. */
  kindsIn(text: string): number {
    let kinds = 0
    let start = -1
    let inWord = 0
    for (let i = 0; i <= text.length; i++) {
      const unit = i < text.length ? text.charCodeAt(i) : 0
      const kind = kindOf(unit)
      if (kind !== 0) {
        if (start < 0) start = i
        inWord |= kind
        continue
      }
      if (start < 0) continue
      const length = i - start
      const vowel = (inWord & vowelLetter) !== 0
      if (
        (unit === 0x2d || unit === 0x2013 || unit === 0x2026) &&
        length < 3 &&
        i + 1 < text.length &&
        kindOf(text.charCodeAt(i + 1)) !== 0
      )
        kinds |= stutter
      const first = text.charCodeAt(start)
      const known = this.#shapes[shapeOf(first, length)] === 1
      const maybeInterjection = length > 1 && (!vowel || mayBeInterjection(first, text.charCodeAt(i - 1)))
      if (known || maybeInterjection) {
        const word = text.slice(start, i).toLowerCase()
        if (known) kinds |= this.#kinds.get(word) ?? 0
        if (maybeInterjection && (vowel ? isInterjection(word) : !voiceless.has(word))) kinds |= interjection
      }
      start = -1
      inWord = 0
    }
    return kinds
  }
}

const [letter, vowelLetter] = [1, 2]

/** Kind of each ASCII code unit. */
const asciiKinds = Uint8Array.from({ length: 0x80 }, (_, unit) => {
  const text = String.fromCharCode(unit)
  return /[aeiouy]/i.test(text) ? letter | vowelLetter : /[a-z]/i.test(text) ? letter : 0
})

/**
 * Letters are ASCII letters and everything beyond ASCII except punctuation; the latter count as vowels, since no
 * interjection contains them.
 */
function kindOf(unit: number): number {
  if (unit < 0x80) return asciiKinds[unit] as number
  return unit >= 0xc0 && !(unit >= 0x2000 && unit < 0x2070) && unit < 0xff00 ? letter | vowelLetter : 0
}

/** Whether it may be an interjection with a vowel, by its first and last letters. */
function mayBeInterjection(first: number, last: number): boolean {
  return 'aeghtu'.includes(String.fromCharCode(first | 32)) && 'ghrt'.includes(String.fromCharCode(last | 32))
}
