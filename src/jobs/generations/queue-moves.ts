import { Failure } from '../../novel/failure.ts'
import { generationById } from '../../storage/queries/generation-queries.ts'
import { moveInQueue, type QueueDestination } from '../../storage/queries/queue-order-queries.ts'
import type { Application } from '../application.ts'
import { currentStatus } from './generation-progress.ts'

type MoveParts = Pick<Application, 'activeGenerations' | 'counts' | 'db' | 'dispatcher' | 'eventBus'>

/**
 * Moves a generation in the queue, durably. Segments in flight are finished; what is under a playback position still comes
 * first. Throws `generation.unknown`, also for the other generation, and `generation.over`.
 */
export async function moveGeneration(
  parts: MoveParts,
  progressId: string,
  destination: QueueDestination,
): Promise<void> {
  const { db, dispatcher, eventBus } = parts
  const moved = await db.transaction().execute(async (commit) => {
    const found = await moveInQueue(commit, progressId, destination)
    // What waits is sent again with its new priority.
    if (found) await dispatcher.plan(found.toRun, commit)
    return found
  })
  if (!moved) throw await whyNotMoved(parts, progressId, destination)
  for (const id of moved.changed) {
    eventBus.publish({ kind: 'generation', id })
    await dispatcher.refreshOne(id)
  }
}

async function whyNotMoved(
  parts: MoveParts,
  progressId: string,
  destination: QueueDestination,
): Promise<Failure> {
  const generation = await generationById(parts.db, progressId)
  if (!generation) return new Failure('generation.unknown', { progressId })
  if (
    generation.completedAt === undefined &&
    generation.desiredState !== 'cancelled' &&
    !('at' in destination)
  )
    return new Failure('generation.unknown', {
      progressId: 'before' in destination ? destination.before : destination.after,
    })
  return new Failure('generation.over', { status: await currentStatus(parts, generation), verb: 'moved' })
}
