import {
  attached,
  bullet,
  closer,
  digit,
  letter,
  lower,
  opener,
  space,
  terminator,
  traitsAt,
  upper,
  wide,
} from './character-traits.ts'
import type { LanguageRules } from './language-rules.ts'
import { isRoman } from './numeral-values.ts'
import { pastClosers, pastOpeners, pastSpaces, reach } from './punctuation-scan.ts'
import { isSpeechTag } from './speech-tags.ts'

/** Maximum characters of a title between 《 and 》. */
const longestTitle = 80

/**
 * The ends of the sentences of `text` in `[start, end)`, in order; the last is always `end`. The white space after a
 * sentence is part of it.
 *
 * A scanner of its own instead of `Intl.Segmenter`: that alone took 0.2 s for War and Peace, breaks after "Mr.", leaves
 * a Chinese opening quote with the sentence before it, and changes with Node's Unicode data, which would change the
 * segments of finished books.
 */
export function sentenceEnds(text: string, start: number, end: number, language: LanguageRules): number[] {
  const ends: number[] = []
  let from = start
  let lead = pastOpeners(text, start, end)
  let i = start
  const endAt = (at: number): void => {
    ends.push((from = at))
    lead = pastOpeners(text, at, end)
  }
  while (i < end) {
    const traits = traitsAt(text, i)
    if (text[i] === '《') {
      i = pastTitle(text, i, end)
      continue
    }
    if ((traits & (terminator | bullet)) === 0) {
      i++
      continue
    }
    if (traits & bullet) {
      if (i > from && traitsAt(text, i - 1) & space) endAt(i)
      i++
      continue
    }
    const stop = pastClosers(text, i, end)
    const next = pastSpaces(text, stop, end)
    if (next >= end) break
    const candidate = { text, from, lead, end, language }
    if ((traitsAt(text, next) & attached) === 0 && endsSentence(candidate, i, stop, next)) endAt(next)
    i = stop
  }
  ends.push(end)
  return ends
}

/** Skips a title in 《》, in which no sentence ends: "《你好！世界》". Skips only the mark if it is not closed soon. */
function pastTitle(text: string, at: number, end: number): number {
  const stop = Math.min(end, at + longestTitle)
  for (let i = at + 1; i < stop; i++) if (text[i] === '》') return i
  return at + 1
}

/** The current sentence begins at `from`, its first word at `lead`; nothing is read from `end` on. */
interface SentenceCandidate {
  readonly text: string
  readonly from: number
  readonly lead: number
  readonly end: number
  readonly language: LanguageRules
}

/** `[at, stop)` is the sentence's punctuation with closing quotes, `next` the offset of the next word. */
function endsSentence(candidate: SentenceCandidate, at: number, stop: number, next: number): boolean {
  const { text, end, language } = candidate
  if (next === stop) return endsGlued(candidate, at, stop)
  if (text[at - 1] === '[' && text.slice(at, stop).includes(']')) return false
  const last = Math.min(end, next + reach)
  let first = next
  while (first < last && traitsAt(text, first) & (opener | space)) first++
  const traits = traitsAt(text, first)
  if (traits & lower || /[,;:]/.test(text[first] ?? '')) return false
  if (
    language.code === 'en' &&
    isEllipsis(text, at, stop) &&
    /^I(?!\p{L})/u.test(text.slice(first, first + 2))
  ) {
    return false
  }
  if (closesSpeech(text, at, stop, next, first) && isSpeechTag(text, first, end, language)) return false
  const lone = text[at] === '.' && (stop === at + 1 || text[at + 1] === ')')
  return !lone || !isAbbreviated(candidate, at, first)
}

/**
 * Whether direct speech ends with the stops in `[at, stop)`, so that a tag may follow: “…?” or, in dialogue with
 * dashes, "…? —". No tag follows a full stop, except in Chinese and Japanese.
 */
