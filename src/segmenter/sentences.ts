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
} from './characters.ts'
import type { Language } from './languages.ts'
import { isRoman } from './romans.ts'

/**
 * Where the sentences of `text` in `[start, end)` end, in order; the last is always `end`. The white space after a
 * sentence is part of it.
 *
 * A scanner of its own instead of `Intl.Segmenter`: that one alone took 0.2 s for War and Peace, breaks after "Mr." and
 * leaves a Chinese opening quote with the sentence before it, and its breaks change with Node's Unicode data, which
 * would change the words of finished books.
 */
export function sentenceEnds(text: string, start: number, end: number, language: Language): number[] {
  const ends: number[] = []
  let from = start
  let i = start
  while (i < end) {
    const traits = traitsAt(text, i)
    if ((traits & (terminator | bullet)) === 0) {
      i++
      continue
    }
    if (traits & bullet) {
      if (i > from && traitsAt(text, i - 1) & space) ends.push((from = i))
      i++
      continue
    }
    const stop = pastClosers(text, i, end)
    const next = pastSpaces(text, stop, end)
    if (next >= end) break
    if ((traitsAt(text, next) & attached) === 0 && endsSentence(text, from, i, stop, next, end, language)) {
      ends.push((from = next))
    }
    i = stop
  }
  ends.push(end)
  return ends
}

/** `[from, at)` is the sentence so far, `[at, stop)` its punctuation with closing quotes, `next` the next word's place. */
function endsSentence(
  text: string,
  from: number,
  at: number,
  stop: number,
  next: number,
  end: number,
  language: Language,
): boolean {
  if (next === stop) return endsGlued(text, from, at, stop, end, language)
  if (text[at - 1] === '[' && text.indexOf(']', at) < stop) return false
  let first = next
  while (first < end && traitsAt(text, first) & (opener | space)) first++
  const traits = traitsAt(text, first)
  if (traits & lower || /[,;:]/.test(text[first] ?? '')) return false
  if (
    language.code === 'en' &&
    isEllipsis(text, at, stop) &&
    /^I(?!\p{L})/u.test(text.slice(first, first + 2))
  ) {
    return false
  }
  const lone = text[at] === '.' && (stop === at + 1 || text[at + 1] === ')')
  return !lone || !isAbbreviated(text, from, at, first, end, language)
}

/** "Well... I don't know": with the pronoun's capital, a hesitation more often than an end. */
function isEllipsis(text: string, at: number, stop: number): boolean {
  return text[stop - 1] === '…' || (text[stop - 1] === '.' && stop - at > 2)
}

/** Whether a sentence ends where no space follows: always after a full-width stop, else only in "word.Next". */
function endsGlued(
  text: string,
  from: number,
  at: number,
  stop: number,
  end: number,
  language: Language,
): boolean {
  const next = traitsAt(text, stop)
  const closed = stop > at + 1 && (traitsAt(text, stop - 1) & closer) !== 0
  if (text[at] === '．' && traitsAt(text, at - 1) & next & digit) return false
  const fullWidth = '。！？｡．'.includes(text[at] ?? ' ') || (next & wide && /[!?]/.test(text[at] ?? ''))
  if (fullWidth || (closed && next & wide)) {
    if (/[，、；：,;:—～]/.test(text[stop] ?? '')) return false
    return !(closed && language.code === 'ja' && /[とっなのをがはにへでも]/.test(text[stop] ?? ''))
  }
  if (closed) return (next & upper) !== 0 || (next & opener && traitsAt(text, stop + 1) & upper) !== 0
  if (stop > at + 1 || text[at] === '…') return false
  const words = traitsAt(text, at - 1) & (lower | digit) && next & upper && traitsAt(text, stop + 1) & lower
  if (!words || (traitsAt(text, at - 2) & (letter | digit | closer) || text[at - 2] === ',') === 0)
    return false
  return !isAddress(text, at, end) && !isAbbreviated(text, from, at, stop, end, language)
}

