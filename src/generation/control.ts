import { generationById, updateGeneration } from '../database/generations.ts'
import { Failure } from '../novel/failure.ts'
import type { Generation, Status } from '../novel/generation.ts'
import { presentStatus } from './progress.ts'
import type { Studio } from './studio.ts'
import { tryAgain } from './try-again.ts'

export type Verb = 'pause' | 'resume' | 'cancel' | 'retry'

const participle = { pause: 'paused', resume: 'resumed', cancel: 'cancelled', retry: 'retried' } as const

/** From which states a verb makes sense; said again in the state it leads to, it changes nothing and is no mistake. */
const possible: Readonly<Record<Verb, readonly Status[]>> = {
  pause: ['pending', 'running', 'paused'],
  resume: ['pending', 'running', 'paused'],
  cancel: ['pending', 'running', 'paused', 'failed', 'cancelled'],
  retry: ['pending', 'running', 'paused', 'failed', 'cancelled', 'completed'],
}

/**
 * Does what a listener wants with a generation, durably. What a speaker holds at that moment is finished and kept.
 * Throws `generation.unknown`, `generation.over`.
 */
export async function control(studio: Studio, progressId: string, verb: Verb): Promise<void> {
  await studio.requests.take(async () => {
    const generation = await generationById(studio.db, progressId)
    if (!generation) throw new Failure('generation.unknown', { progressId })
    const status = await presentStatus(studio, generation)
    if (!possible[verb].includes(status)) {
      throw new Failure('generation.over', { status, verb: participle[verb] })
    }
    await write(studio, generation, verb)
  })
  studio.announcer.tell({ kind: 'generation', id: progressId })
  await studio.dispatcher.look(progressId)
}

async function write(studio: Studio, generation: Generation, verb: Verb): Promise<void> {
  const [{ db }, { id }] = [studio, generation]
  switch (verb) {
    case 'pause':
      return updateGeneration(db, id, { wish: 'paused' })
    case 'resume':
      return updateGeneration(db, id, { wish: 'run' })
    case 'cancel':
      return updateGeneration(db, id, { wish: 'cancelled' })
    case 'retry':
      await tryAgain(studio, generation)
      return updateGeneration(db, id, { wish: 'run', completedAt: null })
  }
}
