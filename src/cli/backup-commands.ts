import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { backUp, occupiedBy, restoreBackup } from '../jobs/maintenance/data-backup.ts'
import { recoverNovel } from '../jobs/maintenance/recover-sources.ts'
import { Failure } from '../novel/failure.ts'
import { readBackup } from '../storage/local/backup-folder.ts'
import { openDataFolder } from '../storage/local/data-paths.ts'
import { inMegabytes } from '../storage/local/disk-space.ts'
import { finishSwap } from '../storage/local/restore-swap.ts'
import { storedSourceIds } from '../storage/novel-files.ts'
import { leftoverFiles } from '../storage/queries/deletion-queries.ts'
import { novelFiles } from '../storage/queries/novel-queries.ts'
import { lockFolder } from '../storage/local/folder-lock.ts'
import type { CliSettings } from './api-client.ts'
import type { CommandStorage } from './command-storage.ts'
import { ProgressLine } from './progress-line.ts'

interface BackupContext {
  readonly settings: CliSettings
  readonly storage: CommandStorage
}

/** Backs up the data folder, also while a server runs on it. Returns 1 if something could not be copied completely. */
export async function backup(
  { settings, storage: { snapshots }, version }: BackupContext & { readonly version: string },
  path: string,
  options: { readonly clips: boolean },
): Promise<number> {
  refuseSeparate(settings, 'backup')
  const root = resolve(settings.NIGHTJAR_DATA)
  if (!existsSync(join(root, 'nightjar.db'))) throw new Failure('backup.nothing', { folder: root })
  const folder = openDataFolder(root)
  const line = new ProgressLine()
  let result
  try {
    result = await backUp(folder, path, {
      ...options,
      snapshots,
      version,
      onProgress: (what, share) => line.draw(share, [what]),
    })
  } finally {
    line.end()
  }
  for (const complaint of result.complaints) console.error(complaint)
  const books = result.novels === 1 ? '1 book' : `${result.novels} books`
  console.log(`${books}, ${inMegabytes(result.bytes)}, are in ${result.folder}`)
  return result.complaints.length > 0 ? 1 : 0
}

/**
 * Restores a backup into the data folder. Existing data are moved aside with `setAside`, else `restore.occupied` is
 * thrown.
 */
export async function restore(
  { settings, storage: { snapshots } }: BackupContext,
  path: string,
  { setAside }: { readonly setAside: boolean },
): Promise<number> {
  refuseSeparate(settings, 'restore')
  const source = await readBackup(path)
  const occupied = await occupiedBy(settings.NIGHTJAR_DATA)
  const root = resolve(settings.NIGHTJAR_DATA)
  if (occupied !== undefined && !setAside) {
    throw new Failure('restore.occupied', { folder: root, detail: occupied })
  }
  const folder = openDataFolder(root)
  using closing = new DisposableStack()
  closing.use(lockFolder(folder.lockDb, folder.root))
  await finishSwap(folder)
  const line = new ProgressLine()
  let aside
  try {
    aside = await restoreBackup(folder, source, {
      snapshots,
      onProgress: (file, share) => line.draw(share, [file]),
    })
  } finally {
    line.end()
  }
  console.log(`The backup of ${source.createdAt} is in ${folder.root}.`)
  if (occupied !== undefined) {
    console.log(
      `What was there before is in ${aside}. A book that only it has can be imported from its sources.`,
    )
  }
  return 0
}

/**
 * Imports again every source file in the data folder that has no novel in the database; a damaged database is moved
 * aside first. An interrupted run can be repeated. Returns 1 if a book could not be read.
 */
export async function restoreFromSources({ settings, storage }: BackupContext): Promise<number> {
  refuseSeparate(settings, 'restore')
  const folder = openDataFolder(settings.NIGHTJAR_DATA)
  await using opened = await storage.openForRecovery(folder)
  const { db, objects, damaged } = opened
  if (damaged !== undefined) console.log(`The damaged nightjar.db is kept as ${damaged}.`)
  const known = new Set([
    ...(await novelFiles(db)).map(({ id }) => id),
    ...(await leftoverFiles(db)).map((path) => path.replace('sources/', '')),
  ])
  const books = (await storedSourceIds(objects)).filter((id) => !known.has(id))
  let failed = 0
  for (const [at, id] of books.entries()) {
    try {
      const recovered = await recoverNovel({ ...opened, folder }, id)
      console.log(
        `${at + 1}/${books.length}  ${recovered?.title ?? `${id} is there twice; one is in the trash`}`,
      )
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      failed++
      console.error(`${at + 1}/${books.length}  ${error.message}`)
    }
  }
  console.log(summarizeRestore(books.length - failed, failed))
  return failed > 0 ? 1 : 0
}

/** Throws `backup.objects` or `database.separate` if objects or database are not in the data folder. */
function refuseSeparate(settings: CliSettings, command: string): void {
  const { NIGHTJAR_OBJECTS: store } = settings
  if (store !== '') throw new Failure('backup.objects', { command, store: store.replace(/\?.*/, '') })
  if (settings.NIGHTJAR_DATABASE === '') return
  throw new Failure('database.separate', { command, folder: resolve(settings.NIGHTJAR_DATA) })
}

function summarizeRestore(recovered: number, failed: number): string {
  const books = (count: number): string => (count === 1 ? '1 book' : `${count} books`)
  if (recovered + failed === 0) return 'There is no book that nightjar.db does not know.'
  const left = failed > 0 ? ` ${books(failed)} could not be read; the files stay where they are.` : ''
  return `${books(recovered)} taken up again; what was spoken is found when it is asked for again.${left}`
}
