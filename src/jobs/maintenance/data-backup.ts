import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { Failure } from '../../novel/failure.ts'
import type { DatabaseSnapshots, SnapshotNovel } from '../../storage/database-snapshots.ts'
import {
  type BackedUpFile,
  type Backup,
  backupLock,
  backupTarget,
  beginBackup,
  commitBackup,
  copyVerified,
  digestOf,
  discardUnfinishedBackup,
} from '../../storage/local/backup-folder.ts'
import type { DataPaths } from '../../storage/local/data-paths.ts'
import { stagePath, swapInRestored } from '../../storage/local/restore-swap.ts'
import { importKey, sourceCardName } from '../../storage/object-keys.ts'
import { checksumIn } from '../../storage/novel-source.ts'
import { trashName } from '../../storage/unreferenced-objects.ts'
import { lockFolder } from '../../storage/local/folder-lock.ts'

export interface BackupOptions {
  readonly snapshots: DatabaseSnapshots
  readonly clips: boolean
  readonly version: string
  /** What is being copied, and the share of it that is done, 0 to 1. */
  readonly onProgress: (what: string, share: number) => void
}

export interface MadeBackup {
  readonly folder: string
  readonly novels: number
  readonly bytes: number
  /** Warnings about files that are missing or not as imported, in sentences for users. */
  readonly complaints: readonly string[]
}

/** A novel was deleted after the database was copied and before its files were. */
class NovelDeleted extends Error {}

/**
 * Backs up a data folder, also while a server uses it: a consistent snapshot of `nightjar.db` and the files that it
 * refers to. Everything is read back and compared; the backup is whole, or the previous one is still there. Throws
 * `backup.occupied`, `backup.inside`, `backup.failed`, `storage.damaged`, `storage.in-use` if another backup is being
 * made there.
 */
export async function backUp(data: DataPaths, path: string, options: BackupOptions): Promise<MadeBackup> {
  const target = await backupTarget(path, data.root)
  try {
    const lock = backupLock(target)
    using locked = new DisposableStack()
    locked.use(lockFolder(lock, target))
    try {
      return await copyEverything(data, target, options)
    } finally {
      // Removed while held, so that no other process's lock is removed. A system without that keeps an empty file.
      await rm(lock, { force: true }).catch(() => undefined)
    }
  } catch (error) {
    if (error instanceof Failure || !(error instanceof Error) || !('code' in error)) throw error
    throw new Failure('backup.failed', { folder: target, detail: error.message }, { cause: error })
  }
}

async function copyEverything(
  data: DataPaths,
  target: string,
  { snapshots, onProgress, version, clips }: BackupOptions,
): Promise<MadeBackup> {
  let content = await beginBackup(target)
  try {
    const complaints: string[] = []
    let copied: { novels: number; files: BackedUpFile[] } | undefined
    while (!copied) {
      try {
        complaints.length = 0
        copied = await copyRequired(data, content, complaints, { snapshots, onProgress })
      } catch (error) {
        if (!(error instanceof NovelDeleted)) throw error
        content = await beginBackup(target)
      }
    }
    const { novels, files } = copied
    if (clips && (await stat(data.clipsDb).catch(() => undefined))) {
      const copy = join(content, 'clips.db')
      const onShare = (share: number): void => onProgress('clips.db', share)
      await snapshots.copy(data.clipsDb, copy, { folder: data.root, onProgress: onShare })
      files.push({ path: 'clips.db', ...(await digestOf(copy)) })
    }
    await commitBackup(target, content, files, version)
    return { folder: target, novels, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), complaints }
  } catch (error) {
    await discardUnfinishedBackup(target).catch(() => undefined)
    throw error
  }
}

