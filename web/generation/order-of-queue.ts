import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ProgressBrief, Queue } from '../../src/http/contract/generation-contract.ts'
import { send } from '../api.ts'
import { base } from '../base.ts'
import { offerUndo } from '../element/undo.tsx'
import { keys } from '../keys.ts'

/** Where something is moved to: next to other work, or an end of the queue. */
export type Destination =
  | { readonly before: string }
  | { readonly after: string }
  | { readonly at: 'top' | 'bottom' }

/** All that is under way or waits, in the order of its turn. */
export function worksInOrder({ running, waiting, order }: Queue): ProgressBrief[] {
  const byId = new Map([...running, ...waiting].map((work) => [work.id, work]))
  return order.flatMap((id) => byId.get(id) ?? [])
}

/** The order with one of its ids elsewhere. */
export function orderAfter(order: readonly string[], id: string, to: Destination): string[] {
  const others = order.filter((other) => other !== id)
  if ('at' in to) return to.at === 'top' ? [id, ...others] : [...others, id]
  const at = others.indexOf('before' in to ? to.before : to.after)
  if (at < 0) return [...order]
  return others.toSpliced('before' in to ? at : at + 1, 0, id)
}

/** How it gets back to where it stands now. */
function wayBack(order: readonly string[], id: string): Destination {
  const at = order.indexOf(id)
  const [previous, next] = [order[at - 1], order[at + 1]]
  if (previous !== undefined) return { after: previous }
  return next === undefined ? { at: 'top' } : { before: next }
}

interface Move {
  readonly work: Pick<ProgressBrief, 'id' | 'novelTitle'>
  readonly to: Destination
}

/** Moves work in the queue: shown at once, stored, and taken back by a press. */
export function useQueueMove() {
  const client = useQueryClient()
  const store = ({ work, to }: Move) => send('PUT', `${base}/api/worker/progress/${work.id}/place`, to)
  const show = (order: (queue: Queue) => string[]): void =>
    void client.setQueryData<Queue>(keys.queue, (queue) => queue && { ...queue, order: order(queue) })
  return useMutation({
    mutationFn: store,
    onMutate: async ({ work, to }) => {
      await client.cancelQueries({ queryKey: keys.queue })
      const before = client.getQueryData<Queue>(keys.queue)?.order ?? []
      show((queue) => orderAfter(queue.order, work.id, to))
      return before
    },
    onSuccess: (_, { work, to }, before) => {
      const after = orderAfter(before, work.id, to)
      if (after.join() === before.join()) return
      const place = after.indexOf(work.id) + 1
      const back = wayBack(before, work.id)
      offerUndo({
        words: t`${work.novelTitle} is number ${place} of ${after.length} in the queue now.`,
        undo: async () => {
          await store({ work, to: back })
          await client.invalidateQueries({ queryKey: keys.queue })
        },
      })
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.queue }),
  })
}
