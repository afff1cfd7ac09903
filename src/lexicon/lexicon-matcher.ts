import type { BookLexicon, LexiconEntry } from '../novel/lexicon-entry.ts'
import { primarySubtag } from '../novel/voice.ts'
import { elidingLanguages, endingsOf } from './word-endings.ts'

/** A place of a text that an entry says. */
export interface LexiconMatch {
  readonly start: number
  readonly end: number
  readonly entry: LexiconEntry
  /** Where the written word ends and an ending of the language begins; `end` if there is none. */
  readonly stemEnd: number
}

type RankedMatch = LexiconMatch & Pick<Ranked, 'rank'>

interface Ranked {
  readonly entry: LexiconEntry
  /** 0: of the narrowest scope. */
  readonly rank: number
}

interface Node {
  readonly next: Map<number, Node>
  entries?: Ranked[]
}

/** A text with all small letters, of the same length, so that its places are those of the text. */
export interface FoldedText {
  readonly text: string
  readonly folded: string
  /** Primary subtag. */
  readonly code: string
}

const isLetter = 1
const isUnspaced = 2
const apostrophe = 0x2019

let table: Uint8Array | undefined

/** What each UTF-16 unit is. */
function unitKinds(): Uint8Array {
  if (table) return table
  const kinds = new Uint8Array(65_536)
  const letter = /[\p{L}\p{M}\p{N}]/u
  const unspaced =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}々ー]/u
  for (let unit = 0; unit < 65_536; unit++) {
    const text = String.fromCharCode(unit)
    // Letters outside of the first plane that are written in books are Han.
    if (unit >= 0xd800 && unit < 0xe000) kinds[unit] = isLetter | isUnspaced
    else if (letter.test(text)) kinds[unit] = unspaced.test(text) ? isLetter | isUnspaced : isLetter
  }
  table = kinds
  return kinds
}

