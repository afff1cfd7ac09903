import type { ChapterListed } from '../../../src/http/contract/novel-contract.ts'

/** Seconds that a character takes while nothing of a book is spoken: 160 words a minute. */
const usualPerCharacter = 1 / 16

/**
 * Seconds of sound that are left of a book: of the chapter that is heard, and of the narrated ones after it, by their length
 * where all of them is spoken and by their characters where it is not.
 */
export function leftOfBook(
  chapters: readonly ChapterListed[],
  chapterNumber: number,
  leftOfChapter: number,
): number {
  const spoken = chapters.filter(({ seconds, characters }) => seconds !== undefined && characters > 0)
  const characters = spoken.reduce((sum, each) => sum + each.characters, 0)
  const seconds = spoken.reduce((sum, each) => sum + (each.seconds ?? 0), 0)
  const perCharacter = characters > 0 ? seconds / characters : usualPerCharacter
  return chapters
    .filter(({ number, narrated, segmentsTotal }) => number > chapterNumber && narrated && segmentsTotal > 0)
    .reduce((sum, each) => sum + (each.seconds ?? each.characters * perCharacter), leftOfChapter)
}
