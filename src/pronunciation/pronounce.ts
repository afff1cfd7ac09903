import { annotate, type PronunciationOverride } from '../novel/pronunciation-annotations.ts'
import { type Edit, type Segment, type SegmentedChapter, sourceRange } from '../novel/segment.ts'
import { primarySubtag } from '../novel/voice.ts'
import { findHeteronyms, heteronymWords } from './english/heteronyms.ts'
import { findInterjections } from './interjections.ts'
import type { Lexicon } from './lexicon.ts'
import { findStutters } from './stutters.ts'
import { heteronym, interjection, listed, stutter, WordFilter } from './word-scan.ts'

/**
 * Annotates words whose spelling does not determine their pronunciation: by the lexicon, which users can extend, and in
 * English by context. The text is unchanged; only the spoken text carries the phonemes.
 */
export function pronounceChapter(
  chapter: SegmentedChapter,
  language: string,
  lexicon: Lexicon,
): SegmentedChapter {
  const code = primarySubtag(language)
  const filter = filterFor(lexicon, code)
  const segments = chapter.segments.map((segment) => {
    const overrides = overridesIn(segment.spoken, filter.kindsIn(segment.spoken), code, lexicon)
    return overrides.length === 0 ? segment : applyOverrides(segment, overrides)
  })
  return { ...chapter, segments }
}

const filters = new WeakMap<Lexicon, Map<string, WordFilter>>()

function filterFor(lexicon: Lexicon, code: string): WordFilter {
  const byLanguage = filters.get(lexicon) ?? new Map<string, WordFilter>()
  filters.set(lexicon, byLanguage)
  let filter = byLanguage.get(code)
  if (filter === undefined) {
    filter = new WordFilter([
      ...Array.from(lexicon.wordsOf(code), (word) => [word, listed] as const),
      ...(code === 'en' ? heteronymWords() : []).map((word) => [word, heteronym] as const),
    ])
    byLanguage.set(code, filter)
  }
  return filter
}

/** Overrides in order and without overlap; the lexicon has priority over the rules. */
function overridesIn(text: string, kinds: number, code: string, lexicon: Lexicon): PronunciationOverride[] {
  if (kinds === 0) return []
  const found = [
    ...(kinds & listed ? lexicon.overridesIn(text, code) : []),
    ...(kinds & stutter ? findStutters(text, code) : []),
    ...(kinds & interjection ? findInterjections(text, code) : []),
    ...(kinds & heteronym ? findHeteronyms(text) : []),
  ]
  const overrides: PronunciationOverride[] = []
  for (const override of found.toSorted((a, b) => a.start - b.start)) {
    if (override.start >= (overrides.at(-1)?.end ?? 0)) overrides.push(override)
  }
  return overrides
}

/** Applies overrides to a segment's spoken text; one that partly overlaps an edit is skipped. */
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
    const replacement = words ?? (phonemes === undefined ? word : annotate(word, phonemes))
    const source = sourceRange(segment, start, end)
    spoken += text.slice(at, start)
    made.push([
      source.start - segment.start,
      source.end - segment.start,
      spoken.length,
      spoken.length + replacement.length,
    ])
    spoken += replacement
    at = end
  }
  for (const edit of edits.slice(next)) keep(edit)
  return { ...segment, spoken: spoken + text.slice(at), edits: made }
}