/** Small letters, ’ for every apostrophe and a blank for all white space, unit by unit. */
function fold(text: string): string {
  const small = text.toLowerCase()
  // İ is two units in small letters.
  const same =
    small.length === text.length
      ? small
      : Array.from(text, (one) => (one.toLowerCase().length === one.length ? one.toLowerCase() : one)).join(
          '',
        )
  return same.replaceAll(/['\u02bc]/g, '’').replaceAll(/\s/g, ' ')
}

/**
 * Finds the words of a lexicon in texts. Its entries are a tree of their characters, walked from where words begin, so a
 * text costs its length, times the longest entry at the very worst, however many entries there are.
 */
export class LexiconMatcher {
  readonly #root: Node = { next: new Map() }
  /** By unit: whether an entry begins with it. */
  readonly #first = new Uint8Array(65_536)
  readonly #language: string
  readonly isEmpty: boolean

  constructor({ language, scopes }: BookLexicon) {
    this.#language = language
    this.isEmpty = scopes.every(({ length }) => length === 0)
    for (const [rank, entries] of scopes.entries()) for (const entry of entries) this.#add({ entry, rank })
  }

  #add(ranked: Ranked): void {
    const folded = fold(ranked.entry.written)
    let node = this.#root
    for (let at = 0; at < folded.length; at++) {
      const unit = folded.charCodeAt(at)
      let next = node.next.get(unit)
      if (!next) node.next.set(unit, (next = { next: new Map() }))
      node = next
    }
    this.#first[folded.charCodeAt(0)] = 1
    node.entries = [...(node.entries ?? []), ranked]
  }

  /** `language`: of the text, if it is another than the novel's. */
  text(text: string, language: string = this.#language): FoldedText {
    return { text, folded: fold(text), code: primarySubtag(language) }
  }

  occursIn(text: FoldedText): boolean {
    for (let at = 0; at < text.folded.length; at++)
      if (
        this.#first[text.folded.charCodeAt(at)] === 1 &&
        this.#matchesAt(text, at, text.text.length).length > 0
      )
        return true
    return false
  }

  /** What is said otherwise of `[from, to)`: the narrower scope goes before, then the longer phrase, then the first. */
  matches(text: FoldedText, from: number, to: number): LexiconMatch[] {
    const found: RankedMatch[] = []
    for (let at = from; at < to; at++)
      if (this.#first[text.folded.charCodeAt(at)] === 1) found.push(...this.#matchesAt(text, at, to))
    if (found.length < 2) return found
    const taken = new Uint8Array(to - from)
    const wanted = found.toSorted(byWeight).filter(({ start, end }) => {
      for (let at = start; at < end; at++) if (taken[at - from] === 1) return false
      taken.fill(1, start - from, end - from)
      return true
    })
    return wanted.toSorted((one, other) => one.start - other.start)
  }

  /** All that begin at a place. */
  #matchesAt(text: FoldedText, start: number, to: number): RankedMatch[] {
    if (!beginsWord(text, start)) return []
    const found: RankedMatch[] = []
    let node: Node | undefined = this.#root
    for (let at = start; at < to; at++) {
      node = node.next.get(text.folded.charCodeAt(at))
      if (!node) break
      for (const { entry, rank } of node.entries ?? []) {
        const end = endOfMatch(text, start, at + 1, to, entry)
        if (end !== undefined) found.push({ start, end, stemEnd: at + 1, entry, rank })
      }
    }
    return found
  }
}

/** The narrower scope goes before, then the longer phrase, what says more of where it holds, and the first. */
function byWeight(one: RankedMatch, other: RankedMatch): number {
  const length = ({ start, end }: LexiconMatch): number => end - start
  const narrow = ({ entry: { caseSensitive, language } }: LexiconMatch): number =>
    Number(caseSensitive) + Number(language !== undefined)
  return (
    one.rank - other.rank ||
    length(other) - length(one) ||
    narrow(other) - narrow(one) ||
    one.start - other.start
  )
}

/** Where what an entry says ends, if it is the word at `[start, stemEnd)`. */
function endOfMatch(
  { text, folded, code }: FoldedText,
  start: number,
  stemEnd: number,
  to: number,
  entry: LexiconEntry,
): number | undefined {
  if (entry.language !== undefined && entry.language !== code) return undefined
  if (entry.caseSensitive && !isSame(text.slice(start, stemEnd), entry.written)) return undefined
  if (endsWord({ text, folded, code }, stemEnd)) return stemEnd
  if (!entry.stem) return undefined
  for (const ending of endingsOf(code)) {
    const end = stemEnd + ending.written.length
    if (end > to || !folded.startsWith(ending.written, stemEnd)) continue
    if (entry.ipa !== undefined && !ending.sound) continue
    if (endsWord({ text, folded, code }, end)) return end
  }
  return undefined
}

/** But for apostrophes and white space. */
function isSame(text: string, written: string): boolean {
  const plain = (one: string): string => one.replaceAll(/['\u02bc]/g, '’').replaceAll(/\s/g, ' ')
  return text === written || plain(text) === plain(written)
}

/** Neither side of a boundary in a script without blanks; between two letters there is none. */
function parts(before: number, after: number): boolean {
  const kinds = unitKinds()
  const [one, other] = [kinds[before]!, kinds[after]!]
  return !(one & isLetter && other & isLetter) || ((one | other) & isUnspaced) !== 0
}

function beginsWord({ folded, code }: FoldedText, at: number): boolean {
  if (at === 0) return true
  const [before, here] = [folded.charCodeAt(at - 1), folded.charCodeAt(at)]
  if (!parts(before, here)) return false
  // O’Brien is one word, l’homme are two.
  if (before !== apostrophe || at < 2 || elidingLanguages.has(code)) return true
  return parts(folded.charCodeAt(at - 2), here)
}

function endsWord({ folded, code }: FoldedText, at: number): boolean {
  if (at >= folded.length) return true
  const [before, here] = [folded.charCodeAt(at - 1), folded.charCodeAt(at)]
  if (!parts(before, here)) return false
  if (here !== apostrophe || at + 1 >= folded.length || elidingLanguages.has(code)) return true
  return parts(before, folded.charCodeAt(at + 1))
}
