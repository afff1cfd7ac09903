import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { parseStoredJson } from './column-values.ts'
import type { FeedOwner } from './export-queries.ts'

/** What can be brought back: its tables, the one that the others refer to first, each with the columns that name it. */
const kinds = {
  feed: [['feeds', ['listener', 'novelId']]],
  webhook: [
    ['webhooks', ['id']],
    ['webhookDeliveries', ['webhookId']],
  ],
  'speech-server': [
    ['speechServers', ['name']],
    ['speechServerUse', ['server']],
  ],
  'opds-source': [
    ['opdsSources', ['id']],
    ['opdsFetches', ['source']],
  ],
} as const

export type RemovalKind = keyof typeof kinds

export interface Removal {
  readonly id: string
  readonly kind: RemovalKind
  /** Value of the column that names it; of several, their values with a blank between. */
  readonly subject: string
}

export function feedSubject({ listener, novelId }: FeedOwner): string {
  return `${listener} ${novelId}`
}

/** Milliseconds for which it is kept. */
const kept = 3_600_000

type Row = Readonly<Record<string, unknown>>

/**
 * Removes what is named and keeps it for an hour, in one transaction. Returns the id by which it comes back; `undefined` if
 * there is no such thing.
 */
export async function removeForNow(
  db: Database,
  kind: RemovalKind,
  subject: string,
): Promise<string | undefined> {
  return db.transaction().execute(async (commit) => {
    await purgeRemovals(commit)
    const content: Row[][] = []
    for (const [table, columns] of kinds[kind]) {
      const rows =
        await sql<Row>`SELECT * FROM ${sql.table(table)} WHERE ${isNamed(columns, subject)}`.execute(commit)
      content.push(rows.rows.map(encode))
    }
    if (content[0]?.length === 0) return undefined
    for (const [table, columns] of kinds[kind].toReversed())
      await sql`DELETE FROM ${sql.table(table)} WHERE ${isNamed(columns, subject)}`.execute(commit)
    const id = uuidv7()
    const removedAt = new Date().toISOString()
    await commit
      .insertInto('removals')
      .values({ id, kind, subject, content: JSON.stringify(content), removedAt })
      .execute()
    return id
  })
}

/**
 * Brings back what was removed, exactly as it was. `unknown`: there is nothing, or its hour is over; `replaced`: something
 * else has its place by now.
 */
export async function bringBack(db: Database, id: string): Promise<Removal | 'unknown' | 'replaced'> {
  return db.transaction().execute(async (commit) => {
    await purgeRemovals(commit)
    const query = commit.selectFrom('removals').selectAll().where('id', '=', id)
    const row = await sqlDialect(commit).lockRows(query).executeTakeFirst()
    if (!row) return 'unknown'
    const kind = row.kind as RemovalKind
    const content = parseStoredJson(row.content) as Row[][]
    for (const [at, [table, columns]] of kinds[kind].entries()) {
      const there =
        await sql`SELECT 1 FROM ${sql.table(table)} WHERE ${isNamed(columns, row.subject)}`.execute(commit)
      if (there.rows.length > 0) return 'replaced'
      for (const encoded of content[at] ?? []) {
        const restored = decode(encoded)
        // What spoke of a novel went with it.
        const { novelId } = restored
        if (typeof novelId === 'string' && !(await hasNovel(commit, novelId))) {
          if (at === 0) return 'unknown'
          continue
        }
        const [names, values] = [Object.keys(restored), Object.values(restored)]
        await sql`
          INSERT INTO ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
          VALUES (${sql.join(values)})`.execute(commit)
      }
    }
    await commit.deleteFrom('removals').where('id', '=', id).execute()
    return { id, kind, subject: row.subject }
  })
}

/** For `where`. */
function isNamed(columns: readonly string[], subject: string): RawBuilder<unknown> {
  const values = columns.length === 1 ? [subject] : subject.split(' ')
  return sql.join(
    columns.map((column, at) => sql`${sql.ref(column)} = ${values[at]}`),
    sql` AND `,
  )
}

/** Deletes a listener's feeds, with those that they could bring back. In the caller's transaction. */
export async function deleteFeedsOf(commit: Database, listener: string): Promise<void> {
  await commit.deleteFrom('feeds').where('listener', '=', listener).execute()
  await commit
    .deleteFrom('removals')
    .where('kind', '=', 'feed')
    .where('subject', 'like', `${feedSubject({ listener, novelId: '' })}%`)
    .execute()
}

/** Deletes what was kept for its hour: secrets are not kept longer than they can be wanted. */
export async function purgeRemovals(db: Database): Promise<void> {
  const before = new Date(Date.now() - kept).toISOString()
  await db.deleteFrom('removals').where('removedAt', '<', before).execute()
}

async function hasNovel(db: Database, novelId: string): Promise<boolean> {
  const row = await db.selectFrom('novels').select('id').where('id', '=', novelId).executeTakeFirst()
  return row !== undefined
}

/** Bytes as `{ "base64": … }`. */
function encode(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
    ]),
  )
}

function decode(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null && 'base64' in value
        ? Buffer.from(String(value.base64), 'base64')
        : value,
    ]),
  )
}
