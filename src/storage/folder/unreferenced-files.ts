import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isPlainName } from './contained-path.ts'
import type { DataPaths } from './data-paths.ts'
import { freeBytes, reserveBytes } from './disk-space.ts'
import { moveDurably } from './durable-files.ts'

/** The folders whose files can be remade or downloaded again, so that unreferenced ones go to the trash. */
export type Replaceable = 'covers' | 'downloads' | 'recordings'

/** Removes the temporary files of the last run. To be called at start, before anything is received. */
export async function sweepTemporaryFiles(folder: DataPaths): Promise<string[]> {
  const names = await readdir(folder.temporary)
  for (const name of names) await rm(join(folder.temporary, name), { recursive: true, force: true })
  return names
}

/** Removes the leftovers recorded in the database. Paths are relative to the data folder; others are ignored. */
export async function removeLeftovers(folder: DataPaths, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const [part = '', name = '', ...more] = path.split('/')
    // The database may be damaged: only paths of exactly two plain names are accepted.
    if (!['sources', 'covers', 'voices'].includes(part) || !isPlainName(name) || more.length > 0) continue
    await rm(join(folder.root, part, name), { recursive: true, force: true })
  }
}

/** The names in a folder that are not in `known`. */
export async function unreferencedNames(
  folder: DataPaths,
  part: Replaceable | 'sources' | 'voices',
  known: ReadonlySet<string>,
): Promise<string[]> {
  return (await readdir(folder[part])).filter((name) => !known.has(name))
}

/** A crash may leave this many unreferenced files, even if there are few others. */
const alwaysMovableFiles = 8
const largestShare = 0.25

/**
 * Moves the unreferenced files of a folder to the trash. If they are more than a quarter of its files, the database is
 * more likely wrong (older, or of another folder) than the files, and nothing is moved. Returns their names, and
 * whether they were moved.
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

/**
 * Moves files of a folder to the trash, below a folder named by `now` (epoch milliseconds), for 30 days. The folders
 * are not synced: after a crash some files may be back in their place. Throws the first error after trying all files.
 */
export async function moveToTrash(
  folder: DataPaths,
  part: Replaceable | 'sources',
  names: readonly string[],
  now: number,
): Promise<void> {
  if (names.length === 0) return
  const target = join(folder.trash, trashName(now), part)
  await mkdir(target, { recursive: true })
  const errors: unknown[] = []
  for (const name of names) {
    await moveDurably(join(folder[part], name), join(target, name)).catch((error: unknown) =>
      errors.push(error),
    )
  }
  if (errors.length > 0) throw errors[0]
}

/** Moves a damaged database that has been salvaged to the trash, or removes it if its disk space is needed. */
export async function trashSalvagedDatabase(folder: DataPaths, path: string, now: number): Promise<void> {
  const { size } = await stat(path)
  const hasSpace = (await freeBytes(folder)) > size + reserveBytes
  const target = join(folder.trash, trashName(now))
  if (hasSpace) await mkdir(target, { recursive: true })
  // The WAL first: left without its database, it would be read as that of the next database of this name.
  for (const ending of ['-wal', '-shm', '']) {
    if (hasSpace) await moveDurably(path + ending, join(target, basename(path) + ending)).catch(unlessMissing)
    else await rm(path + ending, { force: true })
  }
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

const keptDays = 30
const dayMs = 24 * 60 * 60 * 1000

/** Empties the trash once a day until it is disposed. */
export function emptyTrashDaily(folder: DataPaths, onError: (error: unknown) => void): Disposable {
  const timer = setInterval(() => void emptyTrash(folder, Date.now()).catch(onError), dayMs).unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** Removes what has been in the trash for 30 days. Returns the number of its folders that were removed. */
export async function emptyTrash(folder: DataPaths, now: number): Promise<number> {
  let removed = 0
  for (const name of await readdir(folder.trash)) {
    const since = trashedAt(name)
    if (since === undefined || now - since < keptDays * dayMs) continue
    await rm(join(folder.trash, name), { recursive: true, force: true })
    removed++
  }
  return removed
}

/** `2026-11-29T07.46.39.123Z`: a valid name on every file system. */
export function trashName(now: number): string {
  return new Date(now).toISOString().replaceAll(':', '.')
}

/** Epoch milliseconds of a trash folder's name; `undefined` for any other name, which is never removed. */
function trashedAt(name: string): number | undefined {
  const time = /^(\d{4}-\d\d-\d\dT\d\d)\.(\d\d)\.(\d\d\.\d{3}Z)$/.exec(name)
  const at = time ? Date.parse(`${time[1]}:${time[2]}:${time[3]}`) : NaN
  return Number.isNaN(at) ? undefined : at
}
