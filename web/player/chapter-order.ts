import type { ChapterListed } from '../../src/http/contract.ts'

/** The next chapter that is narrated, in reading order. */
export function chapterAfter(chapters: readonly ChapterListed[], number: number): ChapterListed | undefined {
  return chapters.find((each) => each.number > number && each.narrated && each.segmentsTotal > 0)
}

/** Whether there is something to hear, or will be without anybody asking. */
export function canBeHeard({ segmentsDone, status }: ChapterListed): boolean {
  return segmentsDone > 0 || status === 'pending' || status === 'running' || status === 'paused'
}
