import { finishedGenerations } from '../database/generations.ts'
import { progressOf } from '../generation/progress.ts'
import type { Studio } from '../generation/studio.ts'
import type { ProgressBrief, Queue } from './contract.ts'
import { brief } from './progress-view.ts'

export async function viewQueue(
  studio: Studio,
  { limit, offset }: { limit: number; offset: number },
): Promise<Queue> {
  const running = []
  const waiting = []
  for (const { generation } of [...studio.agenda.all()].slice(offset, offset + limit)) {
    const view = await brief(studio, await progressOf(studio, generation))
    if (view.status === 'running') running.push(view)
    else waiting.push(view)
  }
  const finished = []
  for (const generation of await finishedGenerations(studio.db, limit, offset)) {
    finished.push(await brief(studio, await progressOf(studio, generation)))
  }
  return {
    success: true,
    running,
    waiting,
    finished,
    speakers: studio.pool.alive,
    waitingReason: haltingReason(studio) ?? firstReason(running, waiting),
  }
}

/** Why nothing at all is spoken. */
function haltingReason({ room, problems }: Studio): string | undefined {
  return (problems.halting ?? room.trouble)?.message
}

function firstReason(...lists: readonly (readonly ProgressBrief[])[]): string | null {
  return lists.flat().find(({ waiting }) => waiting !== null)?.waiting ?? null
}
