import type { Selectable } from 'kysely'
import type { OpdsFetchState, OpdsOutcome } from '../../novel/opds-source.ts'
import type { Database, Tables } from '../database-tables.ts'
import { novelState } from '../novel-state.ts'
import { type Eyes, sees } from './kept-novel-queries.ts'
import { readStoredFailure, type StoredFailure, storedFailureColumn } from './stored-failure.ts'

/** A book of a catalogue that was asked for. */
export interface OpdsFetch {
  readonly id: string
  readonly source: string
  readonly address: string
  readonly title: string
  readonly author: string
  readonly type: string
  readonly state: OpdsFetchState
  readonly bytes: number | null
  readonly novelId: string | null
  readonly outcome: OpdsOutcome | null
  readonly failure: StoredFailure | null
  readonly createdAt: string
  readonly endedAt: string | null
}

export type NewOpdsFetch = Pick<OpdsFetch, 'id' | 'source' | 'address' | 'title' | 'author' | 'type'>

function asFetch({ failure, ...row }: Selectable<Tables['opdsFetches']>): OpdsFetch {
  return { ...row, failure: readStoredFailure(failure) }
}

/** Writes down books that are to be fetched. One that waits already is not asked for a second time. */
export async function insertOpdsFetches(
  commit: Database,
  source: string,
  wanted: readonly NewOpdsFetch[],
): Promise<OpdsFetch[]> {
  const fetches: OpdsFetch[] = []
  for (const each of wanted) {
    const waiting = await commit
      .selectFrom('opdsFetches')
      .selectAll()
      .where('source', '=', source)
      .where('address', '=', each.address)
      .where('state', '=', 'waiting')
      .executeTakeFirst()
    if (waiting) {
      fetches.push(asFetch(waiting))
      continue
    }
    // What became of it before is told by the new one.
    await commit
      .deleteFrom('opdsFetches')
      .where('source', '=', source)
      .where('address', '=', each.address)
      .execute()
    const row = {
      ...each,
      state: 'waiting' as const,
      bytes: null,
      novelId: null,
      outcome: null,
      failure: null,
      createdAt: new Date().toISOString(),
      endedAt: null,
    }
    await commit.insertInto('opdsFetches').values(row).execute()
    fetches.push(row)
  }
  return fetches
}

export async function opdsFetchById(db: Database, id: string): Promise<OpdsFetch | undefined> {
  const row = await db.selectFrom('opdsFetches').selectAll().where('id', '=', id).executeTakeFirst()
  return row && asFetch(row)
}

export async function waitingOpdsFetches(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('opdsFetches')
    .select('id')
    .where('state', '=', 'waiting')
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Returns whether it was waiting still. */
export async function endOpdsFetch(
  db: Database,
  id: string,
  end:
    | { readonly state: 'imported'; readonly novelId: string; readonly outcome: OpdsOutcome }
    | { readonly state: 'failed'; readonly failure: StoredFailure },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('opdsFetches')
    .set({
      ...end,
      failure: storedFailureColumn(end.state === 'failed' ? end.failure : null),
      endedAt: new Date().toISOString(),
    })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

export async function setOpdsFetchBytes(db: Database, id: string, bytes: number | null): Promise<void> {
  await db.updateTable('opdsFetches').set({ bytes }).where('id', '=', id).execute()
}

/** Has a book that could not be fetched wait again. Returns whether there was one. */
export async function retryOpdsFetch(commit: Database, id: string): Promise<boolean> {
  const { numUpdatedRows } = await commit
    .updateTable('opdsFetches')
    .set({ state: 'waiting', failure: null, endedAt: null, createdAt: new Date().toISOString() })
    .where('id', '=', id)
    .where('state', '=', 'failed')
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Returns whether it was there. */
export async function deleteOpdsFetch(db: Database, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('opdsFetches').where('id', '=', id).executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** Those that ended longest ago go, so that `most` of them stay. */
export async function trimOpdsFetches(db: Database, most: number): Promise<void> {
  await db
    .deleteFrom('opdsFetches')
    .where('state', '!=', 'waiting')
    .where('id', 'not in', (from) =>
      from
        .selectFrom('opdsFetches')
        .select('id')
        .where('state', '!=', 'waiting')
        .orderBy('endedAt', 'desc')
        .orderBy('id', 'desc')
        .limit(most),
    )
    .execute()
}

export interface ListedOpdsFetch extends Omit<OpdsFetch, 'novelId'> {
  /** Of a novel on the shelf that these eyes see, with its title there. */
  readonly novelId: string | null
  readonly novelTitle: string | null
}

/** Those that wait first, then what failed, then the latest. `addresses`: of these books of a catalogue only. */
export async function listOpdsFetches(
  db: Database,
  eyes: Eyes,
  {
    limit,
    of,
  }: {
    readonly limit: number
    readonly of?: { readonly source: string; readonly addresses: readonly string[] }
  },
): Promise<ListedOpdsFetch[]> {
  const base = db
    .selectFrom('opdsFetches')
    .leftJoin('novels', (join) =>
      join.onRef('novels.id', '=', 'opdsFetches.novelId').on('novels.complete', '=', novelState.shelved),
    )
    .selectAll('opdsFetches')
    .select(['novels.id as shelvedId', 'novels.title as novelTitle', 'novels.keeper'])
  const wanted =
    of === undefined
      ? base
      : base.where('opdsFetches.source', '=', of.source).where('opdsFetches.address', 'in', of.addresses)
  const rows = await wanted
    .orderBy('state', 'desc')
    .orderBy('opdsFetches.createdAt', 'desc')
    .orderBy('opdsFetches.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ shelvedId, novelTitle, keeper, ...row }) => {
    const isSeen = sees(eyes, keeper)
    return {
      ...asFetch(row),
      novelId: isSeen ? shelvedId : null,
      novelTitle: isSeen ? novelTitle : null,
    }
  })
}
