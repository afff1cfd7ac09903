import { Failure } from '../../novel/failure.ts'
import type { Generation, Status } from '../../novel/generation.ts'
import type { Database } from '../../storage/database-tables.ts'
import type { Occurrence } from '../../storage/queries/chapter-queries.ts'
import { generationById, updateGeneration } from '../../storage/queries/generation-queries.ts'
import { finishedWithOccurrences } from '../../storage/queries/generation-chapter-queries.ts'
import type { Application } from '../application.ts'
import type { EventBus } from '../event-bus.ts'
import { currentStatus } from './generation-progress.ts'

type ControlParts = Pick<Application, 'activeGenerations' | 'counts' | 'db' | 'dispatcher' | 'eventBus'>

/**
 * Resumes a generation that is requested again, and retries what failed; its priority only rises. One that is completed,
 * with every clip there, stays as it is.
 */
export async function resumeGeneration(
  application: ControlParts,
  existing: Generation,
  priority?: number,
): Promise<Generation> {
  const changes = {
    desiredState: 'run' as const,
    ...(priority !== undefined && priority > existing.priority && { priority }),
  }
  const retried = await retryFailed(application, existing)
  if (existing.completedAt !== undefined && (await currentStatus(application, existing)) === 'completed')
    return existing
  const isRunning = existing.desiredState === 'run' && existing.completedAt === undefined
  if (isRunning && !retried && !('priority' in changes)) return existing
  await application.db.transaction().execute(async (commit) => {
    await updateGeneration(commit, existing.id, { ...changes, completedAt: null })
    await application.dispatcher.plan([existing.id], commit)
  })
  const { completedAt: _, ...unfinished } = existing
  return { ...unfinished, ...changes }
}

export type ControlVerb = 'pause' | 'resume' | 'cancel' | 'retry'

const participle = { pause: 'paused', resume: 'resumed', cancel: 'cancelled', retry: 'retried' } as const

/** The states in which a verb is allowed. In the state that it leads to it is a no-op, not an error. */
const allowedFrom: Readonly<Record<ControlVerb, readonly Status[]>> = {
  pause: ['pending', 'running', 'paused'],
  resume: ['pending', 'running', 'paused'],
  cancel: ['pending', 'running', 'paused', 'failed', 'cancelled'],
  retry: ['pending', 'running', 'paused', 'failed', 'cancelled', 'completed'],
}

/**
 * Changes the desired state of a generation, durably. Segments in flight are finished and their clips kept.
 * Throws `generation.unknown`, `generation.over`.
 */
export async function controlGeneration(
  application: ControlParts,
  progressId: string,
  verb: ControlVerb,
): Promise<void> {
  let outcome: VerbOutcome
  do {
    const generation = await generationById(application.db, progressId)
    if (!generation) throw new Failure('generation.unknown', { progressId })
    const status = await currentStatus(application, generation)
    if (!allowedFrom[verb].includes(status)) {
      throw new Failure('generation.over', { status, verb: participle[verb] })
    }
    outcome = await applyVerb(application, generation, verb)
  } while (outcome === 'outdated')
  if (outcome === 'nothing') return
  application.eventBus.publish({ kind: 'generation', id: progressId })
  await application.dispatcher.refreshOne(progressId)
}

/** `nothing`: there was nothing to do; `outdated`: another command came first. */
type VerbOutcome = 'changed' | 'nothing' | 'outdated'

async function applyVerb(
  application: ControlParts,
  generation: Generation,
  verb: ControlVerb,
): Promise<VerbOutcome> {
  if (verb === 'retry') {
    const { completedAt } = await resumeGeneration(application, generation)
    return completedAt === undefined ? 'changed' : 'nothing'
  }
  const desiredStates = { pause: 'paused', resume: 'run', cancel: 'cancelled' } as const
  const { id, desiredState } = generation
  return application.db.transaction().execute(async (commit) => {
    if (!(await updateGeneration(commit, id, { desiredState: desiredStates[verb] }, desiredState)))
      return 'outdated'
    if (verb === 'resume') await application.dispatcher.plan([id], commit)
    return 'changed'
  })
}

/**
 * Clears the failures of a generation's chapters and requeues them: every missing segment is tried as if for the first
 * time. Returns whether there were any.
 */
export async function retryFailed(application: ControlParts, generation: Generation): Promise<boolean> {
  const cleared = await application.counts.clearFailures(generation)
  for (const { recipe, occurrences } of cleared)
    await requeueOccurrences(application, recipe, occurrences, generation.id)
  return cleared.length > 0
}

/** Tells the scheduler that the work of generations has changed. */
interface GenerationChanges {
  plan(ids: readonly string[], transaction?: Database): Promise<void>
  refreshOne(id: string): Promise<void>
  requeue(recipe: string, occurrences: readonly Occurrence[]): Promise<void>
}

/** What requeuing segments takes. */
export interface Requeue {
  readonly db: Database
  readonly dispatcher: GenerationChanges
  readonly eventBus: EventBus
}

/**
 * Requeues segments at these places that were spoken in a recipe, or set aside, before: reopens the finished
 * generations that contain them and updates the active ones. `except`: a generation that its own request reopens.
 */
export async function requeueOccurrences(
  { db, dispatcher, eventBus }: Requeue,
  recipe: string,
  occurrences: readonly Occurrence[],
  except?: string,
): Promise<void> {
  if (occurrences.length === 0) return
  for (const id of await finishedWithOccurrences(db, recipe, occurrences)) {
    if (id === except) continue
    await db.transaction().execute(async (commit) => {
      await updateGeneration(commit, id, { completedAt: null })
      await dispatcher.plan([id], commit)
    })
    eventBus.publish({ kind: 'generation', id })
    await dispatcher.refreshOne(id)
  }
  await dispatcher.requeue(recipe, occurrences)
}
