import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isPlainName } from './contained-path.ts'
import type { DataPaths } from './data-paths.ts'
import { freeBytes, reserveBytes } from './disk-space.ts'
import { moveDurably } from './durable-files.ts'

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

const keptDays = 30
const dayMs = 24 * 60 * 60 * 1000

/** The folders whose files can be made or fetched again: what nobody needs of them is put into the trash. */
export type Replaceable = 'covers' | 'downloads' | 'recordings'

/**
 * Moves files of a folder into the trash, under the time at which it happens. They lie there for 30 days. Durable by
 * the file system's own time: after a crash some may lie where they were. Throws the first refusal after all were tried.
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
  const refusals: unknown[] = []
  for (const name of names) {
    await moveDurably(join(folder[part], name), join(target, name)).catch((error: unknown) =>
      refusals.push(error),
    )
  }
  if (refusals.length > 0) throw refusals[0]
}

/**
 * Puts a damaged database of which everything that can be read is elsewhere into the trash, or removes it where its
 * room is needed.
 */
export async function trashSalvagedDatabase(folder: DataPaths, path: string, now: number): Promise<void> {
  const { size } = await stat(path)
  const roomy = (await freeBytes(folder)) > size + reserveBytes
  const target = join(folder.trash, trashName(now))
  if (roomy) await mkdir(target, { recursive: true })
  // The log first: beside no database it would be taken for that of the next one of this name.
  for (const ending of ['-wal', '-shm', '']) {
    if (roomy) await moveDurably(path + ending, join(target, basename(path) + ending)).catch(unlessMissing)
    else await rm(path + ending, { force: true })
  }
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

/** Looks once a day for what has lain there for 30 days. Close it with `dispose`. */
export function emptyTrashDaily(folder: DataPaths, onError: (error: unknown) => void): Disposable {
  const timer = setInterval(() => void emptyTrash(folder, Date.now()).catch(onError), dayMs).unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** Removes what has lain there for 30 days. Returns how many times of removal it were. */
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

/** `2026-11-29T07.46.39.123Z`: a name on every file system. */
export function trashName(now: number): string {
  return new Date(now).toISOString().replaceAll(':', '.')
}

/** Whatever else lies there was put there by somebody else, and stays. */
function trashedAt(name: string): number | undefined {
  const time = /^(\d{4}-\d\d-\d\dT\d\d)\.(\d\d)\.(\d\d\.\d{3}Z)$/.exec(name)
  const at = time ? Date.parse(`${time[1]}:${time[2]}:${time[3]}`) : NaN
  return Number.isNaN(at) ? undefined : at
}
