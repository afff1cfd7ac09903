import { setImmediate as turn } from 'node:timers/promises'

/** Half of what a request notices, and a fifth of what the event loop may stand still. */
const targetMs = 10
const maxRows = 50_000

interface BatchOptions {
  /** Rows of the first step. */
  readonly first?: number
  /** Whoever must not be interleaved with a step; the wait for it counts as no part of the step. */
  readonly within?: (step: () => Promise<BatchResult>) => Promise<BatchResult>
  readonly signal?: AbortSignal | undefined
}

/**
 * Long work on the database, some rows at a time: each step is one commit and takes some milliseconds, whatever a row
 * costs on this disk; between two steps everything else that waits has its turn. `step` returns whether there is more.
 */
export async function runInBatches(
  step: (rows: number) => Promise<boolean>,
  { first = 100, within = (work) => work(), signal }: BatchOptions = {},
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
    rows = Math.min(maxRows, Math.max(1, Math.round(rows * Math.min(2, Math.max(0.25, targetMs / ms)))))
    await turn()
  }
}

interface BatchResult {
  readonly more: boolean
  readonly ms: number
}