/** Whether the period at `at` belongs to an abbreviation, initial, number or list mark and the sentence goes on. */
function isAbbreviated(
  text: string,
  from: number,
  at: number,
  first: number,
  end: number,
  language: Language,
): boolean {
  let head = at
  while (head > from && traitsAt(text, head - 1) & (letter | digit | attached)) head--
  while (head > from + 1 && '.-'.includes(text[head - 1]!) && traitsAt(text, head - 2) & letter) {
    head--
    while (head > from && traitsAt(text, head - 1) & letter) head--
  }
  if (head === at) return /[°ºª]/.test(text[at - 1] ?? '') && (traitsAt(text, first) & digit) !== 0
  const word = text.slice(head, at)
  const starts = isStarter(text, first, end, language)
  const numeral = traitsAt(text, head) & digit ? at - head <= 3 : isRoman(word)
  const leads = pastOpeners(text, from, head) === head
  if (leads && (numeral || word.length === 1)) return true
  if (traitsAt(text, head) & digit) return numeral && language.ordinalPeriod && !starts && at - head <= 2
  if (language.ordinalPeriod && numeral && word.length > 1) return !starts
  const low = word.toLowerCase()
  if (language.neverFinal.has(low)) return true
  if (language.beforeNumber.has(low))
    return (traitsAt(text, first) & digit) !== 0 || isRomanAt(text, first, end)
  if (language.rarelyFinal.has(low)) return !starts && !quoteOpens(text, first)
  if (word.length === 1 && traitsAt(text, head) & letter && (traitsAt(text, head) & wide) === 0) {
    if (word === 'I' && language.code === 'en') return afterName(text, from, head) || false
    return !starts || traitsAt(text, head) & lower ? true : text[head - 2] === '.'
  }
  return word.includes('.') && /^\p{L}(?:\.\p{L})+$/u.test(word) && !starts
}

/** Whether the word before `head` is a name or an initial: "Albert I. Jones", against "you and I. Did". */
function afterName(text: string, from: number, head: number): boolean {
  let i = head - 1
  while (i > from && traitsAt(text, i) & space) i--
  if (text[i] === '.') return true
  while (i > from && traitsAt(text, i - 1) & letter) i--
  return (traitsAt(text, i) & upper) !== 0
}

function isStarter(text: string, first: number, end: number, language: Language): boolean {
  let stop = first
  while (stop < end && traitsAt(text, stop) & letter) stop++
  return stop > first && language.starters.has(text.slice(first, stop).toLowerCase())
}

function isRomanAt(text: string, first: number, end: number): boolean {
  let stop = first
  while (stop < end && traitsAt(text, stop) & letter) stop++
  return stop > first + 1 && isRoman(text.slice(first, stop))
}

function quoteOpens(text: string, first: number): boolean {
  return /[“"‘«„]/.test(text[first - 1] ?? '')
}

/** "Jane.Doe@example.com", "https://a.Bc": no sentence ends inside an address. */
function isAddress(text: string, at: number, end: number): boolean {
  let head = at
  let tail = at
  while (head > 0 && (traitsAt(text, head - 1) & space) === 0) head--
  while (tail < end && (traitsAt(text, tail) & space) === 0) tail++
  return /@|:\/\/|^www\./i.test(text.slice(head, tail))
}

/** Past all that closes the sentence whose first stop stands at `at`: more stops, quotes, brackets, note marks. */
function pastClosers(text: string, at: number, end: number): number {
  let i = at + 1
  while (i < end) {
    const traits = traitsAt(text, i)
    if (traits & terminator || traits & attached) i++
    else if (traits & closer) {
      if (isAmbiguous(text, i) && i + 1 < end && traitsAt(text, i + 1) & (letter | digit)) return i
      i++
    } else if (traits & space && text[i - 1] === '.' && text[i + 1] === '.' && i + 1 < end) i += 2
    else if (traits & space && text[i + 1] === '»' && i + 1 < end && !opensWord(text, i + 2, end)) i += 2
    else if (text[i] === '[') {
      const mark = noteMark(text, i, end)
      if (mark === i) return i
      i = mark
    } else return i
  }
  return i
}

/** Straight quotes open and close; “ ‘ « close in German, » opens there. */
function isAmbiguous(text: string, i: number): boolean {
  return '"\'“‘«‹»›_*'.includes(text[i]!)
}

function opensWord(text: string, i: number, end: number): boolean {
  return i < end && (traitsAt(text, i) & (letter | digit)) !== 0
}

/** The end of a note mark like [12] that begins at `i`, or `i`. */
function noteMark(text: string, i: number, end: number): number {
  let stop = i + 1
  while (stop < end && stop < i + 5 && traitsAt(text, stop) & digit) stop++
  return stop > i + 1 && text[stop] === ']' && stop < end ? stop + 1 : i
}

function pastSpaces(text: string, i: number, end: number): number {
  let next = i
  while (next < end && traitsAt(text, next) & space) next++
  return next
}

function pastOpeners(text: string, i: number, end: number): number {
  let next = i
  while (next < end && traitsAt(text, next) & (opener | space)) next++
  return next
}
