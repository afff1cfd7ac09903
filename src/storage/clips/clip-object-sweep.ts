import type { SweptOrphans } from '../clip-store.ts'
import type { Database } from '../database-tables.ts'
import type { ObjectStore } from '../object-store.ts'
import {
  forgetLeftoverObjects,
  listedLeftovers,
  oldLeftoverObjects,
  referencedObjects,
} from '../queries/clip-object-queries.ts'
import { areFew, moveToTrash } from '../unreferenced-objects.ts'

/** By then every reader of a row has read its object. */
const leftoverMs = 60 * 60 * 1000
/** A clip is stored in far less time: its object, then its row. */
const orphanMs = 24 * 60 * 60 * 1000
const objectsPerStep = 500
/** In memory at once, and moved at once. */
const maxOrphans = 10_000

interface SweepSources {
  readonly db: Database
  readonly objects: ObjectStore
}

/**
 * Removes the objects that were noted an hour ago (left out: `ms`) because their clips were deleted, packed or stored by
 * somebody else first, unless a clip has them now. Returns how many were removed.
 */
export async function removeLeftoverObjects(
  { db, objects }: SweepSources,
  signal?: AbortSignal,
  ms = leftoverMs,
): Promise<number> {
  let removed = 0
  for (;;) {
    const due = await oldLeftoverObjects(db, ms, objectsPerStep)
    if (due.length === 0 || signal?.aborted) return removed
    const names = due.map(({ object }) => object)
    const referenced = await referencedObjects(db, names)
    const unreferenced = names.filter((name) => !referenced.has(name))
    // Nobody stores anything under a name while it is noted.
    await objects.delete(unreferenced)
    await forgetLeftoverObjects(db, due)
    removed += unreferenced.length
  }
}

/**
 * Moves to the trash what crashes have left between an object and its row: objects of clips and packs that are older than
 * a day (left out: `ms`) and that neither a clip nor a note of a leftover names. If they are many, nothing is moved.
 */
export async function trashOrphanObjects(
  { db, objects }: SweepSources,
  now: number,
  signal?: AbortSignal,
  ms = orphanMs,
): Promise<SweptOrphans> {
  const orphans: string[] = []
  let all = 0
  const examine = async (old: readonly string[]): Promise<void> => {
    const referenced = await referencedObjects(db, old)
    const unreferenced = old.filter((name) => !referenced.has(name))
    const listed = await listedLeftovers(db, unreferenced)
    orphans.push(...unreferenced.filter((name) => !listed.has(name)))
  }
  for (const part of ['clips/', 'packs/']) {
    let old: string[] = []
    for await (const { key, modifiedAt } of objects.list(part)) {
      if (signal?.aborted) return { orphans: 0, moved: true }
      all++
      if (now - modifiedAt < ms || orphans.length >= maxOrphans) continue
      old.push(key)
      if (old.length < objectsPerStep) continue
      await examine(old)
      old = []
    }
    await examine(old)
  }
  const moved = areFew(orphans.length, all)
  if (moved) await moveToTrash(objects, orphans, now)
  return { orphans: orphans.length, moved }
}
