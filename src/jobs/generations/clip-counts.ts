import type { Casting } from '../../novel/casting.ts'
import type { ClipCounts } from '../../storage/queries/progress-queries.ts'

export const zeroCounts: ClipCounts = { done: 0, frames: 0, bytes: 0, checksums: 0, setAside: 0 }

export function sumCounts(counts: readonly ClipCounts[]): ClipCounts {
  const sum = { ...zeroCounts }
  for (const { done, frames, bytes, checksums, setAside } of counts) {
    sum.done += done
    sum.frames += frames
    sum.bytes += bytes
    sum.checksums += checksums
    sum.setAside += setAside
  }
  return sum
}

/** What other servers have to know of what was written here. */
export interface CountsListener {
  /** Counts of these chapters (ids) changed. */
  onChange(chapterIds: readonly number[]): void
  onClipsDeleted(): void
}

interface KnownCounts {
  known(castingId: string, chapterId: number): ClipCounts | undefined
}

/**
 * Whether one of these chapters is known to lack segments: then none has to be counted to tell that they are not done.
 * Where other servers speak too, they change the counts of many chapters all the time.
 */
export function isKnownToLack(
  counts: KnownCounts,
  { id: castingId }: Casting,
  chapters: readonly { readonly id: number; readonly segmentCount: number }[],
): boolean {
  return chapters.some(({ id, segmentCount }) => {
    const known = counts.known(castingId, id)
    return known !== undefined && known.done + known.setAside < segmentCount
  })
}
