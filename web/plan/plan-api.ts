import type { Plan } from '../../src/http/contract/plan-contract.ts'
import { addresses, send } from '../api.ts'

/** What may be asked of the studio: these chapters, else all that are read, in a voice and speed, else the novel's own. */
export interface PlanWish {
  readonly chapterNumbers?: readonly number[] | undefined
  /** Instead: so many chapters ahead of the listener. */
  readonly ahead?: number | undefined
  readonly voice?: string | undefined
  readonly speed?: number | undefined
}

export async function askPlan(novelId: string, wish: PlanWish, signal: AbortSignal): Promise<Plan> {
  const answer = await send<{ plan: Plan }>('POST', `${addresses.novels}/${novelId}/plan`, wish, { signal })
  return answer.plan
}
