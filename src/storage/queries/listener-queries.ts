import { type JsonObject, mergePatch } from '../../novel/merge-patch.ts'
import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { parseStoredJson } from './column-values.ts'

/** A listener, for everything or in one novel. */
export interface SettingsOwner {
  readonly listener: string
  readonly novelId?: string | undefined
}

/** Settings as they were last changed; empty at first. */
export async function settingsOf(db: Database, { listener, novelId }: SettingsOwner): Promise<JsonObject> {
  const row =
    novelId === undefined
      ? await db
          .selectFrom('listenerSettings')
          .select('settings')
          .where('listener', '=', listener)
          .executeTakeFirst()
      : await db
          .selectFrom('novelSettings')
          .select('settings')
          .where('listener', '=', listener)
          .where('novelId', '=', novelId)
          .executeTakeFirst()
  return row ? (parseStoredJson(row.settings) as JsonObject) : {}
}

/** Merges a patch into settings (`mergePatch`) in one durable commit. Returns all of them. */
export async function changeSettings(
  db: Database,
  owner: SettingsOwner,
  patch: JsonObject,
): Promise<JsonObject> {
  const { listener, novelId } = owner
  return db.transaction().execute(async (commit) => {
    // Two changes at once would each lose what the other sets.
    await sqlDialect(commit).serialize(commit, `settings ${listener}`)
    const settings = mergePatch(await settingsOf(commit, owner), patch)
    const row = { settings: JSON.stringify(settings), updatedAt: new Date().toISOString() }
    if (novelId === undefined)
      await commit
        .insertInto('listenerSettings')
        .values({ listener, ...row })
        .onConflict((conflict) => conflict.column('listener').doUpdateSet(row))
        .execute()
    else
      await commit
        .insertInto('novelSettings')
        .values({ listener, novelId, ...row })
        .onConflict((conflict) => conflict.columns(['listener', 'novelId']).doUpdateSet(row))
        .execute()
    return settings
  })
}
