import type { Casting } from '../../novel/casting.ts'
import { type ClipKey, clipKeyName } from '../../novel/clip.ts'
import type { ClipDoubt } from '../../novel/clip-doubt.ts'
import type { ClipStore, NewClip } from '../../storage/clip-store.ts'
import type { Database } from '../../storage/database-tables.ts'
import { type Occurrence, occurrencesOf } from '../../storage/queries/chapter-queries.ts'
import {
  clearFailures,
  clearFailuresOfTexts,
  deleteFailure,
  type FailedClip,
  failureOf,
  saveFailure,
  type SpokenText,
} from '../../storage/queries/clip-failure-queries.ts'
import { hasClip } from '../../storage/queries/clip-queries.ts'
import { saveDoubts } from '../../storage/queries/spot-queries.ts'
import { clipsTopic, sqlDialect } from '../../storage/sql-dialect.ts'

/** A clip that was to be stored. */
interface WrittenClip extends NewClip {
  readonly occurrences: readonly Occurrence[]
  /** How its text had failed before; that is cleared. */
  readonly failed: FailedClip | undefined
  /** CRC-32 of the clip; `undefined` if there was one already, or its text occurs nowhere. */
  readonly checksum: number | undefined
}

/**
 * Stores clips in one durable commit and clears the failures of their texts. A clip whose text occurs nowhere, because
 * its novel was deleted while it was spoken, is dropped. Returns them in their order.
 */
export async function storeClips(
  db: Database,
  store: ClipStore,
  clips: readonly NewClip[],
): Promise<WrittenClip[]> {
  return sqlDialect(db).shared ? storeAmongServers(store, clips) : storeAlone(db, store, clips)
}

/**
 * Where others write too. Until the commit, no clip of a released text is swept. One whose text was released already
 * would never be, so texts are looked for in the same commit, when no sweep can run.
 */
async function storeAmongServers(store: ClipStore, clips: readonly NewClip[]): Promise<WrittenClip[]> {
  let found: ReadonlyMap<string, SpokenText> = new Map()
  const textOf = ({ key }: NewClip) => found.get(clipKeyName(key)) ?? { occurrences: [], failed: undefined }
  // In one order everywhere, or two servers would wait for each other's rows.
  const ordered = clips.toSorted((one, other) => compare(clipKeyName(one.key), clipKeyName(other.key)))
  const checksums = await store.put(ordered, async (commit) => {
    await sqlDialect(commit).serialize(commit, clipsTopic, 'shared')
    found = await clearFailuresOfTexts(
      commit,
      ordered.map(({ key }) => key),
    )
    const spoken = ordered.filter((each) => textOf(each).occurrences.length > 0)
    await saveDoubts(commit, await doubtsOf(commit, spoken))
    return new Set(spoken)
  })
  const written = new Map(ordered.map((each, at) => [each, checksums[at]]))
  return clips.map((each) => ({ ...each, ...textOf(each), checksum: written.get(each) }))
}

/** On the only server of a database. */
async function storeAlone(db: Database, store: ClipStore, clips: readonly NewClip[]): Promise<WrittenClip[]> {
  const found = await Promise.all(
    clips.map(async ({ key, clip }) => {
      const [occurrences, failed] = await Promise.all([occurrencesOf(db, key.words), failureOf(db, key)])
      return { key, clip, occurrences, failed }
    }),
  )
  const referenced = found
    .filter(({ occurrences }) => occurrences.length > 0)
    .toSorted((one, other) => compare(clipKeyName(one.key), clipKeyName(other.key)))
  if (referenced.length === 0) return found.map((each) => ({ ...each, checksum: undefined }))
  // Before the clips, because the two files of SQLite have no common commit: a doubt without a clip is not shown.
  await saveDoubts(db, await doubtsOf(db, referenced))
  const checksums = await store.put(referenced)
  // Likewise not in their commit.
  for (const { key, failed } of referenced) if (failed) await deleteFailure(db, key)
  const written = new Map(referenced.map((each, at) => [each, checksums[at]]))
  return found.map((each) => ({ ...each, checksum: written.get(each) }))
}

/** What is suspicious of clips that are not there yet: another take of them would be kept. */
async function doubtsOf(db: Database, clips: readonly NewClip[]) {
  const doubts: { key: ClipKey; doubt: ClipDoubt }[] = []
  for (const { key, clip } of clips)
    if (clip.doubt && !(await hasClip(db, key))) doubts.push({ key, doubt: clip.doubt })
  return doubts
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
