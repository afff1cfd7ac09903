import type { QueryClient } from '@tanstack/react-query'
import type { ChapterListed } from '../../src/http/contract.ts'
import { keys } from '../keys.ts'
import type { NovelWithChapters } from '../queries.ts'
import type { PlayerState } from './player-state.ts'

/** The next chapter that is narrated, in reading order. */
export function chapterAfter(chapters: readonly ChapterListed[], number: number): ChapterListed | undefined {
  return chapters.find((each) => each.number > number && each.narrated && each.segmentsTotal > 0)
}

/** Whether there is something to hear now. A single sentence of what nobody asked for is a heading that another book shares. */
export function hasSound({ segmentsDone, status }: Pick<ChapterListed, 'segmentsDone' | 'status'>): boolean {
  return segmentsDone > (status === 'none' ? 1 : 0)
}

/** Whether there is something to hear, or will be without anybody asking. */
export function canBeHeard(chapter: ChapterListed): boolean {
  const { status } = chapter
  return hasSound(chapter) || status === 'pending' || status === 'running' || status === 'paused'
}

/** The chapter that plays, as the novel's list has it; the event stream keeps the list up to date. */
export function listedChapter(
  client: QueryClient,
  { novel, chapterNumber }: Pick<PlayerState, 'novel' | 'chapterNumber'>,
): ChapterListed | undefined {
  const known = novel && client.getQueryData<NovelWithChapters>(keys.novel(novel.id))
  return known?.chapters.find(({ number }) => number === chapterNumber)
}
