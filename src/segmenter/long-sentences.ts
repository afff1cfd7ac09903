import {
  attached,
  closer,
  isSpeakable,
  letter,
  space,
  terminator,
  traitsAt,
  weightAt,
  weightOf,
  wide,
} from './characters.ts'
import type { LanguageRules } from './languages.ts'

/** In Latin letters: about 17 seconds. A longer sentence is cut where it has a pause. */
export const longestUtterance = 250
/** A sentence up to this is left whole rather than cut where it has no pause. */
const hardUtteranceLimit = 350
/** No cut leaves a piece shorter than this. */
const shortestChunk = 25

const byWord = new Intl.Segmenter('und', { granularity: 'word' })
const byGrapheme = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Appends to `ends` where the pieces of a long sentence `[start, end)` end. */
export function splitLongSentence(text: string, start: number, end: number, language: LanguageRules, ends: number[]): void {
  const weight = weightOf(text, start, end)
  const cut = weight <= longestUtterance ? end : bestCut(text, start, end, weight, language)
  if (cut >= end) {
    ends.push(end)
    return
  }
  splitLongSentence(text, start, cut, language, ends)
  splitLongSentence(text, cut, end, language, ends)
}

/** The cut of the best kind nearest the middle; `end` if the sentence is better left whole. */
function bestCut(text: string, start: number, end: number, weight: number, language: LanguageRules): number {
  const best: Cut[] = []
  let passed = 0
  for (let i = start; i < end; i++) {
    const kind =
      i === start || traitsAt(text, i) & attached ? undefined : kindOfCut(text, start, i, end, language)
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
  /** Weight between it and the middle. */
  readonly off: number
}

/**
 * What kind of cut before `at` is: 0 after ; : — … or at the end of a line of verse, 1 after a comma, 2 before a
 * conjunction, 3 after a space; `undefined` if none.
 */
function kindOfCut(
  text: string,
  start: number,
  at: number,
  end: number,
  language: LanguageRules,
): 0 | 1 | 2 | 3 | undefined {
  if (traitsAt(text, at - 1) & letter) return undefined
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

/** A cut where there is not even a space: between words (Thai, Chinese), else between graphemes, else code points. */
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
