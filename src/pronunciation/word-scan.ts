/** A first letter and a length, as an index. */
function shapeOf(first: number, length: number): number {
  return ((first & 31) << 5) | Math.min(length, 31)
}

/** Titles and the like that have no vowel and are no sounds. */
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

/**
 * Tells in one pass whether a text has a word that any rule may say something about. Most sentences have none, and the
 * rules would take as long as all of the segmenter.
 */
export class WordScan {
  readonly #words: ReadonlySet<string>
  readonly #shapes = new Uint8Array(1024)

  /** `words` in small letters. */
  constructor(words: Iterable<string>) {
    this.#words = new Set(words)
    for (const word of this.#words) this.#shapes[shapeOf(word.charCodeAt(0), word.length)] = 1
  }

  /** Also where a sound without vowels or a stutter may be. */
  finds(text: string): boolean {
    let start = -1
    let vowel = false
    for (let i = 0; i <= text.length; i++) {
      const unit = text.charCodeAt(i)
      if (isLetter(unit)) {
        if (start < 0) start = i
        vowel ||= isVowel(unit)
        continue
      }
      if (start < 0) continue
      const length = i - start
      if (
        (unit === 0x2d || unit === 0x2013 || unit === 0x2026) &&
        length < 3 &&
        isLetter(text.charCodeAt(i + 1))
      )
        return true
      if (
        this.#shapes[shapeOf(text.charCodeAt(start), length)] === 1 &&
        this.#words.has(text.slice(start, i).toLowerCase())
      )
        return true
      if (!vowel && length > 1 && !voiceless.has(text.slice(start, i).toLowerCase())) return true
      start = -1
      vowel = false
    }
    return false
  }
}

/** ASCII letters, and all beyond ASCII but punctuation. */
function isLetter(unit: number): boolean {
  if (unit < 0x80) return (unit > 0x40 && unit < 0x5b) || (unit > 0x60 && unit < 0x7b)
  return unit >= 0xc0 && !(unit >= 0x2000 && unit < 0x2070) && unit < 0xff00
}

/** Letters beyond ASCII are taken for vowels: no sound is written with them. */
function isVowel(unit: number): boolean {
  if (unit >= 0x80) return true
  const low = unit | 32
  return low === 0x61 || low === 0x65 || low === 0x69 || low === 0x6f || low === 0x75 || low === 0x79
}
