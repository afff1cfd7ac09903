import {
  attached,
  closer,
  isSpeakable,
  letter,
  opener,
  space,
  terminator,
  traitsAt,
  weightAt,
  weightOf,
  wide,
} from './character-traits.ts'
import type { LanguageRules } from './language-rules.ts'
import { sentenceEnds } from './sentence-boundaries.ts'

/** Shorter ones are joined to a neighbour of the same speaker: neural voices produce noise for very few words. */
const shortUtterance = 25
/** Shorter ones are joined to any neighbour. */
const veryShortUtterance = 15

interface Utterance {
  readonly start: number
  readonly end: number
  /** In Latin letters. */
  readonly weight: number
  readonly speakable: boolean
}

/**
 * The ends of the utterances of `text` in `[start, end)`, in order; the last is always `end`. An utterance is a
 * sentence, a part of a long one, or several short ones.
 */
export function utteranceEnds(text: string, start: number, end: number, language: LanguageRules): number[] {
  const sentences = sentenceEnds(text, start, end, language)
  const ends: number[] = []
  let from = start
  for (const utterance of joinShort(text, start, sentences)) {
    if (utterance.weight <= longestUtterance) ends.push(utterance.end)
    else splitLongSentence(text, from, utterance.end, language, ends)
    from = utterance.end
  }
  return ends
}

/** A heading is one utterance unless it is long: its title belongs to its number. */
export function headingEnds(text: string, start: number, end: number, language: LanguageRules): number[] {
  if (weightOf(text, start, end) <= longestUtterance) return [end]
  return utteranceEnds(text, start, end, language)
}

function joinShort(text: string, start: number, ends: readonly number[]): Utterance[] {
  const joined: Utterance[] = []
  let current = utteranceOf(text, start, ends[0] ?? start)
  for (let i = 1; i <= ends.length; i++) {
    const end = ends[i]
    const next = end === undefined ? undefined : utteranceOf(text, current.end, end)
    const before = joined.at(-1)
    const back = before === undefined ? 0 : joinPreference(text, before, current)
    const forth = next === undefined ? 0 : joinPreference(text, current, next)
    if (isShort(current) && before !== undefined && back > 0 && back >= forth) {
      joined[joined.length - 1] = joinUtterances(before, current)
    } else if (next !== undefined && isShort(current) && forth > 0) {
      current = joinUtterances(current, next)
      continue
    } else joined.push(current)
    if (next !== undefined) current = next
  }
  return joined
}

function isShort(utterance: Utterance): boolean {
  return utterance.weight < shortUtterance || !utterance.speakable
}

/**
 * Preference for joining two neighbours, one of which is short: 0 never; higher within direct speech, and with the
 * shorter neighbour.
 */
function joinPreference(text: string, a: Utterance, b: Utterance): number {
  const weight = a.weight + b.weight
  if (weight > longestUtterance) return 0
  const forced = Math.min(a.weight, b.weight) < veryShortUtterance || !a.speakable || !b.speakable
  const same = !changesSpeaker(text, b.start)
  if (!same && !forced) return 0
  return (same ? 2 : 1) + 1 / weight
}

/** How far from a boundary quotation marks are searched, in characters. */
const quoteReach = 50

/** Whether direct speech ends before `at` or begins there. */
function changesSpeaker(text: string, at: number): boolean {
  let before = at - 1
  while (before > 0 && at - before < quoteReach && traitsAt(text, before) & space) before--
  if (isQuote(text, before) && traitsAt(text, before) & closer) return true
  let after = at
  while (
    after < text.length &&
    after - at < quoteReach &&
    (traitsAt(text, after) & (letter | attached)) === 0
  ) {
    if (isQuote(text, after) && traitsAt(text, after) & opener) return true
    after++
  }
  return false
}

function isQuote(text: string, at: number): boolean {
  return '"\'“”‘’«»„「」『』'.includes(text[at] ?? ' ')
}

function utteranceOf(text: string, start: number, end: number): Utterance {
  return { start, end, weight: weightOf(text, start, end), speakable: isSpeakable(text, start, end) }
}

function joinUtterances(a: Utterance, b: Utterance): Utterance {
  return {
    start: a.start,
    end: b.end,
    weight: a.weight + b.weight,
    speakable: a.speakable || b.speakable,
  }
}

/** In Latin letters: about 17 seconds. A longer sentence is split at a pause. */
const longestUtterance = 250
/** A sentence up to this weight stays whole if it has no pause. */
const hardUtteranceLimit = 350
/** The shortest chunk of a split. */
const shortestChunk = 25

