/**
 * How letters are compared in a search: by one number for each UTF-16 unit, so that a text is searched as it stands,
 * without a folded copy of it, and every hit has its offsets. Upper and lower case, accents, the shapes of quotes, dashes
 * and spaces, and the widths of East Asian characters make no difference; `đ` is found as `d`.
 */

/** The unit means nothing to a search: a combining accent, a soft hyphen. */
const ignored = 0
/** Units above this one stand for the letters of `expansions`. Private use, so no letter of a text has such a number. */
const firstExpansion = 0xe000
const isExpansion = (unit: number): boolean => unit >= firstExpansion && unit <= 0xf8ff

/** Accents and vowel points that may be left out of a word. Vowel signs of other scripts are letters. */
const accents: readonly (readonly [first: number, last: number])[] = [
  [0x300, 0x36f],
  [0x483, 0x487],
  // Hebrew, without its punctuation.
  [0x591, 0x5bd],
  [0x5bf, 0x5bf],
  [0x5c1, 0x5c2],
  [0x5c4, 0x5c5],
  [0x5c7, 0x5c7],
  // Arabic.
  [0x64b, 0x65f],
  [0x670, 0x670],
  [0x6d6, 0x6dc],
  [0x6df, 0x6e8],
  [0x6ea, 0x6ed],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x20d0, 0x20ff],
  [0xfe20, 0xfe2f],
]
/** Invisible units. */
const invisible = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/u
/** What has no decomposition, or another one than people type. */
const own: Readonly<Record<string, string>> = {
  ...each('‘’‚‛′´`ʼʻ＇', "'"),
  ...each('“”„‟«»″＂「」『』〝〞', '"'),
  ...each('‐‑‒–—―−－', '-'),
  đ: 'd',
  ð: 'd',
  ø: 'o',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ς: 'σ',
  // Letters of their own, although they are written with a mark.
  й: 'й',
  ї: 'ї',
}
/** Kana with their marks decompose, but are letters. */
const kana = /[\u3040-\u30ff]/u

/**
 * What stands in the table for a unit that no search has met yet. An expansion to whoever compares units, so that a text is
 * searched with one look at the table for each of its units.
 */
const unknown = 0xf8ff
/** Units that are folded together when a search meets the first of them: folding all takes as long as searching 20 MB. */
const pageUnits = 0x100

const units = new Uint16Array(0x10000).fill(unknown)
/** By unit − `firstExpansion`: `ß` is two letters, `…` is three dots. */
const expansions: Uint16Array[] = []

/** How many units have been folded in this thread. */
export function foldedUnits(): number {
  return foldedPages * pageUnits
}

let foldedPages = 0

/** The letter for a unit, or its expansion, or `ignored`. */
function folded(code: number): number {
  if (units[code] === unknown) foldPage(code - (code % pageUnits))
  return units[code]!
}

function foldPage(first: number): void {
  for (let unit = first; unit < first + pageUnits; unit++) units[unit] = foldUnit(unit)
  foldedPages++
}

function foldUnit(unit: number): number {
  // Most units are ideographs, Hangul and surrogates: quickly done.
  if ((unit >= 0x3400 && unit <= 0x9fff) || (unit >= 0xac00 && unit <= 0xdfff)) return unit
  const letters = lettersOf(String.fromCharCode(unit))
  if (letters.length <= 1) return letters.charCodeAt(0) || ignored
  expansions.push(Uint16Array.from({ length: letters.length }, (_, at) => letters.charCodeAt(at)))
  return firstExpansion + expansions.length - 1
}

function lettersOf(unit: string): string {
  if (invisible.test(unit)) return ''
  // Nothing of a private use is searched for.
  if (unit >= '\ue000' && unit <= '\uf8ff') return ''
  if (kana.test(unit)) return unit
  if (/\s/u.test(unit)) return ' '
  const lower = unit.toLowerCase().normalize('NFC')
  const plain = own[lower] ?? lower.normalize('NFKD').toLowerCase()
  const letters = Array.from(plain, (letter) => own[letter] ?? letter)
  return letters.filter((letter) => !isAccent(letter.charCodeAt(0))).join('')
}

function isAccent(unit: number): boolean {
  return accents.some(([first, last]) => unit >= first && unit <= last)
}

function each(letters: string, as: string): Record<string, string> {
  return Object.fromEntries(Array.from(letters, (letter) => [letter, as]))
}

/** What is searched for, folded. */
export type FoldedQuery = Uint16Array

/** `undefined` if nothing is left of it. White space within it is one space. */
export function foldQuery(query: string): FoldedQuery | undefined {
  const text = query.normalize('NFC')
  const letters: number[] = []
  for (let at = 0; at < text.length; at++) {
    const unit = folded(text.charCodeAt(at))
    if (unit !== ignored) letters.push(...(isExpansion(unit) ? expansions[unit - firstExpansion]! : [unit]))
  }
  const space = ' '.charCodeAt(0)
  const plain = letters.filter((unit, at) => unit !== space || (letters[at - 1] ?? space) !== space)
  if (plain.at(-1) === space) plain.pop()
  return plain.length === 0 ? undefined : Uint16Array.from(plain)
}

/** A hit: `[start, end)` in the text, in UTF-16 units. */
export interface Match {
  readonly start: number
  readonly end: number
}

/**
 * The first hit at or after `from` and before `to`; hits may end behind it. An accent that follows the last letter
 * belongs to the hit.
 */
export function findFolded(text: string, query: FoldedQuery, from: number, to: number): Match | undefined {
  const first = query[0]!
  for (let at = from; at < to; at++) {
    const unit = units[text.charCodeAt(at)]!
    if (unit !== first && !isExpansion(unit)) continue
    const end = endOfMatch(text, query, at)
    if (end !== undefined) return { start: at, end }
  }
  return undefined
}

function endOfMatch(text: string, query: FoldedQuery, start: number): number | undefined {
  const space = 0x20
  let matched = 0
  let at = start
  for (; matched < query.length; at++) {
    if (at >= text.length) return undefined
    const unit = folded(text.charCodeAt(at))
    if (unit === ignored) continue
    // A line's end and the spaces around it are one.
    if (unit === space && at > start && query[matched] !== space && query[matched - 1] === space) continue
    if (!isExpansion(unit)) {
      if (unit !== query[matched]) return undefined
      matched++
      continue
    }
    for (const letter of expansions[unit - firstExpansion]!) {
      if (matched === query.length) break
      if (letter !== query[matched]) return undefined
      matched++
    }
  }
  while (at < text.length && folded(text.charCodeAt(at)) === ignored) at++
  return at
}
