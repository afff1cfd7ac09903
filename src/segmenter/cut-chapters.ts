import type { Block } from '../novel/novel.ts'
import type { Segment } from '../novel/segment.ts'
import type { SegmentedText } from './restored-segments.ts'

/**
 * Two chapters as one. All segments stay as they are but the second chapter's first, which has no silence before it any
 * more.
 */
export function mergeTexts(first: SegmentedText, second: SegmentedText): SegmentedText {
  const shift = first.blocks.length
  const moved = <Placed extends { readonly block: number }>(one: Placed): Placed => ({
    ...one,
    block: one.block + shift,
  })
  const opens = hasOpening(first) || (first.segments.length === 0 && hasOpening(second))
  return {
    blocks: [...first.blocks, ...second.blocks],
    skips: [...first.skips, ...second.skips.map(moved)],
    segments: withOpening([...first.segments, ...second.segments.map(moved)], opens),
  }
}

/** A chapter as two, the second from a block on: only its first segment changes, which has silence before it then. */
export function splitText(text: SegmentedText, block: number): readonly [SegmentedText, SegmentedText] {
  const opens = hasOpening(text)
  const part = (from: number, to: number): SegmentedText => {
    const within = <Placed extends { readonly block: number }>(placed: readonly Placed[]): Placed[] =>
      placed
        .filter((one) => one.block >= from && one.block < to)
        .map((one) => ({ ...one, block: one.block - from }))
    return {
      blocks: text.blocks.slice(from, to),
      skips: within(text.skips),
      segments: withOpening(within(text.segments), opens),
    }
  }
  // What was removed behind the last block stands there still.
  return [part(0, block), part(block, Math.max(text.blocks.length, lastBlock(text) + 1))]
}

const longestTitle = 200

/** What a chapter that begins with this block may be called; `undefined`: it has no heading. */
export function titleOfBlock(block: Block | undefined): string | undefined {
  if (block?.kind !== 'heading') return undefined
  const title = block.text.replaceAll(/\s+/g, ' ').trim()
  return title === '' || title.length > longestTitle ? undefined : title
}

/** Novels imported before there was silence before chapters have none. */
function hasOpening({ segments }: SegmentedText): boolean {
  return segments[0]?.opening === true
}

function withOpening(segments: readonly Segment[], opens: boolean): Segment[] {
  return segments.map((segment, at) => {
    if (at === 0 && opens) return { ...segment, opening: true }
    const { opening, ...rest } = segment
    return opening === undefined ? segment : rest
  })
}

function lastBlock({ skips }: SegmentedText): number {
  return skips.reduce((last, { block }) => Math.max(last, block), 0)
}
