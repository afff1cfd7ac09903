import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { areFew, trashName } from '../unreferenced-objects.ts'
import type { DataPaths } from './data-paths.ts'
import { freeBytes, reserveBytes } from './disk-space.ts'
import { moveDurably } from './durable-files.ts'

/** Removes the temporary files of the last run. To be called at start, before anything is received. */
export async function sweepTemporaryFiles(folder: DataPaths): Promise<string[]> {
  const names = await readdir(folder.temporary)
  for (const name of names) await rm(join(folder.temporary, name), { recursive: true, force: true })
  return names
}

/**
 * Moves the folders of unknown downloads to the trash, below a folder named by `now` (epoch milliseconds), for 30 days.
 * If they are not few (see `areFew`), nothing is moved. Returns their names, and whether they were moved. The folders are
 * not synced: after a crash some may be back in their place. Throws the first error after trying all.
 */
export async function trashUnreferencedDownloads(
  folder: DataPaths,
  needed: ReadonlySet<string>,
  now: number,
): Promise<{ readonly names: readonly string[]; readonly moved: boolean }> {
  const all = await readdir(folder.downloads)
  const names = all.filter((name) => !needed.has(name))
  const moved = areFew(names.length, all.length)
  if (!moved || names.length === 0) return { names, moved }
  const target = join(folder.trash, trashName(now), 'downloads')
  await mkdir(target, { recursive: true })
  const errors: unknown[] = []
  for (const name of names) {
    await moveDurably(join(folder.downloads, name), join(target, name)).catch((error: unknown) =>
      errors.push(error),
    )
  }
  if (errors.length > 0) throw errors[0]
  return { names, moved }
}

/** Throws the file system's error of the first link among the objects that leads nowhere: no sweep can see it. */
export async function refuseDanglingLinks({ covers, recordings, sources, voices }: DataPaths): Promise<void> {
  for (const part of [sources, voices, covers, recordings])
    for (const entry of await readdir(part, { withFileTypes: true }))
      if (entry.isSymbolicLink()) await stat(join(part, entry.name))
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