function closesSpeech(text: string, at: number, stop: number, next: number, first: number): boolean {
  if (text[at] === '.' && text[at + 1] !== '.') return false
  if (isQuote(text[stop - 1])) return first === next
  return first > next && /^[—–-] ?$/.test(text.slice(next, first))
}

function isQuote(mark = ' '): boolean {
  return '”’"\'»«“‘」』'.includes(mark)
}

/** "Well... I don't know": before the pronoun an ellipsis is usually a hesitation, not an end. */
function isEllipsis(text: string, at: number, stop: number): boolean {
  return text[stop - 1] === '…' || (text[stop - 1] === '.' && stop - at > 2)
}

/** Whether a sentence ends without a following space: always after a full-width stop, else only in "word.Next". */
function endsGlued(candidate: SentenceCandidate, at: number, stop: number): boolean {
  const { text, end, language } = candidate
  const next = traitsAt(text, stop)
  const closed = stop > at + 1 && (traitsAt(text, stop - 1) & closer) !== 0
  if (text[at] === '．' && traitsAt(text, at - 1) & next & digit) return false
  const fullWidth = '。！？｡．'.includes(text[at] ?? ' ') || (next & wide && /[!?]/.test(text[at] ?? ''))
  if (fullWidth || (closed && next & wide)) {
    if (/[，、；：,;:—～]/.test(text[stop] ?? '')) return false
    if (closed && isQuote(text[stop - 1]) && isSpeechTag(text, stop, end, language)) return false
    return !(closed && language.code === 'ja' && /[とっなのをがはにへでも]/.test(text[stop] ?? ''))
  }
  if (closed) return (next & upper) !== 0 || (next & opener && traitsAt(text, stop + 1) & upper) !== 0
  if (stop > at + 1 || text[at] === '…') return false
  const words = traitsAt(text, at - 1) & (lower | digit) && next & upper && traitsAt(text, stop + 1) & lower
  if (!words || (traitsAt(text, at - 2) & (letter | digit | closer) || text[at - 2] === ',') === 0)
    return false
  return !isAddress(text, at, end) && !isAbbreviated(candidate, at, stop)
}

/**
 * Whether the period at `at` belongs to an abbreviation, initial, number or list mark and does not end the sentence.
 */
function isAbbreviated(candidate: SentenceCandidate, at: number, first: number): boolean {
  const { text, from, lead, end, language } = candidate
  const head = headOf(text, at, from)
  if (head === at) return /[°ºª]/.test(text[at - 1] ?? '') && (traitsAt(text, first) & digit) !== 0
  const word = text.slice(head, at)
  if (language.closing.size > 0 && language.closing.has(shortPhrase(text, at, from)))
    return (traitsAt(text, first) & upper) === 0
  const starts = isStarter(text, first, end, language)
  const numeral = traitsAt(text, head) & digit ? at - head <= 3 : isRoman(word)
  if (lead === head && (numeral || word.length === 1)) return true
  if (traitsAt(text, head) & digit) return numeral && language.ordinalPeriod && !starts && at - head <= 2
  if (language.ordinalPeriod && numeral && word.length > 1) return !starts
  const low = word.toLowerCase()
  const number = (traitsAt(text, first) & digit) !== 0
  if (isTime(text, word, head)) return !endsWithTime(candidate, head, first)
  if (language.neverFinal.has(low)) return true
  const capital = word.length === 1 && (traitsAt(text, head) & upper) !== 0
  // "p. 5" is a page, "P. Lane" an initial.
  if (language.beforeNumber.has(low) && (!capital || number)) return number || isRomanAt(text, first, end)
  if (number && low === 'no' && traitsAt(text, head) & upper && head > lead) return true
  if (language.rarelyFinal.has(low)) return !starts && !quoteOpens(text, first)
  if (word.length === 1 && traitsAt(text, head) & letter && (traitsAt(text, head) & wide) === 0) {
    if (word === 'I' && language.code === 'en') return afterName(text, from, head) || false
    return !starts || traitsAt(text, head) & lower ? true : text[head - 2] === '.'
  }
  return word.includes('.') && /^\p{L}(?:\.\p{L})+$/u.test(word) && !starts
}

