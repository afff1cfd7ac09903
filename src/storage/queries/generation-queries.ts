import { createHash } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import { type Casting, singleVoice } from '../../novel/casting.ts'
import type { Recipe } from '../../novel/clip.ts'
import type { DesiredState, Generation } from '../../novel/generation.ts'
import { compareInQueue } from '../../novel/queue-order.ts'
import type { Database, Tables } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { anyFailure } from './clip-failure-queries.ts'
import { bytesToHash, hashToBytes } from './column-values.ts'
import { castingsById, saveCasting, savedCastings } from './casting-queries.ts'
import { lockNovel } from './novel-queries.ts'
import { novelState } from '../novel-state.ts'

type Row = Omit<Selectable<Tables['generations']>, 'chapterSet'> & {
  /** Hash of the narrator's recipe. */
  narrator: Uint8Array
  voice: string
  speed: number
  ahead: number | null
}

/**
 * Inserts a generation with its casting, the recipes of that and its chapters, in one durable commit, unless there is an
 * equal one: that is returned, whoever has asked for it. `'outdated'`: one of the chapters was replaced since it was
 * read, or the novel deleted. `within`: in the same commit; `hasFailures`: whether any text of these chapters has failed.
 */
export async function insertGeneration(
  db: Database,
  generation: Generation,
  recipes: readonly Recipe[],
  chapterIds: readonly number[],
  within?: (transaction: Database, hasFailures: boolean) => Promise<void>,
): Promise<Generation | 'outdated' | undefined> {
  const { novelId, casting } = generation
  const saved = savedCastings(db)
  const known = await db.transaction().execute(async (commit) => {
    if (!(await lockNovel(commit, novelId))) return 'outdated'
    const { equal, areThere, hasFailures } = await stateOf(commit, novelId, casting, chapterIds)
    if (equal !== undefined) return generationById(commit, equal)
    if (!areThere) return 'outdated'
    if (!saved.has(casting.id)) await saveCasting(commit, casting, recipes)
    await addGeneration(commit, generation, chapterIds, chapterSetHash(chapterIds))
    await within?.(commit, hasFailures)
    return undefined
  })
  if (known === undefined) saved.add(casting.id)
  return known
}

/** Inserts a generation whose casting is saved, in the caller's transaction. `chapterSet`: by which it is found again. */
export async function addGeneration(
  commit: Database,
  { id, novelId, casting, priority, place, desiredState, createdAt }: Generation,
  chapterIds: readonly number[],
  chapterSet: Uint8Array,
): Promise<void> {
  const made = commit.insertInto('generations').values({
    id,
    novelId,
    casting: hashToBytes(casting.id),
    priority,
    place: place ?? null,
    wish: desiredState,
    chapterSet,
    createdAt,
    startedAt: null,
    completedAt: null,
  })
  const { shared, numbers } = sqlDialect(commit)
  // With two parameters: compiling a statement with twenty thousand rows takes longer than running it.
  const listed = sql`
    INSERT INTO "generationChapters" ("generationId", "chapterId")
    SELECT cast(${id} AS text), value
    FROM ${numbers(chapterIds)}`
  if (shared) {
    await sql`WITH made AS (${made}) ${listed}`.execute(commit)
  } else {
    await made.execute()
    await listed.execute(commit)
  }
}

/**
 * The id of the latest generation of exactly these chapters in a casting that is not cancelled, whether the novel has
 * all of them, and whether any of their texts has failed: in one statement, because each is a way to another machine. It
 * names the casting's column only in what it selects, or SQLite would read all generations in the casting.
 */
async function stateOf(
  transaction: Database,
  novelId: string,
  casting: Casting,
  chapterIds: readonly number[],
): Promise<{ equal: string | undefined; areThere: boolean; hasFailures: boolean }> {
  const { rows } = await sql<{
    found: number
    failed: number
    id: string | null
    casting: Uint8Array | null
  }>`
    SELECT there.found, there.failed, equal.id, equal.casting
    FROM (
      SELECT count(*) AS found, ${anyFailure(transaction, casting, chapterIds)} AS failed
      FROM ${sqlDialect(transaction).numbers(chapterIds)}
      CROSS JOIN chapters WHERE chapters.id = value AND chapters."novelId" = ${novelId}
    ) AS there
    LEFT JOIN generations AS equal ON equal."novelId" = ${novelId}
      AND equal."chapterSet" = ${chapterSetHash(chapterIds)} AND equal.wish != 'cancelled'
    ORDER BY equal."createdAt" DESC, equal.id DESC`.execute(transaction)
  return {
    equal: rows.find((row) => row.casting && bytesToHash(row.casting) === casting.id)?.id ?? undefined,
    areThere: rows[0]?.found === chapterIds.length,
    hasFailures: rows[0]?.failed === 1,
  }
}

/** The generations of exactly these chapters, in any casting, that are not cancelled, the latest first. */
export async function equalGenerations(
  db: Database,
  novelId: string,
  chapterIds: readonly number[],
): Promise<Generation[]> {
  const query = notCancelled(db).where('generations.novelId', '=', novelId)
  return asGenerations(db, await query.where('chapterSet', '=', chapterSetHash(chapterIds)).execute())
}

export function chapterSetHash(chapterIds: readonly number[]): Buffer {
  const sorted = chapterIds.toSorted((one, other) => one - other)
  return createHash('sha256').update(sorted.join()).digest().subarray(0, 16)
}

