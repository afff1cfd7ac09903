import { type Edit, type Segment, type SegmentedChapter, sourceRange } from '../novel/segment.ts'
import { annotate, type PronunciationOverride } from '../novel/pronunciation-annotations.ts'
import { primarySubtag } from '../novel/voice.ts'
import { heteronymWords, findHeteronyms } from './english/heteronyms.ts'
import { findInterjections } from './interjections.ts'
import type { Lexicon } from './lexicon.ts'
import { findStutters } from './stutters.ts'
import { heteronym, interjection, listed, stutter, WordFilter } from './word-scan.ts'

/**
 * Says how words are pronounced where their spelling does not tell: by the lexicon, which a reader can extend, and in
 * English by the words around them. The text stays as it is; only what is spoken carries the phonemes.
 */
export function pronounceChapter(
  chapter: SegmentedChapter,
  language: string,
  lexicon: Lexicon,
): SegmentedChapter {
  const code = primarySubtag(language)
  const scan = scanFor(lexicon, code)
  const segments = chapter.segments.map((segment) => {
    const sayings = overridesIn(segment.spoken, scan.kindsIn(segment.spoken), code, lexicon)
    return sayings.length === 0 ? segment : applyOverrides(segment, sayings)
  })
  return { ...chapter, segments }
}

const scans = new WeakMap<Lexicon, Map<string, WordFilter>>()

function scanFor(lexicon: Lexicon, code: string): WordFilter {
  const known = scans.get(lexicon) ?? new Map<string, WordFilter>()
  scans.set(lexicon, known)
  let scan = known.get(code)
  if (scan === undefined) {
    scan = new WordFilter([
      ...Array.from(lexicon.wordsOf(code), (word) => [word, listed] as const),
      ...(code === 'en' ? heteronymWords() : []).map((word) => [word, heteronym] as const),
    ])
    known.set(code, scan)
  }
  return scan
}

/** In order and without overlap; what a reader wrote goes before the rules. */
function overridesIn(text: string, kinds: number, code: string, lexicon: Lexicon): PronunciationOverride[] {
  if (kinds === 0) return []
  const found = [
    ...(kinds & listed ? lexicon.overridesIn(text, code) : []),
    ...(kinds & stutter ? findStutters(text, code) : []),
    ...(kinds & interjection ? findInterjections(text, code) : []),
    ...(kinds & heteronym ? findHeteronyms(text) : []),
  ]
  const sayings: PronunciationOverride[] = []
  for (const saying of found.toSorted((a, b) => a.start - b.start)) {
    if (saying.start >= (sayings.at(-1)?.end ?? 0)) sayings.push(saying)
  }
  return sayings
}

/** The segment with these sayings in its spoken text; one that cuts through an edit is left out. */
function applyOverrides(segment: Segment, overrides: readonly PronunciationOverride[]): Segment {
  const { edits, spoken: text } = segment
  const made: Edit[] = []
  let spoken = ''
  let at = 0
  let next = 0
  const keep = ([start, end, from, to]: Edit): void => {
    const shift = spoken.length - at
    made.push([start, end, from + shift, to + shift])
  }
  for (const { start, end, phonemes, words } of overrides) {
    let inside = next
    while (inside < edits.length && edits[inside]![3] <= start) inside++
    let past = inside
    while (past < edits.length && edits[past]![2] < end) past++
    const covered = edits.slice(inside, past)
    if (covered.some(([, , from, to]) => from < start || to > end)) continue
    for (const edit of edits.slice(next, inside)) keep(edit)
    next = past
    const word = text.slice(start, end)
    const said = words ?? (phonemes === undefined ? word : annotate(word, phonemes))
    const source = sourceRange(segment, start, end)
    spoken += text.slice(at, start)
    made.push([
      source.start - segment.start,
      source.end - segment.start,
      spoken.length,
      spoken.length + said.length,
    ])
    spoken += said
    at = end
  }
  for (const edit of edits.slice(next)) keep(edit)
  return { ...segment, spoken: spoken + text.slice(at), edits: made }
}
