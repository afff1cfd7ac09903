import { type ExpressionBuilder, sql } from 'kysely'
import { Failure } from '../../novel/failure.ts'
import type { Database, Tables } from '../database-tables.ts'
import { checksumIn, sourceOf } from '../novel-source.ts'
import { novelState, statesWithFiles } from '../novel-state.ts'
import { sqlDialect } from '../sql-dialect.ts'

/** Whose eyes see: a listener's id; empty: of who sees what all see; `undefined`: they see everything. */
export type Eyes = string | undefined

/** Whether these eyes see a novel by who keeps it to themselves; nobody: it is the house's. */
export function sees(eyes: Eyes, keeper: string | null | undefined): boolean {
  return eyes === undefined || keeper === null || keeper === undefined || keeper === eyes
}

/** For `where`: the novel is the house's, or theirs. */
export function isSeenBy(eyes: Eyes) {
  return (row: ExpressionBuilder<Pick<Tables, 'novels'>, 'novels'>) =>
    eyes === undefined
      ? row.lit(true)
      : row.or([row('novels.keeper', 'is', null), row('novels.keeper', '=', eyes)])
}

/** Who keeps a novel to themselves, wherever it is; `null`: it is the house's; `undefined`: there is none. */
export async function keeperOf(db: Database, novelId: string): Promise<string | null | undefined> {
  const novel = await db.selectFrom('novels').select('keeper').where('id', '=', novelId).executeTakeFirst()
  return novel?.keeper
}

/** Likewise of the novel of a generation. */
export async function keeperOfGeneration(db: Database, id: string): Promise<string | null | undefined> {
  const novel = await db
    .selectFrom('generations')
    .innerJoin('novels', 'novels.id', 'generations.novelId')
    .select('keeper')
    .where('generations.id', '=', id)
    .executeTakeFirst()
  return novel?.keeper
}

/** By the id of each novel that somebody keeps to themselves, who does. */
export async function keepers(db: Database): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('novels')
    .select(['id', 'keeper'])
    .where('keeper', 'is not', null)
    .execute()
  return new Map(rows.flatMap(({ id, keeper }) => (keeper === null ? [] : [[id, keeper] as const])))
}

/** Ids of the novels that a listener keeps to themselves, on the shelf or in the trash. */
export async function keptBy(db: Database, listener: string): Promise<string[]> {
  const rows = await db
    .selectFrom('novels')
    .select('id')
    .where('keeper', '=', listener)
    .where('complete', 'in', [novelState.shelved, novelState.trashed])
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** By listener, how many novels they keep to themselves. */
export async function countKept(db: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('novels')
    .select(({ fn }) => ['keeper', fn.countAll<number>().as('novels')])
    .where('keeper', 'is not', null)
    .where('complete', 'in', [novelState.shelved, novelState.trashed])
    .groupBy('keeper')
    .execute()
  return new Map(rows.flatMap(({ keeper, novels }) => (keeper === null ? [] : [[keeper, novels] as const])))
}

/** A topic: who has somebody keep a novel shares it; who adds, changes or removes people has it alone. */
export const peopleTopic = 'people'

/**
 * Has a listener stay until the transaction ends, to whom a novel is given: who removes them finds it. Throws
 * `account.unknown`. Before any row is locked, as people are removed in this order.
 */
export async function holdKeeper(commit: Database, listener: string): Promise<void> {
  await sqlDialect(commit).serialize(commit, peopleTopic, 'shared')
  if (!(await isPerson(commit, listener))) throw new Failure('account.unknown')
}

/** Whether a listener has an account. */
export async function isPerson(db: Database, listener: string): Promise<boolean> {
  const query = db.selectFrom('people').select('id').where('listener', '=', listener)
  return (await query.executeTakeFirst()) !== undefined
}

/**
 * Has novels, with their versions, be seen by `keeper` alone, or by all again (`null`). What others were given of them goes:
 * their feeds, and what webhooks were or are to be told. In the caller's transaction. Throws `account.unknown`, and
 * `novel.twice` where the file of one is there so already.
 */
export async function setKeeper(
  commit: Database,
  novelIds: readonly string[],
  keeper: string | null,
): Promise<void> {
  if (keeper !== null) await holdKeeper(commit, keeper)
  const among = (values: readonly string[]) =>
    sql<string>`(SELECT value FROM ${sqlDialect(commit).texts(values)})`
  const these = among(novelIds)
  const rows = await commit
    .selectFrom('novels')
    .select(['id', 'keeper', 'sourceSha256', 'complete'])
    .where((row) => row.or([row('id', 'in', these), row('versionOf', 'in', these)]))
    .execute()
  const changed = rows
    .filter((row) => row.keeper !== keeper)
    .map(({ id, sourceSha256, complete }) => ({
      id,
      // One without a file has another value there.
      sourceSha256: statesWithFiles.includes(complete)
        ? sourceOf(checksumIn(sourceSha256), keeper)
        : sourceSha256,
    }))
  const twice = await commit
    .selectFrom('novels')
    .select('id')
    .where('sourceSha256', 'in', among(changed.map(({ sourceSha256 }) => sourceSha256)))
    .where('id', 'not in', among(changed.map(({ id }) => id)))
    .executeTakeFirst()
  if (twice) throw new Failure('novel.twice')
  for (const { id, sourceSha256 } of changed)
    await commit.updateTable('novels').set({ keeper, sourceSha256 }).where('id', '=', id).execute()
  if (keeper === null) return
  await commit.deleteFrom('webhookDeliveries').where('novelId', 'in', these).execute()
  await commit.deleteFrom('feeds').where('novelId', 'in', these).execute()
}
