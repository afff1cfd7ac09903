import { attached, closer, isSpeakable, letter, opener, space, traitsAt, weightOf } from './characters.ts'
import { longestBreath, cutLong } from './long-sentences.ts'
import type { Language } from './languages.ts'
import { sentenceEnds } from './sentences.ts'

/** Shorter ones are joined to a neighbour of the same speaker: on a few words neural voices babble. */
const short = 25
/** Shorter ones are joined to any neighbour. */
const veryShort = 15

interface Breath {
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
export function breathEnds(text: string, start: number, end: number, language: Language): number[] {
  const sentences = sentenceEnds(text, start, end, language)
  const ends: number[] = []
  let from = start
  for (const breath of joinShort(text, start, sentences)) {
    if (breath.weight <= longestBreath) ends.push(breath.end)
    else cutLong(text, from, breath.end, language, ends)
    from = breath.end
  }
  return ends
}

/** Headings are one breath unless they are long: their title belongs to their number. */
export function headingEnds(text: string, start: number, end: number, language: Language): number[] {
  if (weightOf(text, start, end) <= longestBreath) return [end]
  return breathEnds(text, start, end, language)
}

function joinShort(text: string, start: number, ends: readonly number[]): Breath[] {
  const joined: Breath[] = []
  let current = breathOf(text, start, ends[0] ?? start)
  for (let i = 1; i <= ends.length; i++) {
    const end = ends[i]
    const next = end === undefined ? undefined : breathOf(text, current.end, end)
    const before = joined.at(-1)
    const back = before === undefined ? 0 : attraction(text, before, current)
    const forth = next === undefined ? 0 : attraction(text, current, next)
    if (isShort(current) && before !== undefined && back > 0 && back >= forth) {
      joined[joined.length - 1] = together(before, current)
    } else if (next !== undefined && isShort(current) && forth > 0) {
      current = together(current, next)
      continue
    } else joined.push(current)
    if (next !== undefined) current = next
  }
  return joined
}

function isShort(breath: Breath): boolean {
  return breath.weight < short || !breath.speakable
}

/** How gladly two neighbours, one of which is short, are joined: 0 not at all; more within a speech, and with the shorter. */
function attraction(text: string, a: Breath, b: Breath): number {
  const weight = a.weight + b.weight
  if (weight > longestBreath) return 0
  const forced = Math.min(a.weight, b.weight) < veryShort || !a.speakable || !b.speakable
  const same = !changesSpeaker(text, b.start)
  if (!same && !forced) return 0
  return (same ? 2 : 1) + 1 / weight
}

/** How far from a boundary a quotation mark is looked for, in characters. */
const reach = 50

/** Whether a speech ends before `at` or begins there. */
function changesSpeaker(text: string, at: number): boolean {
  let before = at - 1
  while (before > 0 && at - before < reach && traitsAt(text, before) & space) before--
  if (isQuote(text, before) && traitsAt(text, before) & closer) return true
  let after = at
  while (after < text.length && after - at < reach && (traitsAt(text, after) & (letter | attached)) === 0) {
    if (isQuote(text, after) && traitsAt(text, after) & opener) return true
    after++
  }
  return false
}

function isQuote(text: string, at: number): boolean {
  return '"\'“”‘’«»„「」『』'.includes(text[at] ?? ' ')
}

function breathOf(text: string, start: number, end: number): Breath {
  return { start, end, weight: weightOf(text, start, end), speakable: isSpeakable(text, start, end) }
}

function together(a: Breath, b: Breath): Breath {
  return {
    start: a.start,
    end: b.end,
    weight: a.weight + b.weight,
    speakable: a.speakable || b.speakable,
  }
}
