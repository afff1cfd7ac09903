import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { SpotList } from '../../src/http/contract/spot-contract.ts'
import { keys } from '../keys.ts'
import { usePolling } from '../live/live.tsx'
import { renewReading } from '../novel/renew-reading.ts'
import { askSpots, retakeSpot, settleSpot, takeSpotBack } from './spots-api.ts'

/** The spots of a novel that may not sound right. */
export function useSpots(novelId: string) {
  return useQuery({
    queryKey: keys.spots(novelId),
    queryFn: ({ signal }) => askSpots(novelId, signal),
    refetchInterval: usePolling(),
  })
}

/** `fine`, `check`: of use to the list alone; `retake`, `undo`: the sentence sounds otherwise afterwards. */
export interface SpotChange {
  readonly spotId: string
  readonly act: 'fine' | 'check' | 'retake' | 'undo'
}

export function useSpotChange(novelId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ spotId, act }: SpotChange): Promise<SpotList> =>
      act === 'retake'
        ? retakeSpot(novelId, spotId)
        : act === 'undo'
          ? takeSpotBack(novelId, spotId)
          : settleSpot(novelId, spotId, act === 'fine'),
    onSuccess: async (list, { act }) => {
      await client.cancelQueries({ queryKey: keys.spots(novelId) })
      client.setQueryData(keys.spots(novelId), list)
      if (act === 'retake' || act === 'undo') void renewReading(client, novelId)
    },
  })
}
