import { finishedGenerations } from '../database/generations.ts'
import { progressOf } from '../generation/progress.ts'
import type { Application } from '../generation/studio.ts'
import type { ProgressBrief, Queue } from './contract.ts'
import { progressBriefOf } from './progress-view.ts'

export async function viewQueue(
  studio: Application,
  { limit, offset }: { limit: number; offset: number },
): Promise<Queue> {
  const running = []
  const waiting = []
  for (const { generation } of [...studio.activeGenerations.all()].slice(offset, offset + limit)) {
    const view = await progressBriefOf(studio, await progressOf(studio, generation))
    if (view.status === 'running') running.push(view)
    else waiting.push(view)
  }
  const finished = []
  for (const generation of await finishedGenerations(studio.db, limit, offset)) {
    finished.push(await progressBriefOf(studio, await progressOf(studio, generation)))
  }
  return {
    success: true,
    running,
    waiting,
    finished,
    speakers: studio.pool.alive,
    waitingReason: globalWaitingReason(studio) ?? firstReason(running, waiting),
  }
}

/** Why nothing at all is spoken. */
function globalWaitingReason({ diskSpace, problems }: Application): string | undefined {
  return (problems.blocking ?? diskSpace.trouble)?.message
}

function firstReason(...lists: readonly (readonly ProgressBrief[])[]): string | null {
  return lists.flat().find(({ waiting }) => waiting !== null)?.waiting ?? null
}
