import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { ChaptersEdit, EditedChapter } from '../../novel/chapter-edit.ts'
import type { Database } from '../database-tables.ts'
import { novelState } from '../novel-state.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { bytesToHash } from './column-values.ts'
import { replacedOf } from './deletion-queries.ts'
import { movePlaces } from './place-queries.ts'
import { reopenWithChapters } from './rekey-queries.ts'

/** A chapter that a generation had. */
export type AskedChapter = readonly [generationId: string, chapterId: number]

export interface AppliedEdit {
  /** Ids of the generations whose chapters are others now. */
  readonly generationIds: readonly string[]
  /** Keys of transcodes whose files are to be removed. */
  readonly transcodeKeys: readonly string[]
  /** Which of the chapters that it replaced generations had. */
  readonly asked: readonly AskedChapter[]
}

/**
 * Makes the chapters of a novel what an edit leaves of them, in the caller's transaction: chapters that it adds come from
 * wherever they are, and those that it replaces are kept in a novel that nobody sees. Generations, positions and what was
 * heard go on with the new ones. Of thousands of chapters it takes some hundred milliseconds on SQLite, so it yields to the
 * event loop between statements; others that ask the database wait for its end. `asked`: of an edit that is taken back, which generations had which of the chapters that
 * come back. `undefined`: the chapters are not those that it begins with.
 */
export async function applyChaptersEdit(
  db: Database,
  novelId: string,
  edit: ChaptersEdit,
  asked?: readonly AskedChapter[],
): Promise<AppliedEdit | undefined> {
  const { at, before, after } = edit
  const present = await db
    .selectFrom('chapters')
    .select(['id', 'title', 'part', 'narrated'])
    .where('novelId', '=', novelId)
    .where('number', '>=', at)
    .where('number', '<', at + before.length)
    .orderBy('number')
    .execute()
  if (present.length !== before.length || present.some(({ id }, index) => id !== before[index]!.id))
    return undefined
  const [old, fresh] = [new Set(before.map(({ id }) => id)), new Set(after.map(({ id }) => id))]
  const removed = before.flatMap(({ id }) => (fresh.has(id) ? [] : [id]))
  const added = after.flatMap(({ id }) => (old.has(id) ? [] : [id]))
  if (removed.length > 0) await keepReplaced(db, novelId, removed)
  await yieldToEventLoop()
  await shiftNumbers(db, novelId, at + before.length, after.length - before.length)
  const unchanged = new Map(present.map((row, index) => [row.id, { ...row, number: at + index }]))
  await placeChapters(
    db,
    novelId,
    after.flatMap((chapter, index) => {
      const known = unchanged.get(chapter.id)
      const isSame =
        known?.number === at + index &&
        known.title === chapter.title &&
        known.part === chapter.part &&
        known.narrated === Number(chapter.narrated)
      return isSame ? [] : [{ ...chapter, number: at + index }]
    }),
  )
  await movePlaces(db, novelId, edit)
  await yieldToEventLoop()
  if (removed.length === 0 && added.length === 0) return { generationIds: [], transcodeKeys: [], asked: [] }
  const [had, generationIds] = await moveGenerations(db, edit, { removed, added }, asked)
  await yieldToEventLoop()
  await reopenWithChapters(db, generationIds)
  const transcodes = await db
    .deleteFrom('recordings')
    .where('chapterId', 'in', listed(db, removed))
    .returning('key')
    .execute()
  return {
    generationIds,
    transcodeKeys: transcodes.map(({ key }) => bytesToHash(key)),
    asked: had,
  }
}

const listed = (db: Database, ids: readonly number[]) =>
  sql<number>`(SELECT value FROM ${sqlDialect(db).numbers(ids)})`

/** Chapters that were replaced, in the novel that keeps them; their numbers are their ids there. */
async function keepReplaced(db: Database, novelId: string, ids: readonly number[]): Promise<void> {
  const key = replacedOf(novelId)
  const known = await db.selectFrom('novels').select('id').where('sourceSha256', '=', key).executeTakeFirst()
  const keeper = known?.id ?? uuidv7()
  if (!known)
    await sql`
      INSERT INTO novels (id, title, author, language, metadata, "sourceSha256", "sourceName", report, complete, "createdAt")
      SELECT ${keeper}, title, author, language, metadata, ${key}, "sourceName", report, ${novelState.replaced}, "createdAt"
      FROM novels WHERE id = ${novelId}`.execute(db)
  await moveTo(db, keeper, ids)
}

