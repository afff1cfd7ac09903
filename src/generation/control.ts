import { generationById, updateGeneration } from '../database/generations.ts'
import { Failure } from '../novel/failure.ts'
import type { Generation, Status } from '../novel/generation.ts'
import { currentStatus } from './progress.ts'
import type { Application } from './studio.ts'
import { retryFailed } from './try-again.ts'

export type ControlVerb = 'pause' | 'resume' | 'cancel' | 'retry'

const participle = { pause: 'paused', resume: 'resumed', cancel: 'cancelled', retry: 'retried' } as const

/** From which states a verb makes sense; said again in the state it leads to, it changes nothing and is no mistake. */
const allowedFrom: Readonly<Record<ControlVerb, readonly Status[]>> = {
  pause: ['pending', 'running', 'paused'],
  resume: ['pending', 'running', 'paused'],
  cancel: ['pending', 'running', 'paused', 'failed', 'cancelled'],
  retry: ['pending', 'running', 'paused', 'failed', 'cancelled', 'completed'],
}

/**
 * Does what a listener wants with a generation, durably. What a speaker holds at that moment is finished and kept.
 * Throws `generation.unknown`, `generation.over`.
 */
export async function controlGeneration(application: Application, progressId: string, verb: ControlVerb): Promise<void> {
  await application.requestMutex.run(async () => {
    const generation = await generationById(application.db, progressId)
    if (!generation) throw new Failure('generation.unknown', { progressId })
    const status = await currentStatus(application, generation)
    if (!allowedFrom[verb].includes(status)) {
      throw new Failure('generation.over', { status, verb: participle[verb] })
    }
    await applyVerb(application, generation, verb)
  })
  application.eventBus.publish({ kind: 'generation', id: progressId })
  await application.dispatcher.refreshOne(progressId)
}

async function applyVerb(application: Application, generation: Generation, verb: ControlVerb): Promise<void> {
  const [{ db }, { id }] = [application, generation]
  switch (verb) {
    case 'pause':
      return updateGeneration(db, id, { wish: 'paused' })
    case 'resume':
      return updateGeneration(db, id, { wish: 'run' })
    case 'cancel':
      return updateGeneration(db, id, { wish: 'cancelled' })
    case 'retry':
      await retryFailed(application, generation)
      return updateGeneration(db, id, { wish: 'run', completedAt: null })
  }
}
