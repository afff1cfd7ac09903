import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ChapterCommandBody } from '../../src/http/contract/review-contract.ts'
import { keys } from '../keys.ts'
import { renewReading } from '../novel/renew-reading.ts'
import { usePolling } from '../live/live.tsx'
import { askReview, editChapters } from './review-api.ts'

export function useReview(novelId: string) {
  return useQuery({
    queryKey: keys.review(novelId),
    queryFn: ({ signal }) => askReview(novelId, signal),
    refetchInterval: usePolling(),
  })
}

/** Edits the chapters of a novel; the answer is how they are then. */
export function useEdit(novelId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (command: ChapterCommandBody | 'undo' | 'redo') => editChapters(novelId, command),
    onSuccess: async (review) => {
      await client.cancelQueries({ queryKey: keys.review(novelId) })
      client.setQueryData(keys.review(novelId), review)
      void client.invalidateQueries({ queryKey: keys.coverage(novelId) })
      void client.invalidateQueries({ queryKey: keys.heard(novelId) })
      void renewReading(client, novelId)
    },
  })
}

export type Edit = ReturnType<typeof useEdit>
