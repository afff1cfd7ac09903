import { type Cast, lineAnchor } from '../novel/cast.ts'
import type { Block } from '../novel/novel.ts'
import type { Segment } from '../novel/segment.ts'
import type { SpokenLine } from './cast-segments.ts'

/**
 * Where the sentences with a voice of their own stand in a chapter, in order and without overlap. One is found by its text
 * and what stands around it, so it stays with its place whatever becomes of the segments and of the chapter's number.
 */
export function ownVoices({ sentences = {} }: Cast, blocks: readonly Block[]): SpokenLine[] {
  const found: SpokenLine[] = []
  for (const [anchor, { role, text }] of Object.entries(sentences)) {
    const place = placeOf(blocks, anchor, text)
    if (place) found.push({ ...place, role })
  }
  found.sort((one, other) => one.block - other.block || one.start - other.start)
  return found.filter(({ block, start }, at) => {
    const before = found[at - 1]
    return before?.block !== block || before.end <= start
  })
}

/** Where a text stands whose `lineAnchor` is this one. */
function placeOf(blocks: readonly Block[], anchor: string, text: string) {
  for (const [block, { text: whole }] of blocks.entries()) {
    for (let start = whole.indexOf(text); start >= 0; start = whole.indexOf(text, start + 1)) {
      const place = { block, start, end: start + text.length }
      if (lineAnchor(blocks, place) === anchor) return place
    }
  }
  return undefined
}

/** The lines without what stands in sentences that have a voice of their own, and these. */
export function withOwnVoices(
  lines: readonly SpokenLine[],
  own: readonly SpokenLine[],
): readonly SpokenLine[] {
  if (own.length === 0) return lines
  const rest = lines.flatMap((line) => {
    let parts = [line]
    for (const { block, start, end } of own) {
      if (block !== line.block) continue
      parts = parts.flatMap((part) => [
        ...(part.start < start ? [{ ...part, end: Math.min(part.end, start) }] : []),
        ...(part.end > end ? [{ ...part, start: Math.max(part.start, end) }] : []),
      ])
    }
    return parts
  })
  return [...rest, ...own].toSorted((one, other) => one.block - other.block || one.start - other.start)
}

/** The roles that segments have, as lines: of a chapter that no analysis has read. Without those of single sentences. */
export function linesOfSegments(
  segments: readonly Segment[],
  { characters, dialogue }: Pick<Cast, 'characters' | 'dialogue'>,
): SpokenLine[] {
  const known = new Set([...(dialogue === undefined ? [] : [1]), ...characters.map(({ role }) => role)])
  return segments.flatMap(({ block, start, end, role }) =>
    role !== undefined && known.has(role) ? [{ block, start, end, role }] : [],
  )
}
