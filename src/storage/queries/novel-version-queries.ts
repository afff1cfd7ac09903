import { sql } from 'kysely'
import type { Database } from '../database-tables.ts'
import { novelState } from '../novel-state.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { hideNovel } from './deletion-queries.ts'
import { parseStoredJson } from './column-values.ts'
import type { NovelRow } from './novel-queries.ts'

/** What a novel says of the file that it was read from. `source`: the version that holds it; NULL: the novel itself. */
export type NovelSource = Pick<NovelRow, 'source' | 'sourceName' | 'metadata' | 'report'>

/** An edit that makes another file the source of a novel. */
export interface SourceChange {
  readonly before: NovelSource
  readonly after: NovelSource
}

/** Where the file of a novel lies: the id in its keys. */
export function sourceIdOf({ id, source }: Pick<NovelRow, 'id' | 'source'>): string {
  return source ?? id
}

export function sourceOf({ source, sourceName, metadata, report }: NovelRow): NovelSource {
  return { source, sourceName, metadata, report }
}

/** The versions that are offered to a novel, the latest first. */
export async function offeredVersions(db: Database, novelId: string): Promise<NovelRow[]> {
  return db
    .selectFrom('novels')
    .selectAll()
    .where('versionOf', '=', novelId)
    .where('complete', '=', novelState.offered)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

export async function offeredVersion(
  db: Database,
  novelId: string,
  id: string,
): Promise<NovelRow | undefined> {
  return db
    .selectFrom('novels')
    .selectAll()
    .where('id', '=', id)
    .where('versionOf', '=', novelId)
    .where('complete', '=', novelState.offered)
    .executeTakeFirst()
}

/** A version that was made of a file (`sourceOf`), whether it is offered or was taken over. */
export async function versionBySource(db: Database, source: string): Promise<NovelRow | undefined> {
  return db
    .selectFrom('novels')
    .selectAll()
    .where('sourceSha256', '=', source)
    .where('complete', 'in', [novelState.offered, novelState.taken])
    .executeTakeFirst()
}

/** Makes an offered version a novel of its own. Returns whether it was offered. */
export async function makeSeparate(db: Database, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('novels')
    .set({ complete: novelState.shelved, versionOf: null })
    .where('id', '=', id)
    .where('complete', '=', novelState.offered)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Drops an offered version; its rows are deleted afterwards in batches. Returns whether it was offered. */
export async function dropVersion(db: Database, id: string): Promise<boolean> {
  return db.transaction().execute(async (commit) => {
    const { numUpdatedRows } = await commit
      .updateTable('novels')
      .set({ complete: novelState.hidden })
      .where('id', '=', id)
      .where('complete', '=', novelState.offered)
      .executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) return false
    await hideNovel(commit, id)
    return true
  })
}

/** Whether the version of a change is offered still; nobody takes, drops or separates it until the transaction ends. */
export async function isOffered(
  commit: Database,
  novelId: string,
  { after }: SourceChange,
): Promise<boolean> {
  const offered = commit
    .selectFrom('novels')
    .select('id')
    .where('id', '=', after.source ?? '')
    .where('versionOf', '=', novelId)
    .where('complete', '=', novelState.offered)
  return (await sqlDialect(commit).lockRows(offered).executeTakeFirst()) !== undefined
}

/**
 * Makes the file of a version, which `isOffered`, that of its novel, in the transaction of the edit that takes its chapters over.
 * What that leaves of them belongs to the hidden novel `shadowId` from then on.
 */
export async function takeSource(
  commit: Database,
  novelId: string,
  { after }: SourceChange,
  shadowId: string,
): Promise<void> {
  const version = after.source ?? ''
  await commit.updateTable('novels').set({ complete: novelState.taken }).where('id', '=', version).execute()
  await commit
    .updateTable('chapters')
    // Numbers are unique within a novel.
    .set(({ ref }) => ({ novelId: shadowId, number: ref('id') }))
    .where('novelId', '=', version)
    .execute()
  await setSource(commit, novelId, after)
}

export async function setSource(commit: Database, novelId: string, source: NovelSource): Promise<void> {
  await commit.updateTable('novels').set(source).where('id', '=', novelId).execute()
}

/** Drops versions that a novel had taken over and that no edit in its journal would bring back. */
export async function dropOldSources(commit: Database, novelId: string): Promise<void> {
  const rows = await commit
    .selectFrom('chapterEdits')
    .select('sources')
    .where('novelId', '=', novelId)
    .where('sources', 'is not', null)
    .execute()
  const needed = rows.flatMap(({ sources }) => {
    const { before, after } = parseStoredJson(sources ?? '') as SourceChange
    return [before.source, after.source].filter((id) => id !== null)
  })
  await commit
    .updateTable('novels')
    .set(({ ref }) => ({ complete: novelState.hidden, sourceSha256: ref('id') }))
    .where('versionOf', '=', novelId)
    .where('complete', '=', novelState.taken)
    .where('id', 'not in', ['', ...needed])
    .where('id', 'not in', (query) =>
      query
        .selectFrom('novels')
        .select(sql<string>`COALESCE(source, '')`.as('source'))
        .where('id', '=', novelId),
    )
    .execute()
}

/** Whether chapters that a version adds to a novel are asked for by themselves. */
export async function setSpeakNew(db: Database, id: string, speakNew: boolean): Promise<void> {
  await db
    .updateTable('novels')
    .set({ speakNew: speakNew ? 1 : 0 })
    .where('id', '=', id)
    .execute()
}

/** Has chapters asked for that were added, in the transaction that adds them. */
export async function noteToSpeak(
  commit: Database,
  novelId: string,
  chapterIds: readonly number[],
): Promise<void> {
  if (chapterIds.length === 0) return
  const row = await commit
    .selectFrom('novels')
    .select('toSpeak')
    .where('id', '=', novelId)
    .executeTakeFirstOrThrow()
  const waiting = parseStoredJson(row.toSpeak ?? '[]') as number[]
  await commit
    .updateTable('novels')
    .set({ toSpeak: JSON.stringify([...waiting, ...chapterIds]) })
    .where('id', '=', novelId)
    .execute()
}

/** The novels with chapters that are still to be asked for. */
export async function novelsToSpeak(db: Database): Promise<Pick<NovelRow, 'id' | 'toSpeak'>[]> {
  return db
    .selectFrom('novels')
    .select(['id', 'toSpeak'])
    .where('toSpeak', 'is not', null)
    .where('complete', '=', novelState.shelved)
    .execute()
}

/** They are asked for; `toSpeak`: what they were, as more may have come since. */
export async function noteSpoken(db: Database, { id, toSpeak }: Pick<NovelRow, 'id' | 'toSpeak'>) {
  await db
    .updateTable('novels')
    .set({ toSpeak: null })
    .where('id', '=', id)
    .where('toSpeak', '=', toSpeak)
    .execute()
}

export async function setCoverType(db: Database, id: string, coverType: string): Promise<void> {
  await db.updateTable('novels').set({ coverType }).where('id', '=', id).execute()
}
