import { renameSync } from 'node:fs'
import type { CommandStorage, RecoveryStorage } from '../cli/command-storage.ts'
import { Failure } from '../novel/failure.ts'
import { FolderObjectStore } from '../storage/folder/folder-object-store.ts'
import { InProcessLock } from '../storage/in-process/in-process-lock.ts'
import { type DataPaths, openDataFolder } from '../storage/local/data-paths.ts'
import { lockFolder } from '../storage/local/folder-lock.ts'
import { finishSwap } from '../storage/local/restore-swap.ts'
import { storedSourceIds } from '../storage/novel-files.ts'
import { openBesideServer } from '../storage/sqlite/second-connection.ts'
import { openDatabase } from '../storage/sqlite/sqlite-database.ts'
import { sqliteSnapshots } from '../storage/sqlite/sqlite-snapshot.ts'
import { trashName } from '../storage/unreferenced-objects.ts'

export const commandStorage: CommandStorage = {
  snapshots: sqliteSnapshots,
  openForRecovery,
  openDatabase: async ({ NIGHTJAR_DATABASE: url, NIGHTJAR_DATA: data }) => {
    await using closing = new AsyncDisposableStack()
    const openAlone = async (folder: DataPaths): Promise<ReturnType<typeof openDatabase>['db']> => {
      closing.use(lockFolder(folder.lockDb, folder.root))
      await finishSwap(folder)
      const books = await storedSourceIds(objectsIn(folder))
      return openDatabase({ ...filesIn(folder), books: books.length }).db
    }
    let db
    if (url !== '') {
      const { openPostgresBesideServer } = await import('../storage/postgres/postgres-database.ts')
      db = openPostgresBesideServer(url)
    } else {
      const folder = openDataFolder(data)
      try {
        db = await openAlone(folder)
      } catch (error) {
        if (!isCode(error, 'storage.in-use')) throw error
        db = openBesideServer(filesIn(folder))
      }
    }
    closing.use(db)
    const opened = closing.move()
    return { db, [Symbol.asyncDispose]: () => opened.disposeAsync() }
  },
}

async function openForRecovery(folder: DataPaths): Promise<RecoveryStorage> {
  await using closing = new AsyncDisposableStack()
  closing.use(lockFolder(folder.lockDb, folder.root))
  await finishSwap(folder)
  let damaged: string | undefined
  let db
  try {
    db = openDatabase(filesIn(folder)).db
  } catch (error) {
    if (!isCode(error, 'storage.damaged')) throw error
    damaged = `${folder.nightjarDb}.damaged-${trashName(Date.now())}`
    for (const ending of ['-wal', '-shm', '']) renameIfThere(folder.nightjarDb + ending, damaged + ending)
    db = openDatabase(filesIn(folder)).db
  }
  closing.use(db)
  const opened = closing.move()
  return {
    db,
    objects: objectsIn(folder),
    lock: new InProcessLock(),
    ...(damaged !== undefined && { damaged }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function filesIn({ root: folder, nightjarDb: nightjar, clipsDb: clips }: DataPaths): {
  readonly folder: string
  readonly nightjar: string
  readonly clips: string
} {
  return { folder, nightjar, clips }
}

function objectsIn(folder: DataPaths): FolderObjectStore {
  return new FolderObjectStore(folder.root, folder.temporary)
}

function isCode(error: unknown, code: Failure['code']): boolean {
  return error instanceof Failure && error.code === code
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
