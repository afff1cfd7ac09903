import { sql } from 'kysely'
import { compareInQueue, type InQueue, type Ordered, orderAfterMove } from '../../novel/queue-order.ts'
import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { generationById, unfinishedGenerations } from './generation-queries.ts'

/** Where a generation is moved to: next to another, or an end of the queue. */
export type QueueDestination =
  | { readonly before: string }
  | { readonly after: string }
  | { readonly at: 'top' | 'bottom' }

/**
 * Moves an unfinished generation in the queue, in the caller's transaction; moves at the same time come one after the
 * other. One that was finished meanwhile still stands where it stood, so what is moved next to it goes there. Returns the
 * ids of those whose order is stored anew, the moved one first, and which of them are to run; `undefined`: the generation
 * is finished, or the other is not known.
 */
export async function moveInQueue(
  db: Database,
  id: string,
  destination: QueueDestination,
): Promise<{ readonly changed: readonly string[]; readonly toRun: readonly string[] } | undefined> {
  await sqlDialect(db).serialize(db, 'queue order')
  const queue = await unfinishedGenerations(db)
  const moved = queue.find((each) => each.id === id)
  if (!moved) return undefined
  const others = queue.filter((each) => each !== moved)
  const index = await indexOf(db, others, moved, destination)
  if (index === undefined) return undefined
  const ordered = orderAfterMove(others, moved, index, Date.now())
  await saveOrder(db, ordered)
  const changed = ordered.map((each) => each.id)
  const running = new Set(queue.filter(({ desiredState }) => desiredState === 'run').map((each) => each.id))
  return { changed, toRun: changed.filter((each) => running.has(each)) }
}

async function indexOf(
  db: Database,
  others: readonly InQueue[],
  moved: InQueue,
  destination: QueueDestination,
): Promise<number | undefined> {
  if ('at' in destination) return destination.at === 'top' ? 0 : others.length
  const neighbour = 'before' in destination ? destination.before : destination.after
  if (neighbour === moved.id) return others.filter((other) => compareInQueue(other, moved) < 0).length
  const found = others.find(({ id }) => id === neighbour) ?? (await generationById(db, neighbour))
  if (!found) return undefined
  const isEarlier = (other: InQueue): boolean => {
    const order = compareInQueue(other, found)
    return order < 0 || (order === 0 && 'after' in destination)
  }
  return others.filter(isEarlier).length
}

const rowsPerStatement = 200

async function saveOrder(db: Database, ordered: readonly Ordered[]): Promise<void> {
  for (let at = 0; at < ordered.length; at += rowsPerStatement) {
    const rows = ordered
      .slice(at, at + rowsPerStatement)
      .map(
        ({ id, priority, place }) =>
          sql`(CAST(${id} AS text), CAST(${priority} AS integer), CAST(${place} AS integer))`,
      )
    await sql`
      WITH ordered (id, priority, place) AS (VALUES ${sql.join(rows)})
      UPDATE generations SET priority = ordered.priority, place = ordered.place
      FROM ordered WHERE generations.id = ordered.id`.execute(db)
  }
}
