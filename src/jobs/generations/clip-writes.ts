import type { Casting } from '../../novel/casting.ts'
import { type ClipKey, clipKeyName } from '../../novel/clip.ts'
import type { ClipStore, NewClip } from '../../storage/clip-store.ts'
import type { Database } from '../../storage/database-tables.ts'
import {
  type Occurrence,
  occurrencesOf,
  occurrencesOfTexts,
  textsAmong,
} from '../../storage/queries/chapter-queries.ts'
import {
  clearFailures,
  deleteFailure,
  type FailedClip,
  failureOf,
  failuresOf,
  saveFailure,
} from '../../storage/queries/clip-failure-queries.ts'
import { hasClip } from '../../storage/queries/clip-queries.ts'
import { clipsTopic, sqlDialect } from '../../storage/sql-dialect.ts'

/** A clip that was to be stored. */
interface WrittenClip extends NewClip {
  readonly occurrences: readonly Occurrence[]
  /** How its text had failed before; that is cleared. */
  readonly failed: FailedClip | undefined
  /** CRC-32 of the clip; `undefined` if there was one already, or its text occurs nowhere. */
  readonly checksum: number | undefined
}

/** A text that occurred somewhere was released before its clip was committed. */
class TextReleased extends Error {}

const maxAttempts = 5

/**
 * Stores clips in one durable commit and clears the failures of their texts. A clip whose text occurs nowhere, because
 * its novel was deleted while it was spoken, is dropped. Returns them in their order.
 */
export async function storeClips(
  db: Database,
  store: ClipStore,
  clips: readonly NewClip[],
): Promise<WrittenClip[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryStoreClips(db, store, clips)
    } catch (error) {
      if (!(error instanceof TextReleased) || attempt >= maxAttempts) throw error
    }
  }
}

async function tryStoreClips(
  db: Database,
  store: ClipStore,
  clips: readonly NewClip[],
): Promise<WrittenClip[]> {
  const found = await withOccurrences(db, clips)
  // In one order everywhere, or two servers would wait for each other's rows.
  const referenced = found
    .filter(({ occurrences }) => occurrences.length > 0)
    .toSorted((one, other) => compare(clipKeyName(one.key), clipKeyName(other.key)))
  if (referenced.length === 0) return found.map((each) => ({ ...each, checksum: undefined }))
  const failures = referenced.filter(({ failed }) => failed).map(({ key }) => key)
  const finish = async (commit: Database): Promise<void> => {
    await refuseReleased(commit, referenced)
    for (const key of failures) await deleteFailure(commit, key)
  }
  const { shared } = sqlDialect(db)
  const checksums = await store.put(referenced, shared ? finish : undefined)
  // Not in the commit of the clips: the two files of SQLite have no common one.
  if (!shared) for (const key of failures) await deleteFailure(db, key)
  const written = new Map(referenced.map((each, at) => [each, checksums[at]]))
  return found.map((each) => ({ ...each, checksum: written.get(each) }))
}

type Occurring = NewClip & Pick<WrittenClip, 'occurrences' | 'failed'>

/** Where the texts of clips occur, and how they had failed: on Postgres two statements for all of them. */
async function withOccurrences(db: Database, clips: readonly NewClip[]): Promise<Occurring[]> {
  if (!sqlDialect(db).shared || clips.length === 1) {
    return Promise.all(
      clips.map(async ({ key, clip }) => {
        const [occurrences, failed] = await Promise.all([occurrencesOf(db, key.words), failureOf(db, key)])
        return { key, clip, occurrences, failed }
      }),
    )
  }
  const keys = clips.map(({ key }) => key)
  const [occurrences, failures] = await Promise.all([
    occurrencesOfTexts(
      db,
      keys.map(({ words }) => words),
    ),
    failuresOf(db, keys),
  ])
  return clips.map(({ key, clip }) => ({
    key,
    clip,
    occurrences: occurrences.get(key.words) ?? [],
    failed: failures.get(clipKeyName(key)),
  }))
}

/**
 * Until the commit, no clip of a released text is swept. One whose text was released already would never be, so then
 * nothing is stored. Throws `TextReleased`.
 */
async function refuseReleased(commit: Database, clips: readonly NewClip[]): Promise<void> {
  await sqlDialect(commit).serialize(commit, clipsTopic, 'shared')
  const texts = new Set(clips.map(({ key }) => key.words))
  if ((await textsAmong(commit, [...texts])).size < texts.size)
    throw new TextReleased('the novel of a clip was deleted while it was stored')
}

function compare(one: string, other: string): number {
  return Number(one > other) - Number(one < other)
}

/**
 * Stores that a text failed in a recipe. Returns where it occurs, and by how much its segments that are set aside became
 * more. If its novel was deleted meanwhile, or another server has spoken it, nothing is stored.
 */
export function storeFailure(
  db: Database,
  key: ClipKey,
  failed: FailedClip,
): Promise<{ readonly occurrences: Occurrence[]; readonly setAside: number }> {
  return sqlDialect(db).exclude(db, clipsTopic, async (alone) => {
    const before = await failureOf(alone, key)
    const occurrences = await occurrencesOf(alone, key.words)
    // Nothing would delete the row again.
    if (occurrences.length === 0) return { occurrences, setAside: 0 }
    const spoken = await hasClip(alone, key)
    if (spoken && sqlDialect(alone).shared) return { occurrences, setAside: 0 }
    await saveFailure(alone, key, failed)
    const change = Number(failed.setAside) - Number(before?.setAside ?? false)
    return { occurrences, setAside: spoken ? 0 : change }
  })
}

/** A failure that was cleared. `counted`: its segments were counted as set aside. */
interface ClearedFailure {
  readonly key: ClipKey
  readonly occurrences: readonly Occurrence[]
  readonly counted: boolean
}

/** Clears all failures in a generation's chapters in its casting. */
export async function clearFailuresOf(
  db: Database,
  { id, casting }: { readonly id: string; readonly casting: Casting },
): Promise<ClearedFailure[]> {
  const cleared: ClearedFailure[] = []
  for (const { key, setAside } of await clearFailures(db, id, casting)) {
    const occurrences = await occurrencesOf(db, key.words)
    cleared.push({ key, occurrences, counted: setAside && !(await hasClip(db, key)) })
  }
  return cleared
}

/** A recipe in which something can be spoken again, and where. */
interface RecipeOccurrences {
  /** Hash, hex. */
  readonly recipe: string
  readonly occurrences: readonly Occurrence[]
}

/** Where the texts of these failures occur, in any novel. */
export function placesByRecipe(cleared: readonly ClearedFailure[]): RecipeOccurrences[] {
  const touched = new Map<string, Map<string, Occurrence>>()
  for (const { key, occurrences } of cleared) {
    const places = touched.get(key.recipe) ?? new Map<string, Occurrence>()
    touched.set(key.recipe, places)
    for (const each of occurrences) places.set(`${each.chapterId}/${each.role}`, each)
  }
  return [...touched].map(([recipe, places]) => ({ recipe, occurrences: [...places.values()] }))
}
