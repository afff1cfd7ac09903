import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Failure } from '../../novel/failure.ts'
import { syncFolder, writeFileAtomically, moveDurably } from './durable-files.ts'
import type { DataPaths } from './data-paths.ts'

/** What a backup can hold, as it lies in a data folder. */
const entries = ['nightjar.db', 'clips.db', 'words.tsv', 'sources', 'covers', 'voices'] as const

/** What belongs to a database and goes with it. */
const companions: Readonly<Record<string, readonly string[]>> = {
  'nightjar.db': ['nightjar.db-wal', 'nightjar.db-shm'],
  'clips.db': [
    'clips.db-wal',
    'clips.db-shm',
    'clips.db.salvage',
    'clips.db.salvage-wal',
    'clips.db.salvage-shm',
  ],
}

const plan = z.object({
  /** Where what was there goes, below the data folder. */
  aside: z.string().regex(/^set-aside-[\w.-]+$/),
})

/** As long as this lies in a data folder, what is staged is on its way into its place. */
const planPath = (folder: DataPaths): string => join(folder.root, 'restore.json')

/** Where a restored folder is put together: sweeps remove it unless it is on its way. */
export const stagePath = (folder: DataPaths): string => join(folder.temporary, 'restore')

/**
 * Puts what is staged into its place and what lay there aside: by steps, each of which is done or not, after a plan
 * that `finishSwap` goes on with when they are cut short. Returns where the old data are.
 */
export async function swapInRestored(folder: DataPaths, aside: string): Promise<string> {
  await syncFolder(stagePath(folder))
  await writeFileAtomically(folder.temporary, planPath(folder), Buffer.from(JSON.stringify({ aside })))
  await finishSwap(folder)
  return join(folder.root, aside)
}

/**
 * At every start, with the folder locked: ends what a crash has cut short. Returns whether there was something. Throws
 * `storage.unwritable`: half of one database and half of another are not to be worked with.
 */
export async function finishSwap(folder: DataPaths): Promise<boolean> {
  if (!existsSync(planPath(folder))) return false
  try {
    await followPlan(folder)
    return true
  } catch (cause) {
    const detail = `a restore that was begun cannot be ended, ${(cause as Error).message}`
    throw new Failure('storage.unwritable', { folder: folder.root, detail }, { cause })
  }
}

async function followPlan(folder: DataPaths): Promise<void> {
  const { aside } = plan.parse(JSON.parse(readFileSync(planPath(folder), 'utf8')))
  const stage = stagePath(folder)
  const old = join(folder.root, aside)
  mkdirSync(old, { recursive: true })
  for (const entry of entries) {
    const staged = join(stage, entry)
    // Its name tells that what was there is aside: where files go over one by one, they would be taken for that.
    const freed = `${staged}.freed`
    if (existsSync(staged)) {
      for (const name of [...(companions[entry] ?? []), entry]) {
        const present = join(folder.root, name)
        if (existsSync(present) && !removeEmpty(present)) await moveDurably(present, join(old, name))
      }
      renameSync(staged, freed)
    }
    // It is in its place already, or the backup has none.
    if (!existsSync(freed)) continue
    removeEmpty(join(folder.root, entry))
    await moveDurably(freed, join(folder.root, entry))
  }
  await syncFolder(folder.root)
  removeEmpty(old)
  rmSync(planPath(folder))
  rmSync(stage, { recursive: true, force: true })
}

/** Removes a folder in which nothing is. Returns whether it did. */
function removeEmpty(path: string): boolean {
  try {
    rmdirSync(path)
    return true
  } catch {
    return false
  }
}
