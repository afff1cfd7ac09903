/** How many chapters are kept spoken ahead of a listener if nobody says otherwise, and at most. */
export const usuallyAhead = 20
export const mostAhead = 500

interface WindowChapter {
  readonly number: number
  readonly narrated: number
  readonly segmentCount: number
}

/** Where somebody listens. */
export interface ListeningPlace {
  /** 0: nowhere yet. */
  readonly chapterNumber: number
  /** Segments heard, by chapter number. */
  readonly heard: ReadonlyMap<number, number>
}

/**
 * The chapters that are to be spoken, in reading order: of each place the chapter itself and the `ahead` narrated ones
 * after it, not counting those that are heard already. Nobody listens yet: the first `ahead`.
 */
export function readingWindow<Chapter extends WindowChapter>(
  chapters: readonly Chapter[],
  places: readonly ListeningPlace[],
  ahead: number,
): Chapter[] {
  const narrated = chapters.filter((chapter) => chapter.narrated === 1 && chapter.segmentCount > 0)
  const wanted = new Set<number>()
  for (const { chapterNumber, heard } of places.length > 0 ? places : [nowhere]) {
    let left = ahead
    for (const { number, segmentCount } of narrated) {
      if (number === chapterNumber) wanted.add(number)
      if (number <= chapterNumber || (heard.get(number) ?? 0) >= segmentCount) continue
      if (left-- === 0) break
      wanted.add(number)
    }
  }
  return narrated.filter(({ number }) => wanted.has(number))
}

const nowhere: ListeningPlace = { chapterNumber: 0, heard: new Map() }
