import type { Block, Skip, Chapter } from '../novel/novel.ts'
import type { Pause, Segment, SegmentedChapter } from '../novel/segment.ts'
import { utteranceEnds, headingEnds } from './utterances.ts'
import { isSpeakable } from './character-traits.ts'
import { rulesForLanguage, type LanguageRules } from './language-rules.ts'
import { spokenText } from './spoken/spoken-text.ts'

/**
 * Divides a chapter into segments of one utterance each. Segments and non-empty skips tile each block: every UTF-16
 * unit is in exactly one of them, white space in the segment before it. The chapter's own skips are kept; skips are
 * added for scene breaks and for text without a letter or digit that belongs to no sentence.
 */
export function segmentChapter(
  chapter: Pick<Chapter, 'blocks' | 'skips'>,
  language: string,
): SegmentedChapter {
  const rules = rulesForLanguage(language)
  const given = Map.groupBy(chapter.skips, (skip) => skip.block)
  const segments: SegmentDraft[] = []
  const skips: Skip[] = []
  let last: SegmentDraft | undefined
  for (const [index, block] of chapter.blocks.entries()) {
    const own = given.get(index) ?? []
    const found = cutBlock(block, index, own, rules)
    skips.push(...own, ...found.skips)
    if (last && (block.kind === 'heading' || separatesScenes(block, found))) last.pause = 'section'
    segments.push(...found.segments)
    const final = found.segments.at(-1)
    if (final === undefined) continue
    final.pause = block.kind === 'heading' ? 'section' : 'paragraph'
    last = final
  }
  if (last) last.pause = 'section'
  skips.push(...chapter.skips.filter((skip) => chapter.blocks[skip.block] === undefined))
  return { segments, skips }
}

/** A segment before its pause is set, which depends on what follows. */
interface SegmentDraft extends Segment {
  pause: Pause
}

interface CutBlock {
  readonly segments: readonly SegmentDraft[]
  /** Skips added by the segmenter. */
  readonly skips: readonly Skip[]
}

/** A scene break, which may have no text (a rule), or a paragraph of asterisks that is not marked as one. */
function separatesScenes({ kind }: Block, { segments, skips }: CutBlock): boolean {
  return kind === 'scene-break' || (segments.length === 0 && skips.length > 0)
}

function cutBlock(block: Block, index: number, given: readonly Skip[], language: LanguageRules): CutBlock {
  const segments: SegmentDraft[] = []
  const skips: Skip[] = []
  for (const [start, end] of gapsBetween(given, block.text.length)) {
    if (block.kind === 'scene-break') {
      skips.push({ block: index, start, end, reason: 'scene-break' })
      continue
    }
    const ends = endsOf(block, start, end, language)
    let from = start
    for (const to of ends) {
      const spokenForm = spokenText(block.text, from, to, language, block.kind, block.readings)
      if (spokenForm) segments.push({ block: index, start: from, end: to, ...spokenForm, pause: 'sentence' })
      else addUnspeakable(skips, index, from, to)
      from = to
    }
  }
  return { segments, skips }
}

function endsOf(
  { kind, text }: Block,
  start: number,
  end: number,
  language: LanguageRules,
): readonly number[] {
  if (!isSpeakable(text, start, end)) return [end]
  return kind === 'heading'
    ? headingEnds(text, start, end, language)
    : utteranceEnds(text, start, end, language)
}

/** Adds a skip for text without words; adjacent ones are merged. */
function addUnspeakable(skips: Skip[], block: number, start: number, end: number): void {
  const last = skips.at(-1)
  if (last?.end === start && last.reason === 'unspeakable') skips[skips.length - 1] = { ...last, end }
  else skips.push({ block, start, end, reason: 'unspeakable' })
}

/** The ranges of a block of `length` units that no given skip covers, in order. */
function gapsBetween(skips: readonly Skip[], length: number): (readonly [number, number])[] {
  const gaps: (readonly [number, number])[] = []
  let from = 0
  for (const { start, end } of [...skips].sort((a, b) => a.start - b.start)) {
    if (start === end) continue
    if (start > from) gaps.push([from, Math.min(start, length)])
    from = Math.max(from, end)
  }
  if (from < length) gaps.push([from, length])
  return gaps
}