/** Gives replaced chapters that nobody brings back any more to a novel that is deleted. */
export async function discardReplaced(
  db: Database,
  novelId: string,
  doomed: string,
  ids: readonly number[],
): Promise<void> {
  const keeper = db.selectFrom('novels').select('id').where('sourceSha256', '=', replacedOf(novelId))
  await db
    .updateTable('chapters')
    .set({ novelId: doomed })
    .where('id', 'in', listed(db, ids))
    .where('novelId', 'in', keeper)
    .execute()
}

async function moveTo(db: Database, novelId: string, ids: readonly number[]): Promise<void> {
  await db
    .updateTable('chapters')
    .set(({ ref }) => ({ novelId, number: ref('id') }))
    .where('id', 'in', listed(db, ids))
    .execute()
}

/** Numbers are unique within a novel, also in the middle of a statement, so they are negative for a moment. */
async function shiftNumbers(db: Database, novelId: string, from: number, by: number): Promise<void> {
  if (by === 0) return
  await sql`
    UPDATE chapters SET number = -(number + ${by}) WHERE "novelId" = ${novelId} AND number >= ${from}`.execute(
    db,
  )
  await sql`
    UPDATE chapters SET number = -number WHERE "novelId" = ${novelId} AND number < 0`.execute(db)
}

const rowsPerStatement = 200

type PlacedChapter = EditedChapter & { readonly number: number }

async function placeChapters(db: Database, novelId: string, placed: readonly PlacedChapter[]): Promise<void> {
  for (let at = 0; at < placed.length; at += rowsPerStatement) {
    const rows = placed
      .slice(at, at + rowsPerStatement)
      .map(
        ({ id, number, title, part, narrated }) =>
          sql`(CAST(${id} AS integer), CAST(${number} AS integer), CAST(${title} AS text), CAST(${part} AS text), CAST(${Number(narrated)} AS integer))`,
      )
    await yieldToEventLoop()
    await sql`
      WITH placed (id, number, title, part, narrated) AS (VALUES ${sql.join(rows)})
      UPDATE chapters SET "novelId" = ${novelId}, number = -placed.number, title = placed.title, part = placed.part,
        narrated = placed.narrated
      FROM placed WHERE chapters.id = placed.id`.execute(db)
  }
  if (placed.length > 0)
    await sql`
      UPDATE chapters SET number = -number WHERE "novelId" = ${novelId} AND number < 0`.execute(db)
}

/** Generations have the chapters that take the place of theirs. Returns what they had, and whose chapters changed. */
async function moveGenerations(
  db: Database,
  { before, after, runs }: ChaptersEdit,
  { removed, added }: { readonly removed: readonly number[]; readonly added: readonly number[] },
  asked: readonly AskedChapter[] = [],
): Promise<[asked: AskedChapter[], generationIds: string[]]> {
  await yieldToEventLoop()
  const rows = await db
    .deleteFrom('generationChapters')
    .where('chapterId', 'in', listed(db, removed))
    .returning(['generationId', 'chapterId'])
    .execute()
  const had = rows.map(({ generationId, chapterId }): AskedChapter => [generationId, chapterId])
  const isAdded = new Set(added)
  const successors = new Map<number, Set<number>>()
  for (const [from, , to] of runs) {
    const [old, next] = [before[from]!.id, after[to]!.id]
    if (isAdded.has(next)) successors.set(old, (successors.get(old) ?? new Set()).add(next))
  }
  // One that has no segment in common with any: the chapter that stands in its place.
  for (const [index, { id }] of before.entries()) {
    const next = after[Math.min(index, after.length - 1)]
    if (next && isAdded.has(next.id) && !successors.has(id)) successors.set(id, new Set([next.id]))
  }
  const hadBefore = Map.groupBy(asked, ([generationId]) => generationId)
  const wanted = new Map<string, Set<number>>()
  for (const [generationId, lost] of Map.groupBy(had, ([id]) => id)) {
    const ids =
      hadBefore.get(generationId)?.map(([, id]) => id) ??
      lost.flatMap(([, id]) => [...(successors.get(id) ?? [])])
    wanted.set(generationId, new Set(ids.filter((id) => isAdded.has(id))))
  }
  for (const [generationId, ids] of wanted) {
    await yieldToEventLoop()
    await sql`
      INSERT INTO "generationChapters" ("generationId", "chapterId")
      SELECT CAST(${generationId} AS text), value FROM ${sqlDialect(db).numbers([...ids])}
      WHERE true ON CONFLICT DO NOTHING`.execute(db)
  }
  return [had, [...wanted.keys()]]
}
