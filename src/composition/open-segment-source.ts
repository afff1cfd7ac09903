import type { ClaimSourceParts } from '../jobs/scheduler/claim-source.ts'
import { type CompletionOutbox, GenerationCompletion } from '../jobs/scheduler/generation-completion.ts'
import { PendingWork } from '../jobs/scheduler/pending-work.ts'
import type { SegmentSource } from '../jobs/scheduler/segment-source.ts'
import type { EventBus } from '../jobs/event-bus.ts'
import type { ProgressCounts } from '../jobs/generations/progress-counts.ts'
import type { Lock } from '../storage/lock.ts'
import { sqlDialect } from '../storage/sql-dialect.ts'

interface SegmentSourceParts extends Omit<ClaimSourceParts, 'onAvailable'> {
  readonly counts: ProgressCounts
  readonly eventBus: EventBus
  readonly lock: Lock
  readonly outbox: CompletionOutbox
  /** Leases what there is. */
  readonly dispatch: () => Promise<void>
}

/** Where the segments of this server come from. */
export async function openSegmentSource(
  { dispatch, ...parts }: SegmentSourceParts,
  closing: AsyncDisposableStack,
): Promise<SegmentSource> {
  if (!sqlDialect(parts.db).shared) return new PendingWork(parts)
  const [{ ClaimSource }, { GenerationPlanner }] = await Promise.all([
    import('../jobs/scheduler/claim-source.ts'),
    import('../jobs/scheduler/generation-planner.ts'),
  ])
  const { activeGenerations, log } = parts
  let isWaking = false
  const wake = async (): Promise<void> => {
    if (isWaking) return
    isWaking = true
    try {
      // What is there may have been asked for a moment ago, of another server.
      if (activeGenerations.all().length === 0) await activeGenerations.reload()
    } finally {
      isWaking = false
    }
    await dispatch()
  }
  const onAvailable = (): void => {
    wake().catch((err: unknown) => log.error({ err }, 'segments could not be dispatched'))
  }
  const completion = new GenerationCompletion(parts)
  const source = closing.use(new ClaimSource({ ...parts, onAvailable }))
  closing.use(new GenerationPlanner({ ...parts, completion }))
  return source
}
