import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { keys } from '../keys.ts'
import { askPlan, type PlanWish } from './plan-api.ts'

/**
 * What a start would do. The last answer stands until the next is there. `version`: changes whenever more is spoken, or
 * the text changes.
 */
export function usePlan(novelId: string, wish: PlanWish, version: string, enabled = true) {
  const asked = useDeferredValue(wish)
  return useQuery({
    queryKey: keys.plan(novelId, JSON.stringify(asked), version),
    queryFn: async ({ signal }) => {
      // Who drags a slider or ticks boxes asks once, for the last.
      await new Promise((resolve) => setTimeout(resolve, 150))
      signal.throwIfAborted()
      return askPlan(novelId, asked, signal)
    },
    placeholderData: keepPreviousData,
    enabled,
  })
}
