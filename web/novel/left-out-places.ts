import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import { standsApart } from './chapter-text.ts'
import { holdsText } from './left-out.ts'

/** A text that was left out of a chapter, and could be read aloud. */
export interface LeftOut {
  /** By which the server knows it. */
  readonly index: number
  readonly reason: Chapter['skips'][number]['reason']
  readonly text: string
  /** Index of the block before which it stands; there its paragraphs come to stand. */
  readonly before: number
}

/** An image that stands between two blocks. */
export interface PlacedImage {
  readonly image: NonNullable<Chapter['skips'][number]['image']>
  /** The words that stand for it. */
  readonly alt: string
  /** Index of it among the skips. */
  readonly index: number
}

/** The images between blocks: by `before 3` and `behind 3`, where 3 is the index of a block. */
export function imagePlaces({
  blocks,
  skips,
}: Pick<Chapter, 'blocks' | 'skips'>): ReadonlyMap<string, readonly PlacedImage[]> {
  const all = skips.flatMap(({ block, start, image, text = '' }, index) => {
    const own = blocks[block]?.text ?? ''
    if (!image || !standsApart({ start, image }, own)) return []
    return [{ image, alt: text, index, place: `${start === 0 && own !== '' ? 'before' : 'behind'} ${block}` }]
  })
  return Map.groupBy(all, ({ place }) => place)
}

function placeOf({ block, start }: Chapter['skips'][number], blocks: Chapter['blocks']): number {
  // A scene break has no text: what stands there stands behind it.
  const opens = start === 0 && blocks[block]?.text !== ''
  return Math.min(opens ? block : block + 1, blocks.length)
}

/** The texts that were left out, by the block before which they stand. Those after the last block are at its end. */
export function leftOutPlaces({
  blocks,
  skips,
}: Pick<Chapter, 'blocks' | 'skips'>): ReadonlyMap<number, readonly LeftOut[]> {
  const all = skips.flatMap((skip, index): LeftOut[] => {
    if (!holdsText(skip)) return []
    const { reason, text = '' } = skip
    return [{ index, reason, text, before: placeOf(skip, blocks) }]
  })
  return Map.groupBy(all, ({ before }) => before)
}
