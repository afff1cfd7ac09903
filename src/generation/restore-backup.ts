import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileIntegrityError } from '../database/check.ts'
import { type Backup, copyVerified } from '../library/backup-folder.ts'
import type { DataPaths } from '../library/folder.ts'
import { stagePath, swapInRestored } from '../library/restore-swap.ts'
import { trashName } from '../library/trash.ts'
import { Failure } from '../novel/failure.ts'

/** What of a data folder somebody would miss; `undefined` if nothing is there. */
export async function occupiedBy(dataFolder: string): Promise<string | undefined> {
  const root = resolve(dataFolder)
  const database = await stat(join(root, 'nightjar.db')).catch(() => undefined)
  if (database && database.size > 0) return 'nightjar.db'
  if (await stat(join(root, 'words.tsv')).catch(() => undefined)) return 'words.tsv'
  for (const part of ['sources', 'covers', 'voices']) {
    const names = await readdir(join(root, part)).catch(() => [])
    if (names.length > 0) return part
  }
  return undefined
}

/**
 * Brings a backup into a data folder, which is held: copied and compared with what was backed up, then all of it put
 * into its place, and what lay there aside. Returns where that is. Throws `restore.damaged`, `restore.failed`.
 */
export async function restoreBackup(
  folder: DataPaths,
  backup: Backup,
  onProgress: (file: string, share: number) => void,
): Promise<string> {
  const stage = stagePath(folder)
  try {
    await rm(stage, { recursive: true, force: true })
    // Even with no book and no voice in it these take the place of what is there.
    for (const part of ['sources', 'covers', 'voices']) await mkdir(join(stage, part), { recursive: true })
    for (const [at, file] of backup.files.entries()) {
      const copied = await copyVerified(join(backup.content, file.path), join(stage, file.path))
      if (copied.sha256 !== file.sha256)
        throw damaged(backup.folder, `${file.path} is not what was backed up`)
      onProgress(file.path, (at + 1) / backup.files.length)
    }
    const damage = fileIntegrityError(join(stage, 'nightjar.db'))
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
