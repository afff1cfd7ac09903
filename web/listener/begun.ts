import { t } from '@lingui/core/macro'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import type { BegunNovel } from '../../src/http/contract/begun-contract.ts'
import { offerUndo } from '../element/undo.tsx'
import { keys } from '../keys.ts'
import { usePolling } from '../live/live.tsx'
import { listenerApi } from './listener-api.ts'

/** The novels to go on with, the one listened to last first. */
export function useBegun() {
  return useQuery({
    queryKey: keys.begun,
    queryFn: ({ signal }) => listenerApi.begun(signal),
    refetchInterval: usePolling(),
  })
}

/** Takes a novel off the row, until it is listened to again, or by one press. Throws `AnswerError`. */
export async function takeOffRow(client: QueryClient, { id, title }: BegunNovel): Promise<void> {
  await listenerApi.listBegun(id, false)
  client.setQueryData<BegunNovel[]>(keys.begun, (old) => old?.filter((novel) => novel.id !== id))
  const renew = () => client.invalidateQueries({ queryKey: keys.begun })
  offerUndo({
    words: t`“${title}” is taken off the row. Listening to it puts it back.`,
    undo: () => listenerApi.listBegun(id, true).then(renew),
  })
  await renew()
}