/** The start of the word before the period at `at`, including all of "p.m" and "c.-à-d". */
function headOf(text: string, at: number, from: number): number {
  const least = Math.max(from, at - reach)
  let head = at
  while (head > least && traitsAt(text, head - 1) & (letter | digit | attached)) head--
  while (head > least + 1 && '.-'.includes(text[head - 1]!) && traitsAt(text, head - 2) & letter) {
    head--
    while (head > least && traitsAt(text, head - 1) & letter) head--
  }
  return head
}

/** The last two letters with a period between them, as in "т. д": "т.д". */
function shortPhrase(text: string, at: number, from: number): string {
  return (
    /(?<!\p{L})\p{L}\.\s?\p{L}$/u.exec(text.slice(Math.max(from, at - 5), at))?.[0].replace(/\s/, '') ?? ''
  )
}

/** "a.m", "P.M", and the "M" of "P. M." after digits. */
function isTime(text: string, word: string, head: number): boolean {
  if (/^[ap]\.m$/i.test(word)) return true
  return /^m$/i.test(word) && /\d\s?[AaPp]\.\s?$/.test(text.slice(Math.max(0, head - 6), head))
}

/** True for "It left at 8 p.m. Nobody saw it", false for "at 8 p.m. Monday" and "At 8 p.m. Anna came". */
function endsWithTime(
  { text, lead, end, language }: SentenceCandidate,
  head: number,
  first: number,
): boolean {
  if (isStarter(text, first, end, language) || quoteOpens(text, first)) return true
  if ((traitsAt(text, first) & upper) === 0) return false
  if (
    /^(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Eastern|Pacific|Central|Mountain|Greenwich|[A-Z]{2,4}\b)/.test(
      text.slice(first, first + 12),
    )
  )
    return false
  return (
    head - lead > 40 ||
    !/^(?:at|by|around|about|from|until|till|before|after|since|on)\s\S+(?:\s\S+){0,2}\s?$/i.test(
      text.slice(lead, head),
    )
  )
}

/** Whether the word before `head` is a name or an initial: "Albert I. Jones", unlike "you and I. Did". */
function afterName(text: string, from: number, head: number): boolean {
  const least = Math.max(from, head - reach)
  let i = head - 1
  while (i > least && traitsAt(text, i) & space) i--
  if (text[i] === '.') return true
  while (i > least && traitsAt(text, i - 1) & letter) i--
  return (traitsAt(text, i) & upper) !== 0
}

function isStarter(text: string, first: number, end: number, language: LanguageRules): boolean {
  const stop = wordEnd(text, first, end)
  return stop > first && language.starters.has(text.slice(first, stop).toLowerCase())
}

function isRomanAt(text: string, first: number, end: number): boolean {
  const stop = wordEnd(text, first, end)
  return stop > first + 1 && isRoman(text.slice(first, stop))
}

function wordEnd(text: string, first: number, end: number): number {
  const last = Math.min(end, first + reach)
  let stop = first
  while (stop < last && traitsAt(text, stop) & letter) stop++
  return stop
}

function quoteOpens(text: string, first: number): boolean {
  return /[“"‘«„]/.test(text[first - 1] ?? '')
}

/** "Jane.Doe@example.com", "https://a.Bc": no sentence ends inside an address. */
function isAddress(text: string, at: number, end: number): boolean {
  const [least, most] = [Math.max(0, at - reach), Math.min(end, at + reach)]
  let head = at
  let tail = at
  while (head > least && (traitsAt(text, head - 1) & space) === 0) head--
  while (tail < most && (traitsAt(text, tail) & space) === 0) tail++
  return /@|:\/\/|^www\./i.test(text.slice(head, tail))
}
