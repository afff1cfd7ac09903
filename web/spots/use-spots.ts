import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { t } from '@lingui/core/macro'
import type { Spot, SpotList } from '../../src/http/contract/spot-contract.ts'
import { keys } from '../keys.ts'
import { usePolling } from '../live/live.tsx'
import { renewReading } from '../novel/renew-reading.ts'
import { announce } from '../element/announce.ts'
import { askSpots, giveVoice, retakeSpot, settleSpot, takeSpotBack } from './spots-api.ts'

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

/** Gives the sentence of a spot another voice. */
export function useOtherVoice(novelId: string, spot: Pick<Spot, 'chapterNumber' | 'segment'>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (voice: string) => giveVoice(novelId, spot, voice),
    onSuccess: (cast) => {
      announce(cast.applied ? t`The sentence is spoken by it.` : t`It waits with other changes of the cast.`)
      client.setQueryData(keys.cast(novelId), cast)
      void client.invalidateQueries({ queryKey: keys.spots(novelId) })
      void renewReading(client, novelId)
    },
  })
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
