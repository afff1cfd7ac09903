import type { Chapter } from '../../src/http/contract/novel-contract.ts'
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

/** The texts that were left out, by the block before which they stand. Those after the last block are at its end. */
export function leftOutPlaces({
  blocks,
  skips,
}: Pick<Chapter, 'blocks' | 'skips'>): ReadonlyMap<number, readonly LeftOut[]> {
  const all = skips.flatMap((skip, index): LeftOut[] => {
    if (!holdsText(skip)) return []
    const { block, start, reason, text = '' } = skip
    // A scene break has no text: what stands there stands behind it.
    const opens = start === 0 && blocks[block]?.text !== ''
    return [{ index, reason, text, before: Math.min(opens ? block : block + 1, blocks.length) }]
  })
  return Map.groupBy(all, ({ before }) => before)
}
