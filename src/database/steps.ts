import { setImmediate as turn } from 'node:timers/promises'

/** Half of what a request notices, and a fifth of what the event loop may stand still. */
const aimMs = 10
const mostRows = 50_000

interface StepOptions {
  /** Rows of the first step. */
  readonly first?: number
  /** Whoever must not be interleaved with a step; the wait for it counts as no part of the step. */
  readonly within?: (step: () => Promise<Stepped>) => Promise<Stepped>
  readonly signal?: AbortSignal | undefined
}

/**
 * Long work on the database, some rows at a time: each step is one commit and takes some milliseconds, whatever a row
 * costs on this disk; between two steps everything else that waits has its turn. `step` returns whether there is more.
 */
export async function inSteps(
  step: (rows: number) => Promise<boolean>,
  { first = 100, within = (work) => work(), signal }: StepOptions = {},
): Promise<void> {
  for (let rows = first; ;) {
    if (signal?.aborted) return
    const now = rows
    const { more, ms } = await within(async () => {
      const before = performance.now()
      return { more: await step(now), ms: performance.now() - before }
    })
    if (!more) return
    // At most doubled: a step may have found little to do.
    rows = Math.min(mostRows, Math.max(1, Math.round(rows * Math.min(2, Math.max(0.25, aimMs / ms)))))
    await turn()
  }
}

interface Stepped {
  readonly more: boolean
  readonly ms: number
}
