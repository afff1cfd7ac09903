import { useQuery } from '@tanstack/react-query'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { AnswerError } from '../answer-error.ts'
import { api } from '../api.ts'
import { usePolling } from '../live/live.tsx'
import { keys } from '../keys.ts'

/** A novel can be asked for its exports whenever a chapter is finished, but no more often than this. */
const exportsEvery = 10_000
const recordingEvery = 2000

/** What shapes the files of a novel: when it changes, they have other bytes. */
export function contentOf({ title, author }: Novel, chapters: readonly ChapterListed[]): string {
  const narrated = chapters.filter((chapter) => chapter.narrated)
  const done = narrated.filter(({ status }) => status === 'completed').map(({ number }) => number)
  return JSON.stringify([title, author, narrated.length, done])
}

/** The forms in which a novel can be had, asked for again when its content is another than it was. */
export function useExports({ id, voice, speed }: Novel, content: string) {
  const polling = usePolling(exportsEvery, exportsEvery)
  return useQuery({
    queryKey: keys.exports(id, voice, speed),
    queryFn: async ({ signal }) => ({ content, forms: await api.exports(id, signal) }),
    refetchInterval: ({ state }) => (state.data?.content === content ? false : polling),
  })
}

/**
 * A form that has to be made. It is not asked for until `refetch` is called, and from then on again and again until it
 * is there; one that was there is asked for again when the novel's content is another.
 */
export function useRecording(address: string, { voice, speed }: Novel, content: string) {
  const polling = usePolling(recordingEvery, recordingEvery)
  return useQuery({
    queryKey: keys.recording(address, voice, speed),
    queryFn: async ({ signal }) => ({ content, made: await api.recording(address, signal) }),
    enabled: ({ state }) => state.data !== undefined,
    refetchInterval: ({ state: { data, error } }) => {
      const there = data?.made.there === true && data.content === content
      // What the server refuses is asked for by a person; a server that is gone comes back.
      const refused = error instanceof AnswerError && error.status !== 0
      return there || refused ? false : polling
    },
    retry: false,
  })
}

export function useFeed(id: string) {
  return useQuery({ queryKey: keys.feed(id), queryFn: ({ signal }) => api.feed(id, signal) })
}
