import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { parseStoredJson } from './column-values.ts'

/** `undefined`: nobody has set it. */
export async function houseSetting(db: Database, name: string): Promise<unknown> {
  const row = await db.selectFrom('houseSettings').select('value').where('name', '=', name).executeTakeFirst()
  return row && parseStoredJson(row.value)
}

/** Sets it to what `change` makes of it as it stands, in one transaction. Returns that. */
export async function changeHouseSetting<Value>(
  db: Database,
  name: string,
  change: (known: unknown) => Value,
): Promise<Value> {
  return db.transaction().execute(async (commit) => {
    await sqlDialect(commit).serialize(commit, 'house settings')
    const changed = change(await houseSetting(commit, name))
    const value = JSON.stringify(changed)
    await commit
      .insertInto('houseSettings')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
    return changed
  })
}
