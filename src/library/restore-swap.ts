import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { syncFolder, writeWhole } from './atomic-file.ts'
import type { Folder } from './folder.ts'

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
const planPath = (folder: Folder): string => join(folder.root, 'restore.json')

/** Where a restored folder is put together: sweeps remove it unless it is on its way. */
export const stagePath = (folder: Folder): string => join(folder.incoming, 'restore')

/**
 * Puts what is staged into its place and what lay there aside: by renames, each of which is done or not, after a plan
 * that `finishSwap` goes on with when they are cut short. Returns where the old data are.
 */
export async function swapIn(folder: Folder, aside: string): Promise<string> {
  await syncFolder(stagePath(folder))
  await writeWhole(folder.incoming, planPath(folder), Buffer.from(JSON.stringify({ aside })))
  await finishSwap(folder)
  return join(folder.root, aside)
}

/** At every start, with the folder locked: ends what a crash has cut short. Returns whether there was something. */
export async function finishSwap(folder: Folder): Promise<boolean> {
  if (!existsSync(planPath(folder))) return false
  const { aside } = plan.parse(JSON.parse(readFileSync(planPath(folder), 'utf8')))
  const stage = stagePath(folder)
  const old = join(folder.root, aside)
  mkdirSync(old, { recursive: true })
  for (const entry of entries) {
    const staged = join(stage, entry)
    // It is in its place already, or the backup has none.
    if (!existsSync(staged)) continue
    for (const name of [...(companions[entry] ?? []), entry]) {
      const present = join(folder.root, name)
      if (existsSync(present) && !removeEmpty(present)) renameSync(present, join(old, name))
    }
    renameSync(staged, join(folder.root, entry))
  }
  await syncFolder(folder.root)
  removeEmpty(old)
  rmSync(planPath(folder))
  rmSync(stage, { recursive: true, force: true })
  return true
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
