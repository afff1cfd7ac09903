import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Progress } from '../src/http/contract/generation-contract.ts'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import type { HeardRange } from '../src/http/contract/heard-contract.ts'
import { AnswerError, isUnanswered } from './answer-error.ts'
import { api } from './api.ts'
import type { NovelWithChapters } from './cached-answers.ts'
import { contact } from './contact.ts'
import { keys } from './keys.ts'
import { usePolling } from './live/live.tsx'

const shelfPage = 60

export function useShelf(search: string) {
  return useInfiniteQuery({
    queryKey: keys.shelf(search),
    queryFn: ({ pageParam, signal }) => api.novels(search, pageParam, shelfPage, signal),
    initialPageParam: 0,
    getNextPageParam: (last: Novel[], pages: Novel[][]) =>
      last.length < shelfPage ? undefined : pages.length * shelfPage,
    placeholderData: (before) => before,
    refetchInterval: usePolling(),
  })
}

export function novelQuery(id: string) {
  return {
    queryKey: keys.novel(id),
    queryFn: ({ signal }: { signal: AbortSignal }): Promise<NovelWithChapters> => api.novel(id, signal),
  }
}

export function useNovel(id: string, enabled = true) {
  return useQuery({ ...novelQuery(id), enabled, refetchInterval: usePolling() })
}

export function chapterQuery(id: string, number: number) {
  return {
    queryKey: keys.chapter(id, number),
    queryFn: ({ signal }: { signal: AbortSignal }) => api.chapter(id, number, signal),
  }
}

export function useChapter(id: string, number: number) {
  return useQuery({ ...chapterQuery(id, number), refetchInterval: usePolling() })
}

/** Which segments of a chapter were heard. */
export function useHeardRanges(id: string, number: number): readonly HeardRange[] | undefined {
  const { data } = useQuery({
    queryKey: keys.heard(id),
    queryFn: ({ signal }) => api.heard(id, signal),
    enabled: id !== '',
  })
  return data?.find(({ chapterNumber }) => chapterNumber === number)?.ranges
}

export function useProgress(id: string) {
  const polling = usePolling()
  return useQuery({
    queryKey: keys.progress(id),
    queryFn: ({ signal }) => api.progress(id, signal),
    refetchInterval: ({ state }) => (isOver(state.data) ? false : polling),
  })
}

export function useQueue() {
  return useQuery({
    queryKey: keys.queue,
    queryFn: ({ signal }) => api.queue(signal),
    refetchInterval: usePolling(),
  })
}

export function useVoices() {
  return useQuery({
    queryKey: keys.voices,
    queryFn: ({ signal }) => api.voices(signal),
    staleTime: 5 * 60_000,
    refetchInterval: usePolling(),
  })
}

/** All voices that can be installed, or those that answer to the search. */
export function useCatalogue(search: string) {
  return useQuery({
    queryKey: keys.catalogue(search),
    queryFn: ({ signal }) => api.catalogue(search, signal),
    placeholderData: (before) => before,
    refetchInterval: usePolling(),
  })
}

/** The natural voices that can be had for a language. */
export function useOffers(language: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.offers(language),
    queryFn: ({ signal }) => api.offers(language, signal),
    staleTime: 60_000,
    enabled,
  })
}

/** What is being installed and what was, the latest first. */
export function useInstalls() {
  return useQuery({
    queryKey: keys.installs,
    queryFn: ({ signal }) => api.installs(signal),
    // Faster than other things: somebody watches bytes arrive.
    refetchInterval: usePolling(false, 2000),
  })
}

export function useSpeechServers(enabled = true) {
  return useQuery({
    queryKey: keys.servers,
    queryFn: ({ signal }) => api.speechServers(signal),
    enabled,
    refetchInterval: usePolling(),
  })
}

/** Who speaks. How fast, and when it was last heard of, is told by no event. */
export function useMachines() {
  return useQuery({
    queryKey: keys.machines,
    queryFn: ({ signal }) => api.machines(signal),
    refetchInterval: usePolling(10_000),
  })
}

/**
 * Asking again helps when the server was not reached or was busy, never when it said no. One that is known to be away is
 * asked again when it is back.
 */
export function worthRetrying(failures: number, error: unknown): boolean {
  if (isUnanswered(error) && contact.isLost()) return false
  return failures < 2 && !(error instanceof AnswerError && error.status >= 400 && error.status < 500)
}

/** Whether an address leads to nothing: what was there is deleted, or it was mistyped. */
export function leadsNowhere(error: unknown): error is AnswerError {
  return error instanceof AnswerError && (error.status === 404 || error.status === 400)
}

export function isOver(progress: Pick<Progress, 'status'> | undefined): boolean {
  return progress !== undefined && ['completed', 'failed', 'cancelled'].includes(progress.status)
}
