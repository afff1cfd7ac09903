/**
 * Traits of each UTF-16 unit, looked up in one table: sentence cutting and spoken text read every character of a book,
 * and a table lookup costs a twentieth of a regular expression with Unicode properties.
 */
export const letter = 1
export const upper = 2
export const lower = 4
export const digit = 8
export const space = 16
/** May end a sentence. */
export const terminator = 32
/** May stand between the end of a sentence and the space after it. */
export const closer = 64
/** May stand between the space and the next sentence's first letter. */
export const opener = 128
/** Belongs to the character before it: combining marks, joiners, variation selectors, low surrogates. */
export const attached = 256
/** Written without spaces between words; takes about three times as long to speak as a Latin letter. */
export const wide = 512
/** Unusual in prose: spoken text has to run the rules for rare characters. */
export const unusual = 1024

/** A bullet in running text begins a new item. */
export const bullet = 2048

const traitTable = new Uint16Array(0x10000)

/**
 * Of each run of 256 units, whether its part of the table is filled. That is done when a text has one of them: a book has
 * units of a few runs, and all of them take a tenth of a second, at each start of each process that reads texts.
 */
const isFilled = new Uint8Array(0x100)

/** The traits of the unit at `index`, as bits; 0 outside the text. */
export function traitsAt(text: string, index: number): number {
  if (index < 0 || index >= text.length) return 0
  const unit = text.charCodeAt(index)
  if (isFilled[unit >> 8] === 0) fill(unit >> 8)
  return traitTable[unit] as number
}

const traits: readonly (readonly [trait: number, pattern: RegExp])[] = [
  [letter, /\p{L}+/gu],
  [upper, /\p{Lu}+/gu],
  [lower, /\p{Ll}+/gu],
  [digit, /\p{N}+/gu],
  [space, /\s+/gu],
  [terminator, /[\p{Sentence_Terminal}…‥]+/gu],
  [closer, /[)\]}”’»›」』】）》〉〕｣"'“‘«‹_*†‡¹²³⁰⁴-⁹]+/gu],
  [opener, /[([{“‘«‹„‚「『《〈（【¿¡"'»›_*…•‣⁃◦▪–—―-]+/gu],
  [bullet, /[•‣⁃◦▪]/g],
  [attached, /[\p{M}\u200d]+/gu],
  [
    wide,
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]+/gu,
  ],
  [unusual, /[^\p{L}\p{N}\p{M} .,;:!?'"()‘’“”«»„¿¡…–—\-，。、；：！？「」『』《》（）]+/gu],
  [unusual, /[\ufe00-\ufe0f\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\p{No}\p{Nl}ʹʼ]+/gu],
]

/** Fills the table for the units whose upper byte is this. */
function fill(upperByte: number): void {
  isFilled[upperByte] = 1
  const first = upperByte << 8
  // Surrogates match a pattern only as single units.
  if (first >= 0xd800 && first < 0xe000) {
    traitTable.fill(first < 0xdc00 ? unusual : attached | unusual, first, first + 0x100)
    return
  }
  const units = String.fromCharCode(...Array.from({ length: 0x100 }, (_, at) => first + at))
  for (const [trait, pattern] of traits)
    for (const { index, 0: found } of units.matchAll(pattern))
      for (let at = first + index; at < first + index + found.length; at++) traitTable[at]! |= trait
}

const astralLetter = /[\p{L}\p{N}]/u

/** Whether `[start, end)` contains a letter or digit: engines reject text without one, or produce noise for it. */
export function isSpeakable(text: string, start: number, end: number): boolean {
  let astral = false
  for (let i = start; i < end; i++) {
    const traits = traitsAt(text, i)
    if (traits & (letter | digit)) return true
    if (traits & attached) astral = true
  }
  return astral && astralLetter.test(text.slice(start, end))
}

/** Speaking time of `[start, end)`, in Latin letters. */
export function weightOf(text: string, start: number, end: number): number {
  let weight = 0
  for (let i = start; i < end; i++) weight += weightAt(text, i)
  return weight
}

/** 350 letters of English and 110 Chinese characters both take about 25 seconds. */
export function weightAt(text: string, index: number): number {
  return text.charCodeAt(index) >= firstWide && traitsAt(text, index) & wide ? 3.2 : 1
}

const firstWide = 0x1100
