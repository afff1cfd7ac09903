import type { Block, Skip } from '../../../novel/novel.ts'
import type { Segment } from '../../../novel/segment.ts'
import { isRestorable, skippedText } from '../../../novel/skip-texts.ts'
import { type AlignedRun, alignTexts } from '../../../novel/text-alignment.ts'
import { restoreSkip, type SegmentedText } from '../../../segmenter/restored-segments.ts'
import { type Sentence, sentencesOf, textAt, TextNumbers } from './sentences.ts'

/** Segments a chapter as an import does. */
export type CutSegments = Parameters<typeof restoreSkip>[2]

/**
 * The new text of a chapter with all that the old one has of what did not change: how its sentences are cut, for several voices
 * too, and, with `cut`, what was restored in it.
 */
export function graftedText(old: SegmentedText, fresh: SegmentedText, cut?: CutSegments): SegmentedText {
  const text = cut ? withRestored(old, fresh, cut) : fresh
  const numbers = new TextNumbers()
  const textsOf = (blocks: readonly Block[]): number[] => blocks.map((block) => numbers.of(block.text))
  const oldBlock = placesOf(alignTexts(textsOf(old.blocks), textsOf(text.blocks)))
  const pieces = new Map(spokenPieces(old).map((piece) => [keyOf(piece), piece]))
  const segments: Segment[] = []
  const skips: Skip[] = []
  const own = [Map.groupBy(old.segments, at), Map.groupBy(text.segments, at)] as const
  const left = [Map.groupBy(old.skips, at), Map.groupBy(text.skips, at)] as const
  const blocks = Math.max(text.blocks.length, ...text.skips.map(({ block }) => block + 1))
  for (let block = 0; block < blocks; block++) {
    const [from, here] = [oldBlock.get(block), own[1].get(block) ?? []]
    const known = from === undefined ? undefined : own[0].get(from)
    const isSame = from !== undefined && (known !== undefined || here.length === 0)
    segments.push(...(isSame && known ? asInBlock(known, block, here) : reused(here, text, pieces)))
    const skipped = left[1].get(block) ?? []
    skips.push(...(isSame ? sameSkips(left[0].get(from) ?? [], skipped, block) : skipped))
  }
  return { blocks: text.blocks, skips, segments: withOpening(segments, old) }
}

const at = ({ block }: { readonly block: number }): number => block

function placesOf(runs: readonly AlignedRun[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>()
  for (const { from, to, length } of runs)
    for (let step = 0; step < length; step++) places.set(to + step, from + step)
  return places
}

/** The segments of a block that did not change; the pause behind it is that of the new text. */
function asInBlock(known: readonly Segment[], block: number, fresh: readonly Segment[]): Segment[] {
  const pause = fresh.at(-1)?.pause
  return known.map((segment, nth) => ({
    ...segment,
    block,
    ...(pause !== undefined && nth === known.length - 1 && { pause }),
  }))
}

/** The new images and notes, and what else the old text left out. */
function sameSkips(old: readonly Skip[], fresh: readonly Skip[], block: number): Skip[] {
  const isOfFile = ({ image }: Skip): boolean => image !== undefined
  return [
    ...old.filter((skip) => !isOfFile(skip)).map((skip) => ({ ...skip, block })),
    ...fresh.filter(isOfFile).map((skip): Skip => {
      // Words of an image that were restored are paragraphs.
      const known = old.find((each) => each.image?.name === skip.image?.name)
      if (!known || known.text !== undefined) return skip
      const { text, ...rest } = skip
      return text === undefined ? skip : rest
    }),
  ].toSorted((one, other) => one.start - other.start)
}

/** A sentence that was cut for several voices. */
interface SpokenPiece extends Sentence {
  readonly segments: readonly Segment[]
}

function spokenPieces({ blocks, segments }: SegmentedText): SpokenPiece[] {
  return sentencesOf(blocks, segments).flatMap((sentence) => {
    const own = segments.slice(sentence.first, sentence.last + 1)
    return own.some(({ role }) => role !== undefined) ? [{ ...sentence, segments: own }] : []
  })
}

const keyOf = ({ text }: Sentence): string => text

/** Sentences of a block that changed; one that the old text has too is cut as there. */
function reused(
  fresh: readonly Segment[],
  { blocks }: SegmentedText,
  pieces: ReadonlyMap<string, SpokenPiece>,
): Segment[] {
  return fresh.flatMap((segment): Segment[] => {
    const { block, start, end, pause } = segment
    const known = pieces.get(textAt(blocks, segment))
    if (!known) return [segment]
    const shift = start - known.start
    return known.segments.map((piece, nth) => ({
      ...piece,
      block,
      start: piece.start + shift,
      end: piece.end + shift,
      ...(piece.whole && { whole: { ...piece.whole, end } }),
      ...(nth === known.segments.length - 1 && { pause, end }),
    }))
  })
}

/** Paragraphs that somebody had restored from what the importer leaves out are restored in the new text too. */
function withRestored(old: SegmentedText, fresh: SegmentedText, cut: CutSegments): SegmentedText {
  const there = new Set(fresh.blocks.map(({ text }) => text))
  const restored = new Set(old.blocks.flatMap(({ text }) => (there.has(text) ? [] : [text])))
  let text = fresh
  for (let index = fresh.skips.length - 1; index >= 0 && restored.size > 0; index--) {
    const skip = fresh.skips[index]!
    if (skip.start < skip.end || !isRestorable(skip.reason, skippedText(fresh.blocks, skip))) continue
    const lines = (skip.text ?? '').split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim())
    const paragraphs = lines.filter((line) => line !== '')
    if (paragraphs.length === 0 || !paragraphs.every((line) => restored.has(line))) continue
    text = restoreSkip(text, index, cut) ?? text
  }
  return text
}

/** Novels imported before there was silence before chapters have none. */
function withOpening(segments: readonly Segment[], { segments: old }: SegmentedText): Segment[] {
  const opens = old.length === 0 || old[0]?.opening === true
  return segments.map((segment, nth) => {
    if (nth === 0 && opens) return { ...segment, opening: true }
    const { opening, ...rest } = segment
    return opening === undefined ? segment : rest
  })
}
