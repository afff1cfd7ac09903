import { Failure } from '../../novel/failure.ts'
import { longestPattern } from '../../novel/heading-rule.ts'
import { cjkNumber, readNumber, romanValue } from './number-words.ts'

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'space' | 'number' | 'roman' | 'anything' }

interface PatternMatch {
  /** The first number in it, by `{number}` or `{roman}`. */
  readonly number: number | undefined
}

export interface HeadingPattern {
  /** Whether a line is a heading; `line` is trimmed. Lines over 200 UTF-16 units never are. */
  match(line: string): PatternMatch | undefined
  /** Whether it may be followed by a title of its own: it has no `*`. */
  readonly bare: boolean
}

const longestLine = 200

/**
 * Compiles a pattern for headings, which a whole line has to answer to. Letters stand for themselves in either case, a
 * space for white space, `{number}` for digits, a Roman numeral or a number in words, `{roman}` for a Roman numeral in
 * capitals, `*` for anything or nothing, `|` separates alternatives, and a backslash takes the meaning from the character
 * behind it.
 *
 * A line is matched by the set of places that each token can end at, without backtracking: the time is bounded by the
 * pattern's length times the line's, whatever both are. Throws `headings.pattern` with what is wrong with it.
 */
export function headingPattern(pattern: string): HeadingPattern {
  if (pattern.length > longestPattern)
    throw new Failure('headings.pattern', { detail: `it has more than ${longestPattern} characters` })
  const alternatives = alternativesOf(pattern.normalize('NFC'))
  for (const tokens of alternatives)
    if (tokens.every(({ kind }) => kind === 'anything' || kind === 'space'))
      throw new Failure('headings.pattern', { detail: 'every line answers to it' })
  return {
    bare: alternatives.every((tokens) => tokens.every(({ kind }) => kind !== 'anything')),
    match: (line) => {
      if (line === '' || line.length > longestLine) return undefined
      const text = folded(line)
      const numbers = new NumbersOf(line)
      for (const tokens of alternatives) {
        const found = matchTokens(tokens, text, numbers)
        if (found) return found
      }
      return undefined
    },
  }
}

function alternativesOf(pattern: string): Token[][] {
  const alternatives: Token[][] = [[]]
  const add = (token: Token): void => {
    const tokens = alternatives.at(-1)!
    const before = tokens.at(-1)
    if (token.kind === 'text' && before?.kind === 'text')
      tokens[tokens.length - 1] = { kind: 'text', text: before.text + token.text }
    else if ((token.kind !== 'anything' && token.kind !== 'space') || before?.kind !== token.kind)
      tokens.push(token)
  }
  for (let at = 0; at < pattern.length; at++) {
    const rest = pattern.slice(at)
    const named = /^\{([^{}]*)\}/.exec(rest)
    if (named) {
      const name = named[1]!.trim().toLowerCase()
      if (name !== 'number' && name !== 'roman')
        throw new Failure('headings.pattern', {
          detail: `the name "${named[1]}" in brackets has no meaning; there are number and roman`,
        })
      add({ kind: name })
      at += named[0].length - 1
    } else if (pattern[at] === '{' || pattern[at] === '}')
      throw new Failure('headings.pattern', {
        detail: 'a bracket is open; write a backslash before one that is meant itself',
      })
    else if (pattern[at] === '*') add({ kind: 'anything' })
    else if (pattern[at] === '|') alternatives.push([])
    else if (/\s/.test(pattern[at]!)) add({ kind: 'space' })
    else {
      if (pattern[at] === '\\' && at + 1 < pattern.length) at++
      add({ kind: 'text', text: folded(pattern[at]!) })
    }
  }
  return alternatives.map(trimmed)
}

/** White space at either end is not part of a line. */
function trimmed(tokens: readonly Token[]): Token[] {
  const first = tokens.findIndex(({ kind }) => kind !== 'space')
  const last = tokens.findLastIndex(({ kind }) => kind !== 'space')
  return first < 0 ? [] : tokens.slice(first, last + 1)
}

/** Lower case, of as many units as before. */
function folded(text: string): string {
  const lower = text.toLowerCase()
  return lower.length === text.length ? lower : Array.from(text, sameLength).join('')
}

