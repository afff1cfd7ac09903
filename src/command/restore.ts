import { renameSync } from 'node:fs'
import { resolve } from 'node:path'
import { openDatabase } from '../database/database.ts'
import type { Database } from '../database/tables.ts'
import { leftoverFiles } from '../database/leftover-files.ts'
import { lockFolder } from '../database/lock.ts'
import { novelFiles } from '../database/novels.ts'
import { occupiedBy, restoreBackup } from '../generation/restore-backup.ts'
import { recoverNovel } from '../generation/take-up-books.ts'
import { readBackup } from '../library/backup-folder.ts'
import { type DataPaths, openDataFolder } from '../library/folder.ts'
import { finishSwap } from '../library/restore-swap.ts'
import { trashName } from '../library/trash.ts'
import { storedSourceIds } from '../library/unknown-sources.ts'
import { Failure } from '../novel/failure.ts'
import type { CliContext } from './client.ts'
import { ProgressLine } from './progress-bar.ts'

/** Brings a backup into the data folder. What is there already is only put aside when that is wanted. */
export async function restore(
  { settings }: CliContext,
  path: string,
  { setAside }: { readonly setAside: boolean },
): Promise<number> {
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
    aside = await restoreBackup(folder, source, (file, share) => line.draw(share, [file]))
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
 * Takes up again every book whose file lies in the data folder and which its database does not know; a damaged database
 * is set aside before. Cut short, it goes on when it is run again. Returns 1 if a book could not be read.
 */
export async function restoreFromSources({ settings }: CliContext): Promise<number> {
  const folder = openDataFolder(settings.NIGHTJAR_DATA)
  using closing = new DisposableStack()
  closing.use(lockFolder(folder.lockDb, folder.root))
  await finishSwap(folder)
  const db = openOrReplace(folder)
  try {
    const known = new Set([
      ...(await novelFiles(db)).map(({ id }) => id),
      ...(await leftoverFiles(db)).map((path) => path.replace('sources/', '')),
    ])
    const books = (await storedSourceIds(folder)).filter((id) => !known.has(id))
    let failed = 0
    for (const [at, id] of books.entries()) {
      try {
        const taken = await recoverNovel({ db, folder }, id)
        console.log(
          `${at + 1}/${books.length}  ${taken?.title ?? `${id} is there twice; one is in the trash`}`,
        )
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        failed++
        console.error(`${at + 1}/${books.length}  ${error.message}`)
      }
    }
    console.log(summarizeRestore(books.length - failed, failed))
    return failed > 0 ? 1 : 0
  } finally {
    await db.destroy()
  }
}

function openOrReplace(folder: DataPaths): Database {
  const { nightjarDb: nightjar, clipsDb: clips } = folder
  const files = { folder: folder.root, nightjar, clips }
  try {
    return openDatabase(files).db
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'storage.damaged') throw error
    const aside = `${nightjar}.damaged-${trashName(Date.now())}`
    for (const ending of ['-wal', '-shm', '']) renameIfThere(nightjar + ending, aside + ending)
    console.log(`The damaged nightjar.db is kept as ${aside}.`)
    return openDatabase(files).db
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function summarizeRestore(taken: number, failed: number): string {
  const books = (count: number): string => (count === 1 ? '1 book' : `${count} books`)
  if (taken + failed === 0) return 'There is no book that nightjar.db does not know.'
  const left = failed > 0 ? ` ${books(failed)} could not be read; the files stay where they are.` : ''
  return `${books(taken)} taken up again; what was spoken is found when it is asked for again.${left}`
}