/** Copies the database, the user's pronunciation list, and the files of novels, voices and imports. */
async function copyRequired(
  data: DataPaths,
  content: string,
  complaints: string[],
  { snapshots, onProgress }: Pick<BackupOptions, 'snapshots' | 'onProgress'>,
): Promise<{ novels: number; files: BackedUpFile[] }> {
  const database = join(content, 'nightjar.db')
  const onShare = (share: number): void => onProgress('nightjar.db', share)
  await snapshots.copy(data.nightjarDb, database, { folder: data.root, onProgress: onShare })
  const files: BackedUpFile[] = [{ path: 'nightjar.db', ...(await digestOf(database)) }]
  if (await stat(data.wordList).catch(() => undefined)) {
    const path = basename(data.wordList)
    files.push({ path, ...(await copyVerified(data.wordList, join(content, path))) })
  }
  const { novels, voices, imports } = snapshots.filesOf(database)
  for (const [at, novel] of novels.entries()) {
    files.push(...(await copyNovel(data, content, novel, { snapshots, complaints })))
    onProgress('books', (at + 1) / novels.length)
  }
  for (const [at, folder] of voices.entries()) {
    for (const name of await readdir(join(data.voices, folder)).catch(() => [])) {
      const path = `voices/${folder}/${name}`
      files.push({ path, ...(await copyVerified(join(data.root, path), join(content, path))) })
    }
    onProgress('voices', (at + 1) / voices.length)
  }
  for (const [at, id] of imports.entries()) {
    const path = importKey(id)
    try {
      files.push({ path, ...(await copyVerified(join(data.root, path), join(content, path))) })
    } catch (error) {
      // It was read since the database was copied: as restored, the import says that it has not come.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    onProgress('imports', (at + 1) / imports.length)
  }
  return { novels: novels.length, files }
}

async function copyNovel(
  data: DataPaths,
  content: string,
  { id, title, sourceSha256, hasCover }: SnapshotNovel,
  { snapshots, complaints }: { readonly snapshots: DatabaseSnapshots; readonly complaints: string[] },
): Promise<BackedUpFile[]> {
  const files: BackedUpFile[] = []
  const wanted = [
    { path: `sources/${id}`, needed: true },
    // Sources of older versions have no card.
    { path: `sources/${sourceCardName(id)}`, needed: false },
    ...(hasCover ? [{ path: `covers/${id}`, needed: true }] : []),
  ]
  for (const { path, needed } of wanted) {
    try {
      const copied = await copyVerified(join(data.root, path), join(content, path))
      files.push({ path, ...copied })
      if (path === `sources/${id}` && copied.sha256 !== checksumIn(sourceSha256)) {
        complaints.push(
          `The file of ${title} (${path}) is not the one that was brought; it was copied as it is.`,
        )
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      if (!snapshots.hasNovel(data.nightjarDb, id)) throw new NovelDeleted()
      if (needed) complaints.push(`${path} of ${title} is missing.`)
    }
  }
  return files
}

/** The first part of a data folder that a restore would replace; `undefined` if it is empty. */
export async function occupiedBy(dataFolder: string): Promise<string | undefined> {
  const root = resolve(dataFolder)
  const database = await stat(join(root, 'nightjar.db')).catch(() => undefined)
  if (database && database.size > 0) return 'nightjar.db'
  if (await stat(join(root, 'words.tsv')).catch(() => undefined)) return 'words.tsv'
  for (const part of ['sources', 'covers', 'voices', 'imports']) {
    const names = await readdir(join(root, part)).catch(() => [])
    if (names.length > 0) return part
  }
  return undefined
}

/**
 * Restores a backup into a data folder, whose lock the caller holds: copies it to a staging folder, compares every file
 * with its checksum, then swaps. What was there before is moved aside; returns its path. Throws `restore.damaged`,
 * `restore.failed`.
 */
export async function restoreBackup(
  folder: DataPaths,
  backup: Backup,
  { snapshots, onProgress }: Pick<BackupOptions, 'snapshots' | 'onProgress'>,
): Promise<string> {
  const stage = stagePath(folder)
  try {
    await rm(stage, { recursive: true, force: true })
    // Created even if empty, so that they replace what is there.
    for (const part of ['sources', 'covers', 'voices', 'imports'])
      await mkdir(join(stage, part), { recursive: true })
    for (const [at, file] of backup.files.entries()) {
      const copied = await copyVerified(join(backup.content, file.path), join(stage, file.path))
      if (copied.sha256 !== file.sha256)
        throw damaged(backup.folder, `${file.path} is not what was backed up`)
      onProgress(file.path, (at + 1) / backup.files.length)
    }
    const damage = snapshots.damageOf(join(stage, 'nightjar.db'))
    if (damage !== undefined) throw damaged(backup.folder, `nightjar.db is damaged, ${damage}`)
    return await swapInRestored(folder, `set-aside-${trashName(Date.now())}`)
  } catch (cause) {
    if (cause instanceof Failure || !(cause instanceof Error) || !('code' in cause)) throw cause
    if (cause.code === 'ENOENT') throw damaged(backup.folder, cause.message)
    throw new Failure('restore.failed', { folder: folder.root, detail: cause.message }, { cause })
  }
}

function damaged(folder: string, detail: string): Failure {
  return new Failure('restore.damaged', { folder, detail })
}
