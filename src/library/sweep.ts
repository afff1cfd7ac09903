import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isPlainName } from './contained-path.ts'
import type { DataPaths } from './folder.ts'
import { moveToTrash, type Replaceable } from './trash.ts'

/** Removes what was being written when the last run ended. Run at start, before anything new comes in. */
export async function sweepTemporaryFiles(folder: DataPaths): Promise<string[]> {
  const names = await readdir(folder.temporary)
  for (const name of names) await rm(join(folder.temporary, name), { recursive: true, force: true })
  return names
}

/** Removes files and folders that the database has noted as left over. Paths are below the data folder. */
export async function removeLeftovers(folder: DataPaths, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const [part = '', name = '', ...more] = path.split('/')
    // Two plain names and no more, whatever the database says.
    if (!['sources', 'covers', 'voices'].includes(part) || !isPlainName(name) || more.length > 0) continue
    await rm(join(folder.root, part, name), { recursive: true, force: true })
  }
}

/** The names in a folder that are not `known`. */
export async function unreferencedNames(
  folder: DataPaths,
  part: Replaceable | 'sources' | 'voices',
  known: ReadonlySet<string>,
): Promise<string[]> {
  return (await readdir(folder[part])).filter((name) => !known.has(name))
}

/** So many strangers a crash may leave, however few files there are. */
const alwaysMovableFiles = 8
const largestShare = 0.25

/**
 * Puts what nobody needs of a folder into the trash. If that is more than a quarter of it, the database is more likely
 * to be the wrong one than the files: then nothing is moved. Returns the names, and whether they were moved.
 */
export async function trashUnreferenced(
  folder: DataPaths,
  part: Replaceable,
  needed: ReadonlySet<string>,
  now: number,
): Promise<{ readonly names: readonly string[]; readonly moved: boolean }> {
  const names = await unreferencedNames(folder, part, needed)
  const all = (await readdir(folder[part])).length
  const moved = names.length <= Math.max(alwaysMovableFiles, all * largestShare)
  if (moved) await moveToTrash(folder, part, names, now)
  return { names, moved }
}
