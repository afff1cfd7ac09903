import type { QueryClient } from '@tanstack/react-query'
import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'
import { chapterName, chapterNumbers } from '../element/chapter-names.ts'
import { keys } from '../keys.ts'
import type { NovelWithChapters } from '../cached-answers.ts'

/** The next chapter that is narrated, in reading order. */
export function chapterAfter(chapters: readonly ChapterListed[], number: number): ChapterListed | undefined {
  return chapters.find((each) => each.number > number && each.narrated && each.segmentsTotal > 0)
}

/** The narrated chapter before one. */
export function chapterBefore(chapters: readonly ChapterListed[], number: number): ChapterListed | undefined {
  return chapters.findLast((each) => each.number < number && each.narrated && each.segmentsTotal > 0)
}

/** Where listening to a novel begins or goes on: where it was left, else with its first chapter. */
export function chapterToHear(
  novel: { readonly position?: { readonly chapterNumber: number } | undefined },
  chapters: readonly ChapterListed[],
): ChapterListed | undefined {
  const left = chapters.find(({ number }) => number === novel.position?.chapterNumber)
  return left && left.segmentsTotal > 0 ? left : chapterAfter(chapters, 0)
}

/**
 * Whether a chapter is spoken (to its end) only if somebody asks. One that is paused as a part of its book is asked for
 * by itself; one with sentences set aside plays without them, unless there is nothing else of it.
 */
export function isToBeAskedFor({
  status,
  segmentsDone,
}: Pick<ChapterListed, 'status' | 'segmentsDone'>): boolean {
  if (status === 'failed') return segmentsDone === 0
  return status === 'none' || status === 'cancelled' || status === 'paused'
}

/** Whether a press on it brings sound: what is not spoken at all has to be asked for, by who may have it spoken. */
export function canBeHeard(
  chapter: Pick<ChapterListed, 'status' | 'segmentsDone' | 'segmentsTotal'>,
  mayChange: boolean,
): boolean {
  if (chapter.segmentsTotal === 0) return false
  return mayChange || chapter.segmentsDone > 0 || !isToBeAskedFor(chapter)
}

/** The chapter that plays, as the novel's list has it; the event stream keeps the list up to date. */
export function listedChapter(
  client: QueryClient,
  novelId: string,
  chapterNumber: number,
): ChapterListed | undefined {
  const known = client.getQueryData<NovelWithChapters>(keys.novel(novelId))
  return known?.chapters.find(({ number }) => number === chapterNumber)
}

/** What a chapter is called; empty until the page knows its book. */
export function nameOfChapter(client: QueryClient, novelId: string, chapterNumber: number): string {
  const { chapters = [] } = client.getQueryData<NovelWithChapters>(keys.novel(novelId)) ?? {}
  const chapter = chapters.find(({ number }) => number === chapterNumber)
  return chapter ? chapterName(chapter, chapterNumbers(chapters)) : ''
}
