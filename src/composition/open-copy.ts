import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { objectsAddress, type Settings } from '../config.ts'
import type { CopyEnd, CopySource } from '../jobs/maintenance/storage-copy.ts'
import { Failure } from '../novel/failure.ts'
import { RowClipStore } from '../storage/clips/row-clip-store.ts'
import type { Database } from '../storage/database-tables.ts'
import { type DataPaths, openDataFolder } from '../storage/local/data-paths.ts'
import { finishSwap } from '../storage/local/restore-swap.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import { holdPostgres, openPostgresSource, openPostgresTarget } from '../storage/postgres/postgres-copy.ts'
import { lockFolder } from '../storage/local/folder-lock.ts'
import { openForReading, refuseOtherVersion } from '../storage/sqlite/reading-connection.ts'
import { openDatabase } from '../storage/sqlite/sqlite-database.ts'
import { openClipStore } from './open-clip-store.ts'
import { openObjectStore } from './open-object-store.ts'

/** The two ends of a copy: the settings of a server at each. */
export interface CopySettings {
  /** With the database in its data folder, whatever `NIGHTJAR_DATABASE` says. */
  readonly embedded: Settings
  /** With a `NIGHTJAR_DATABASE`. */
  readonly many: Settings
}

export interface OpenCopy {
  readonly source: CopySource
  readonly target: CopyEnd
  /** Both have their objects at the same place. */
  readonly sharedObjects: boolean
}

/** Opens a data folder, which a server may be using, and the Postgres that becomes its copy. */
export async function openCopyToPostgres(
  { embedded, many }: CopySettings,
  closing: AsyncDisposableStack,
): Promise<OpenCopy> {
  const folder = openDataFolder(embedded.NIGHTJAR_DATA)
  const files = { folder: folder.root, nightjar: folder.nightjarDb, clips: folder.clipsDb }
  const hold = async (): Promise<AsyncDisposable | undefined> => holdFolder(folder)
  // A restore that was cut off is ended before anything is read; a running server has ended it.
  await (await hold())?.[Symbol.asyncDispose]()
  const db = openForReading(files)
  closing.defer(() => db.destroy())
  const objects = await openObjects(embedded, folder, closing)
  const held = await holdPostgres(many.NIGHTJAR_DATABASE).catch(unreachable)
  if (held) closing.use(held)
  const target = await openPostgresTarget(many.NIGHTJAR_DATABASE, folder.root)
  closing.defer(() => target.db.destroy())
  if (!held) throw new Failure('database.in-use', { database: target.name })
  return {
    source: { name: folder.root, db, clips: new RowClipStore(db), objects, hold },
    target: { ...target, ...(await openClips(many, target.db, folder, closing)) },
    sharedObjects: placeOfObjects(embedded) === placeOfObjects(many),
  }
}

/** Opens a Postgres, which servers may be using, and the data folder that becomes its copy. */
export async function openCopyFromPostgres(
  { embedded, many }: CopySettings,
  closing: AsyncDisposableStack,
): Promise<OpenCopy> {
  const url = many.NIGHTJAR_DATABASE
  const source = await openPostgresSource(url)
  closing.defer(() => source.db.destroy())
  const folder = openDataFolder(embedded.NIGHTJAR_DATA)
  closing.use(lockFolder(folder.lockDb, folder.root))
  await finishSwap(folder)
  refuseOtherVersion({ file: folder.nightjarDb, folder: folder.root, source: source.name })
  const { db } = openDatabase({ folder: folder.root, nightjar: folder.nightjarDb, clips: folder.clipsDb })
  closing.defer(() => db.destroy())
  return {
    source: {
      ...source,
      ...(await openClips(many, source.db, folder, closing)),
      hold: () => holdPostgres(url),
    },
    target: {
      name: folder.root,
      db,
      clips: new RowClipStore(db),
      objects: await openObjects(embedded, folder, closing),
    },
    sharedObjects: placeOfObjects(embedded) === placeOfObjects(many),
  }
}

function unreachable(cause: unknown): never {
  throw new Failure('database.unreachable', { detail: (cause as Error).message }, { cause })
}

/** `undefined` while a server uses the data folder. */
async function holdFolder(folder: DataPaths): Promise<AsyncDisposable | undefined> {
  try {
    const lock = lockFolder(folder.lockDb, folder.root)
    await finishSwap(folder)
    return { [Symbol.asyncDispose]: async () => lock[Symbol.dispose]() }
  } catch (error) {
    if (error instanceof Failure && error.code === 'storage.in-use') return undefined
    throw error
  }
}

async function openClips(
  settings: Settings,
  db: Database,
  folder: DataPaths,
  closing: AsyncDisposableStack,
): Promise<Pick<CopyEnd, 'clips' | 'objects'>> {
  const objects = await openObjects(settings, folder, closing)
  const { clips } = await openClipStore(settings, db, objects)
  return { clips, objects }
}

/** Local copies of objects go to a folder of this process: those in the data folder are the server's. */
async function openObjects(
  settings: Settings,
  folder: DataPaths,
  closing: AsyncDisposableStack,
): Promise<ObjectStore> {
  const copies = await mkdtemp(join(tmpdir(), 'nightjar-copies-'))
  closing.defer(() => rm(copies, { recursive: true, force: true }))
  return openObjectStore(settings, folder, undefined, copies)
}

/** The same text for the same place. */
function placeOfObjects({ NIGHTJAR_OBJECTS: setting, NIGHTJAR_DATA: data }: Settings): string {
  const address = objectsAddress(setting)
  if (typeof address === 'string') return resolve(address === '' ? data : address)
  return `${address.endpoint}/${address.bucket}/${address.prefix}`
}
