import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { lockFolder } from '../database/lock.ts'
import { filesOfSnapshot, isStillThere, snapshot, type SnapshotNovel } from '../database/snapshot.ts'
import {
  type BackedUpFile,
  backupTarget,
  copyVerified,
  digestOf,
  makePartial,
  placeBackup,
} from '../library/backup-folder.ts'
import { cardName, type Folder } from '../library/folder.ts'
import { Failure } from '../novel/failure.ts'

export interface BackupOptions {
  readonly clips: boolean
  readonly version: string
  /** What is copied, and how much of it, 0 to 1. */
  readonly onProgress: (what: string, share: number) => void
}

export interface MadeBackup {
  readonly folder: string
  readonly novels: number
  readonly bytes: number
  /** What could not be copied whole, in sentences. */
  readonly complaints: readonly string[]
}

const lockName = 'lock.db'

/** A novel was deleted between the copy of the database and that of its files. */
class NovelGone extends Error {}

/**
 * Copies a data folder, also while a server works on it: `nightjar.db` as it is at one moment and the files that it
 * refers to. Everything is read back; the folder is whole, or is not there. Throws `backup.occupied`, `backup.inside`,
 * `backup.failed`, `storage.damaged`, `storage.in-use` if another backup is being made there.
 */
export async function backUp(data: Folder, path: string, options: BackupOptions): Promise<MadeBackup> {
  const target = await backupTarget(path, data.root)
  try {
    const partial = await makePartial(target, lockName)
    using locked = new DisposableStack()
    locked.use(lockFolder(join(partial, lockName), target))
    try {
      return await copyEverything(data, target, partial, options, () => locked.dispose())
    } catch (error) {
      await rm(partial, { recursive: true, force: true })
      throw error
    }
  } catch (error) {
    if (error instanceof Failure || !(error instanceof Error) || !('code' in error)) throw error
    throw new Failure('backup.failed', { folder: target, detail: error.message }, { cause: error })
  }
}

async function copyEverything(
  data: Folder,
  target: string,
  partial: string,
  options: BackupOptions,
  unlock: () => void,
): Promise<MadeBackup> {
  const { onProgress, version } = options
  const complaints: string[] = []
  let copied: { novels: number; files: BackedUpFile[] } | undefined
  while (!copied) {
    try {
      complaints.length = 0
      copied = await copyPrecious(data, partial, complaints, onProgress)
    } catch (error) {
      if (!(error instanceof NovelGone)) throw error
      await makePartial(target, lockName)
    }
  }
  const { novels, files } = copied
  if (options.clips && (await stat(data.clipsDb).catch(() => undefined))) {
    const clips = join(partial, 'clips.db')
    const told = (share: number): void => onProgress('clips.db', share)
    await snapshot(data.clipsDb, clips, { folder: data.root, onProgress: told })
    files.push({ path: 'clips.db', ...(await digestOf(clips)) })
  }
  unlock()
  for (const name of await readdir(partial)) {
    if (name.startsWith(lockName)) await rm(join(partial, name), { force: true })
  }
  await placeBackup(target, files, version)
  return { folder: target, novels, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), complaints }
}

/** The database, and of its novels and voices the files. */
async function copyPrecious(
  data: Folder,
  partial: string,
  complaints: string[],
  onProgress: BackupOptions['onProgress'],
): Promise<{ novels: number; files: BackedUpFile[] }> {
  const database = join(partial, 'nightjar.db')
  const told = (share: number): void => onProgress('nightjar.db', share)
  await snapshot(data.nightjarDb, database, { folder: data.root, onProgress: told })
  const files: BackedUpFile[] = [{ path: 'nightjar.db', ...(await digestOf(database)) }]
  const { novels, voices } = filesOfSnapshot(database)
  for (const [at, novel] of novels.entries()) {
    files.push(...(await copyNovel(data, partial, novel, complaints)))
    onProgress('books', (at + 1) / novels.length)
  }
  for (const [at, folder] of voices.entries()) {
    for (const name of await readdir(join(data.voices, folder)).catch(() => [])) {
      const path = `voices/${folder}/${name}`
      files.push({ path, ...(await copyVerified(join(data.root, path), join(partial, path))) })
    }
    onProgress('voices', (at + 1) / voices.length)
  }
  return { novels: novels.length, files }
}

async function copyNovel(
  data: Folder,
  partial: string,
  { id, title, sourceSha256, hasCover }: SnapshotNovel,
  complaints: string[],
): Promise<BackedUpFile[]> {
  const files: BackedUpFile[] = []
  const wanted = [
    { path: `sources/${id}`, needed: true },
    // Older sources have none.
    { path: `sources/${cardName(id)}`, needed: false },
    ...(hasCover ? [{ path: `covers/${id}`, needed: true }] : []),
  ]
  for (const { path, needed } of wanted) {
    try {
      const copied = await copyVerified(join(data.root, path), join(partial, path))
      files.push({ path, ...copied })
      if (path === `sources/${id}` && copied.sha256 !== sourceSha256) {
        complaints.push(
          `The file of ${title} (${path}) is not the one that was brought; it was copied as it is.`,
        )
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      if (!isStillThere(data.nightjarDb, id)) throw new NovelGone()
      if (needed) complaints.push(`${path} of ${title} is missing.`)
    }
  }
  return files
}