function sameLength(char: string): string {
  const lower = char.toLowerCase()
  return lower.length === char.length ? lower : char
}

/** Places that cannot be reached, and those before which no number stands. */
const [unreached, noNumber] = [-2, -1]

function matchTokens(tokens: readonly Token[], text: string, numbers: NumbersOf): PatternMatch | undefined {
  if (!hasWords(tokens, text)) return undefined
  /** Of each place that the tokens so far can end at, the first number before it. */
  let places = Array.from<number>({ length: text.length + 1 }).fill(unreached)
  places[0] = noNumber
  for (const token of tokens) {
    const next = Array.from<number>({ length: text.length + 1 }).fill(unreached)
    let isReached = false
    let last = unreached
    const reach = (place: number, number: number): void => {
      if (next[place] === unreached) next[place] = number
      isReached = true
    }
    for (const [place, number] of places.entries()) {
      if (token.kind === 'anything') {
        if (last === unreached) last = number
        if (last !== unreached) reach(place, number === unreached ? last : number)
      } else if (number === unreached) continue
      else if (token.kind === 'text') {
        if (text.startsWith(token.text, place)) reach(place + token.text.length, number)
      } else if (token.kind === 'space') {
        for (let end = place; end < text.length && isSpace(text[end]!); end++) reach(end + 1, number)
      } else
        for (const { length, value } of numbers.at(place, token.kind))
          reach(place + length, number === noNumber ? value : number)
    }
    if (!isReached) return undefined
    places = next
  }
  const number = places[text.length]!
  if (number === unreached) return undefined
  return { number: number === noNumber ? undefined : number }
}

/** Whether a pattern's words stand in a line in their order: most lines need no more than that to be told apart. */
function hasWords(tokens: readonly Token[], text: string): boolean {
  let from = 0
  for (const [nth, token] of tokens.entries()) {
    if (token.kind !== 'text') continue
    const at = nth === 0 ? (text.startsWith(token.text) ? 0 : -1) : text.indexOf(token.text, from)
    if (at < 0) return false
    from = at + token.text.length
  }
  return true
}

function isSpace(char: string): boolean {
  return char.trim() === ''
}

interface FoundNumber {
  readonly length: number
  readonly value: number
}

/** The numbers in a line, each place looked at once. */
class NumbersOf {
  readonly #line: string
  readonly #known = new Map<string, readonly FoundNumber[]>()

  constructor(line: string) {
    this.#line = line
  }

  at(place: number, kind: 'number' | 'roman'): readonly FoundNumber[] {
    const key = `${kind}${place}`
    const known = this.#known.get(key)
    if (known) return known
    // A number does not begin within another, or within a word.
    const found = isWithinWord(this.#line, place) ? [] : numbersAt(this.#line.slice(place, place + 80), kind)
    this.#known.set(key, found)
    return found
  }
}

function isWithinWord(line: string, place: number): boolean {
  const pair = line.slice(Math.max(0, place - 1), place + 1)
  return place > 0 && (/^[A-Za-z\u00c0-\u024f\u0400-\u04ff]{2}$/.test(pair) || /^\p{Nd}{2}$/u.test(pair))
}

function numbersAt(text: string, kind: 'number' | 'roman'): FoundNumber[] {
  const letters = /^[IVXLCDM]{1,9}(?![\p{L}\p{N}])/u.exec(text)?.[0]
  const roman = letters === undefined ? undefined : romanValue(letters)
  if (kind === 'roman')
    return letters === undefined || roman === undefined ? [] : [{ length: letters.length, value: roman }]
  const digits = /^\p{Nd}{1,6}(?!\p{Nd})/u.exec(text)?.[0]
  const cjk = /^[〇零○一二三四五六七八九十百千两兩廿卅壹贰叁]{1,7}/.exec(text)?.[0]
  const found: FoundNumber[] = []
  const plain = digits === undefined ? undefined : cjkNumber(digits)
  if (digits !== undefined && plain !== undefined) found.push({ length: digits.length, value: plain })
  const inCjk = cjk === undefined ? undefined : cjkNumber(cjk)
  if (cjk !== undefined && inCjk !== undefined) found.push({ length: cjk.length, value: inCjk })
  const read = readNumber(text)
  if (read && !found.some(({ length }) => length === read.length)) found.push(read)
  return found
}
