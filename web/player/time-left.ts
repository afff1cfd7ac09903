import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'

/** Characters a second while nothing of a book is spoken and the server has not told it: 160 words a minute. */
const usualPace = 16

/**
 * Seconds of sound that are left of a book: of the chapter that is heard, and of the narrated ones after it, by their length
 * where all of them is spoken and by their characters where it is not. `pace`: characters a second, as long as nothing is spoken.
 */
export function leftOfBook(
  chapters: readonly ChapterListed[],
  chapterNumber: number,
  leftOfChapter: number,
  pace = usualPace,
): number {
  const spoken = chapters.filter(({ seconds, characters }) => seconds !== undefined && characters > 0)
  const characters = spoken.reduce((sum, each) => sum + each.characters, 0)
  const seconds = spoken.reduce((sum, each) => sum + (each.seconds ?? 0), 0)
  const perCharacter = characters > 0 ? seconds / characters : 1 / pace
  return chapters
    .filter(({ number, narrated, segmentsTotal }) => number > chapterNumber && narrated && segmentsTotal > 0)
    .reduce((sum, each) => sum + (each.seconds ?? each.characters * perCharacter), leftOfChapter)
}