/** Query: generations with their narrator's recipe, voice and speed. Excludes those of hidden novels. */
const withNarrator = (db: Database) =>
  db
    .selectFrom('generations')
    .innerJoin('castingParts as narrator', (join) =>
      join.onRef('narrator.casting', '=', 'generations.casting').on('narrator.role', '=', 0),
    )
    .innerJoin('recipes', 'recipes.hash', 'narrator.recipe')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('novels')
          .select('novels.id')
          .whereRef('novels.id', '=', 'generations.novelId')
          .where('novels.complete', '=', novelState.shelved),
      ),
    )
    .select([
      'generations.id',
      'generations.novelId',
      'generations.casting',
      'narrator.recipe as narrator',
      'priority',
      'place',
      'wish',
      'createdAt',
      'startedAt',
      'completedAt',
      'voice',
      'speed',
      (row) =>
        row
          .selectFrom('keptAhead')
          .select('keptAhead.chapters')
          .whereRef('keptAhead.generationId', '=', 'generations.id')
          .as('ahead'),
    ])

/** Query: likewise those that are not cancelled, the latest first. */
export const notCancelled = (db: Database) =>
  withNarrator(db)
    .where('wish', '!=', 'cancelled')
    .orderBy('createdAt', 'desc')
    .orderBy('generations.id', 'desc')

export async function generationById(db: Database, id: string): Promise<Generation | undefined> {
  const row = await withNarrator(db).where('generations.id', '=', id).executeTakeFirst()
  return row && (await asGenerations(db, [row]))[0]
}

/** Those of these ids that there are, in no order. */
export async function generationsById(db: Database, ids: readonly string[]): Promise<Generation[]> {
  if (ids.length === 0) return []
  return asGenerations(db, await withNarrator(db).where('generations.id', 'in', ids).execute())
}

/** Generations that are neither cancelled nor completed, in the order in which they are worked on. */
export async function unfinishedGenerations(db: Database): Promise<Generation[]> {
  const rows = await withNarrator(db)
    .where('completedAt', 'is', null)
    .where('wish', '!=', 'cancelled')
    .execute()
  return (await asGenerations(db, rows)).toSorted(compareInQueue)
}

/** Generations that are completed or cancelled, the latest first. */
export async function finishedGenerations(
  db: Database,
  limit: number,
  offset: number,
): Promise<Generation[]> {
  const rows = await withNarrator(db)
    .where((row) => row.or([row('completedAt', 'is not', null), row('wish', '=', 'cancelled')]))
    .orderBy('createdAt', 'desc')
    .orderBy('generations.id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
  return asGenerations(db, rows)
}

/** Ids of the generations that were completed since then (ISO 8601). */
export async function completedSince(db: Database, time: string): Promise<string[]> {
  const rows = await db.selectFrom('generations').select('id').where('completedAt', '>=', time).execute()
  return rows.map(({ id }) => id)
}

/** The castings in which a novel is or was asked for, also of one in the trash. */
export async function castingsOfNovel(db: Database, novelId: string): Promise<Casting[]> {
  const rows = await db
    .selectFrom('generations')
    .select('casting')
    .distinct()
    .where('novelId', '=', novelId)
    .execute()
  const ids = rows.map(({ casting }) => bytesToHash(casting))
  const castings = await castingsById(db, ids)
  return ids.map((id) => castings.get(id) ?? singleVoice(id))
}

/** When a generation of a novel was last completed, ISO 8601. */
export async function lastCompletion(db: Database, novelId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('generations')
    .select(({ fn }) => fn.max('completedAt').as('last'))
    .where('novelId', '=', novelId)
    .executeTakeFirst()
  return row?.last ?? undefined
}

/** `from`: only if its desired state is still this. Returns whether it was changed. */
export async function updateGeneration(
  db: Database,
  id: string,
  change: {
    desiredState?: DesiredState
    priority?: number
    startedAt?: string
    completedAt?: string | null
  },
  from?: DesiredState,
): Promise<boolean> {
  const { desiredState, ...others } = change
  const changed = { ...others, ...(desiredState && { wish: desiredState }) }
  const query = db.updateTable('generations').set(changed).where('id', '=', id)
  const { numUpdatedRows } = await query
    .$if(from !== undefined, (one) => one.where('wish', '=', from ?? 'run'))
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

export async function asGenerations(db: Database, rows: readonly Row[]): Promise<Generation[]> {
  const several = rows.filter(({ casting, narrator }) => Buffer.compare(casting, narrator) !== 0)
  const castings = await castingsById(
    db,
    several.map(({ casting }) => bytesToHash(casting)),
  )
  return rows.map((row) => {
    const id = bytesToHash(row.casting)
    return asGeneration(row, castings.get(id) ?? singleVoice(id))
  })
}

function asGeneration(row: Row, casting: Casting): Generation {
  const { id, novelId, voice, speed, priority, place, wish, ahead, createdAt, startedAt, completedAt } = row
  return {
    id,
    novelId,
    voice,
    speed,
    casting,
    priority,
    ...(place !== null && { place }),
    desiredState: wish,
    ...(ahead !== null && { ahead }),
    createdAt,
    ...(startedAt !== null && { startedAt }),
    ...(completedAt !== null && { completedAt }),
  }
}
