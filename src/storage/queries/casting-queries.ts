import { type RawBuilder, sql } from 'kysely'
import { type Casting, castingOf, type CastingPart, singleVoice } from '../../novel/casting.ts'
import type { Recipe } from '../../novel/clip.ts'
import type { Database } from '../database-tables.ts'
import { bytesToHash, hashToBytes } from './column-values.ts'
import { saveRecipe } from './recipe-queries.ts'

/** Writes a casting with the recipes of its parts. Called in a transaction; what is there already stays as it is. */
export async function saveCasting(db: Database, casting: Casting, recipes: readonly Recipe[]): Promise<void> {
  for (const recipe of recipes) await saveRecipe(db, recipe)
  const id = hashToBytes(casting.id)
  await db
    .insertInto('castings')
    .values({ id })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const parts = [{ role: narratorRole, recipe: casting.narrator }, ...casting.parts]
  await db
    .insertInto('castingParts')
    .values(parts.map(({ role, recipe }) => ({ casting: id, role, recipe: hashToBytes(recipe) })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

const narratorRole = 0

/** A casting by its id. One that was never written down is a single voice: nobody has asked for it yet. */
export async function castingById(db: Database, id: string): Promise<Casting> {
  return (await castingsById(db, [id])).get(id) ?? singleVoice(id)
}

/** Ids of the castings that were seen to be in the database, where they stay. Not those of a transaction that goes on. */
export function savedCastings(db: Database): Set<string> {
  const known = castingsSaved.get(db) ?? new Set<string>()
  castingsSaved.set(db, known)
  return known
}

const castingsSaved = new WeakMap<Database, Set<string>>()

/** Castings never change, so each is read once. By the adapter of a connection, which its transactions share. */
const castingsRead = new WeakMap<object, Map<string, Casting>>()

/** The castings with these ids, by id. */
export async function castingsById(
  db: Database,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, Casting>> {
  const { adapter } = db.getExecutor()
  const read = castingsRead.get(adapter) ?? new Map<string, Casting>()
  castingsRead.set(adapter, read)
  const unread = [...new Set(ids)].filter((id) => !read.has(id))
  if (unread.length > 0) {
    const rows = await db
      .selectFrom('castingParts')
      .selectAll()
      .where('casting', 'in', unread.map(hashToBytes))
      .execute()
    for (const [id, parts] of Map.groupBy(rows, ({ casting }) => bytesToHash(casting))) {
      read.set(id, castingOfRows(parts))
    }
  }
  return read
}

function castingOfRows(rows: readonly { readonly role: number; readonly recipe: Uint8Array }[]): Casting {
  const parts = rows.map(({ role, recipe }): CastingPart => ({ role, recipe: bytesToHash(recipe) }))
  const narrator = parts.find(({ role }) => role === narratorRole)
  if (!narrator) throw new Error('a casting in the database has no narrator')
  return castingOf(narrator.recipe, parts)
}

/**
 * The castings in which a novel may have been spoken with this narrator: single voices of this voice and speed that
 * anybody has asked for, and those with several voices that were asked for of this novel.
 */
export async function castingsWithNarrator(
  db: Database,
  novelId: string,
  voice: string,
  speed: number,
): Promise<Casting[]> {
  const narrated = db
    .selectFrom('castingParts as part')
    .innerJoin('recipes', 'recipes.hash', 'part.recipe')
    .select(['part.casting', 'part.recipe'])
    .where('part.role', '=', narratorRole)
    .where('recipes.voice', '=', voice)
    .where('recipes.speed', '=', speed)
  const rows = await narrated
    .where(({ exists, or, eb, selectFrom }) =>
      or([
        eb('part.casting', '=', eb.ref('part.recipe')),
        exists(
          selectFrom('generations')
            .select('generations.id')
            .where('generations.novelId', '=', novelId)
            .whereRef('generations.casting', '=', 'part.casting'),
        ),
      ]),
    )
    .execute()
  const several = rows.map(({ casting }) => bytesToHash(casting))
  const castings = await castingsById(db, several)
  return several.map((id) => castings.get(id) ?? singleVoice(id))
}

/**
 * The segments with the recipe that each is spoken in, for joins with clips and failures. For a single voice it is a
 * parameter and the statement names no casting; for several each segment's role is looked up, one more seek in an index.
 * The lookup stands before all joins that follow, so that these find their rows by key.
 */
export function castSegments(db: Database, casting: Casting) {
  const segments = db
    .selectFrom('segments')
    .$if(casting.parts.length > 0, (query) =>
      query.leftJoin('castingParts as part', (join) =>
        join.on('part.casting', '=', hashToBytes(casting.id)).onRef('part.role', '=', 'segments.role'),
      ),
    )
  return { segments, recipe: spokenIn(casting) }
}

/** The recipe that a segment is spoken in; of several voices in a query that has joined the segment's `part`. */
export function spokenIn({ narrator, parts }: Casting): RawBuilder<Uint8Array> {
  const own = hashToBytes(narrator)
  return parts.length > 0 ? sql`coalesce(part.recipe, ${own})` : sql`${own}`
}

/** The recipe that a segment is spoken in by a casting that need not be stored; a statement may have several. */
export function spokenByParts({ narrator, parts }: Casting): RawBuilder<Uint8Array> {
  const own = hashToBytes(narrator)
  if (parts.length === 0) return sql`${own}`
  const cases = parts.map(({ role, recipe }) => sql`WHEN segments.role = ${role} THEN ${hashToBytes(recipe)}`)
  // The first case is never true. Postgres knows by its column that all values are bytes.
  return sql`CASE WHEN segments.role < 0 THEN segments.words ${sql.join(cases, sql` `)} ELSE ${own} END`
}
