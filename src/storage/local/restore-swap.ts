import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Failure } from '../../novel/failure.ts'
import type { DataPaths } from './data-paths.ts'
import { moveDurably, syncFolder, writeFileAtomically } from './durable-files.ts'

/** The entries of a data folder that a backup can contain. */
const entries = ['nightjar.db', 'clips.db', 'words.tsv', 'sources', 'covers', 'voices', 'imports'] as const

/** Files that belong to a database and are moved with it. */
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
  /** Folder for the replaced entries, below the data folder. */
  aside: z.string().regex(/^set-aside-[\w.-]+$/),
})

/** While this file exists, the staged entries are being moved into place. */
const planPath = (folder: DataPaths): string => join(folder.root, 'restore.json')

/** Where restored entries are assembled. Among the temporary files: swept at the next start unless a plan exists. */
export const stagePath = (folder: DataPaths): string => join(folder.temporary, 'restore')

/**
 * Moves the staged entries into place and the present ones aside, in atomic steps after a plan on disk with which
 * `finishSwap` continues after a crash. Returns the path of the old data.
 */
export async function swapInRestored(folder: DataPaths, aside: string): Promise<string> {
  await syncFolder(stagePath(folder))
  await writeFileAtomically(folder.temporary, planPath(folder), Buffer.from(JSON.stringify({ aside })))
  await finishSwap(folder)
  return join(folder.root, aside)
}

/**
 * Completes an interrupted swap. To be called at every start, with the folder locked. Returns whether there was one.
 * Throws `storage.unwritable`: a mixture of two databases must not be used.
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
    // This name records that the present entry is already aside. Without it, files of the staged one that were moved
    // into place one by one would be taken for present ones and moved aside.
    const freed = `${staged}.freed`
    if (existsSync(staged)) {
      for (const name of [...(companions[entry] ?? []), entry]) {
        const present = join(folder.root, name)
        if (existsSync(present) && !removeEmpty(present)) await moveDurably(present, join(old, name))
      }
      renameSync(staged, freed)
    }
    // Already in place, or not in the backup.
    if (!existsSync(freed)) continue
    removeEmpty(join(folder.root, entry))
    await moveDurably(freed, join(folder.root, entry))
  }
  await syncFolder(folder.root)
  removeEmpty(old)
  rmSync(planPath(folder))
  rmSync(stage, { recursive: true, force: true })
}

/** Removes an empty folder. Returns whether it did. */
function removeEmpty(path: string): boolean {
  try {
    rmdirSync(path)
    return true
  } catch {
    return false
  }
}
