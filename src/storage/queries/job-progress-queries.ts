import type { Database } from '../database-tables.ts'

/** What of a job is done, in bytes or frames. */
export async function saveJobProgress(db: Database, job: string, id: string, done: number): Promise<void> {
  await db
    .insertInto('jobProgress')
    .values({ job, id, done })
    .onConflict((conflict) => conflict.columns(['job', 'id']).doUpdateSet({ done }))
    .execute()
}

export async function deleteJobProgress(db: Database, job: string, id: string): Promise<void> {
  await db.deleteFrom('jobProgress').where('job', '=', job).where('id', '=', id).execute()
}

/** By id, of those jobs of a name that are under way. */
export async function listJobProgress(db: Database, job: string): Promise<ReadonlyMap<string, number>> {
  const rows = await db.selectFrom('jobProgress').select(['id', 'done']).where('job', '=', job).execute()
  return new Map(rows.map(({ id, done }) => [id, done]))
}
