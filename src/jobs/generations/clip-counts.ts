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