const byWord = new Intl.Segmenter('und', { granularity: 'word' })
const byGrapheme = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Appends to `ends` the ends of the chunks of a long sentence `[start, end)`. */
function splitLongSentence(
  text: string,
  start: number,
  end: number,
  language: LanguageRules,
  ends: number[],
): void {
  const weight = weightOf(text, start, end)
  const cut = weight <= longestUtterance ? end : bestCut(text, start, end, weight, language)
  if (cut >= end) {
    ends.push(end)
    return
  }
  splitLongSentence(text, start, cut, language, ends)
  splitLongSentence(text, cut, end, language, ends)
}

/** The cut of the best kind nearest the middle; `end` if the sentence should stay whole. */
function bestCut(text: string, start: number, end: number, weight: number, language: LanguageRules): number {
  const best: Cut[] = []
  let passed = 0
  for (let i = start; i < end; i++) {
    const impossible = i === start || traitsAt(text, i - 1) & letter || traitsAt(text, i) & attached
    const kind = impossible ? undefined : kindOfCut(text, start, i, end, language)
    if (kind !== undefined && passed >= shortestChunk && weight - passed >= shortestChunk) {
      const off = Math.abs(passed - weight / 2)
      const known = best[kind]
      if (known === undefined || off < known.off) best[kind] = { at: i, off }
    }
    passed += weightAt(text, i)
  }
  const order = weight > hardUtteranceLimit ? [0, 1, 2, 3] : [0, 1, 2]
  for (const kind of order) {
    const cut = best[kind]
    if (cut && isSpeakable(text, start, cut.at) && isSpeakable(text, cut.at, end)) return cut.at
  }
  return weight > hardUtteranceLimit ? forcedCut(text, start, end) : end
}

interface Cut {
  readonly at: number
  /** Distance from the middle, as weight. */
  readonly off: number
}

/**
 * The kind of a cut before `at`: 0 after ; : — … or at the end of a line of verse, 1 after a comma, 2 before a
 * conjunction, 3 after a space; `undefined` if none is possible. `at` is not after a letter.
 */
function kindOfCut(
  text: string,
  start: number,
  at: number,
  end: number,
  language: LanguageRules,
): 0 | 1 | 2 | 3 | undefined {
  const here = traitsAt(text, at)
  if (here & (space | closer) && text[at] !== '“' && text[at] !== '‘') return undefined
  let i = at - 1
  const spaced = traitsAt(text, i) & space
  while (i > start && traitsAt(text, i) & space) {
    if (text[i] === '\n') return 0
    i--
  }
  if (spaced && (text[i] === '—' || text[i] === '–')) return 0
  let closed = false
  while (i > start && traitsAt(text, i) & closer && '”’»」』"\')'.includes(text[i]!)) {
    closed = true
    i--
  }
  const mark = text[i]!
  if (';:'.includes(mark) && spaced) return 0
  if ('；：—'.includes(mark) && !isDash(text, at)) return 0
  if (traitsAt(text, i) & terminator) {
    if (mark !== '.' && (spaced || traitsAt(text, i) & wide || (mark === '…' && here & wide))) return 0
    if (mark === '.' && closed && spaced) return 0
  }
  if ((mark === ',' && spaced) || '，、､'.includes(mark)) return 1
  if (!spaced) return undefined
  let stop = at
  while (stop < end && stop < at + 12 && traitsAt(text, stop) & letter) stop++
  return language.conjunctions.has(text.slice(at, stop).toLowerCase()) ? 2 : 3
}

function isDash(text: string, at: number): boolean {
  return text[at] === '—' || text[at] === '-'
}

/** A cut in text without spaces: between words (Thai, Chinese), else between graphemes, else between code points. */
function forcedCut(text: string, start: number, end: number): number {
  const piece = text.slice(start, end)
  const middle = middleOf(text, start, end) - start
  for (const segmenter of [byWord, byGrapheme]) {
    const found = segmenter.segment(piece).containing(middle)
    if (found === undefined) continue
    const after = found.index + found.segment.length
    const cut = found.index > 0 ? found.index : after
    const least = piece.length / 8
    if (cut >= least && cut <= piece.length - least) return start + cut
  }
  return start + (traitsAt(piece, middle) & attached && middle > 1 ? middle - 1 : middle)
}

function middleOf(text: string, start: number, end: number): number {
  const half = weightOf(text, start, end) / 2
  let passed = 0
  let i = start
  while (i < end - 1 && passed < half) passed += weightAt(text, i++)
  return i
}
