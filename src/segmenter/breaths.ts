import { attached, closer, isSpeakable, letter, opener, space, traitsAt, weightOf } from './characters.ts'
import { longestUtterance, splitLongSentence } from './long-sentences.ts'
import type { LanguageRules } from './languages.ts'
import { sentenceEnds } from './sentences.ts'

/** Shorter ones are joined to a neighbour of the same speaker: on a few words neural voices babble. */
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
 * Where the breaths of `text` in `[start, end)` end, in order; the last is always `end`. A breath is a sentence, a part
 * of a long one, or several short ones.
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

/** Headings are one breath unless they are long: their title belongs to their number. */
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
    const back = before === undefined ? 0 : attraction(text, before, current)
    const forth = next === undefined ? 0 : attraction(text, current, next)
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

/** How gladly two neighbours, one of which is short, are joined: 0 not at all; more within a speech, and with the shorter. */
function attraction(text: string, a: Utterance, b: Utterance): number {
  const weight = a.weight + b.weight
  if (weight > longestUtterance) return 0
  const forced = Math.min(a.weight, b.weight) < veryShortUtterance || !a.speakable || !b.speakable
  const same = !changesSpeaker(text, b.start)
  if (!same && !forced) return 0
  return (same ? 2 : 1) + 1 / weight
}

/** How far from a boundary a quotation mark is looked for, in characters. */
const quoteReach = 50

/** Whether a speech ends before `at` or begins there. */
function changesSpeaker(text: string, at: number): boolean {
  let before = at - 1
  while (before > 0 && at - before < quoteReach && traitsAt(text, before) & space) before--
  if (isQuote(text, before) && traitsAt(text, before) & closer) return true
  let after = at
  while (after < text.length && after - at < quoteReach && (traitsAt(text, after) & (letter | attached)) === 0) {
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
