import { join } from 'node:path'
import { openClipStore, type OpenedClipStore } from '../../src/composition/open-clip-store.ts'
import { openObjectStore } from '../../src/composition/open-object-store.ts'
import { readSettings } from '../../src/config.ts'
import { textHash } from '../../src/novel/clip.ts'
import type { Database } from '../../src/storage/database-tables.ts'
import { openDataFolder } from '../../src/storage/local/data-paths.ts'
import type { ObjectStore } from '../../src/storage/object-store.ts'
import { openPostgresBesideServer } from '../../src/storage/postgres/postgres-database.ts'
import { openDatabase } from '../../src/storage/sqlite/sqlite-database.ts'
import { someClip } from '../fixtures/small-novel.ts'
import { ForkedTask, taskOf } from './forked-task.ts'

/** A store that another process can open. */
export interface ClipStoreAddress {
  /** The data folder. */
  readonly data: string
  readonly settings: Readonly<Record<string, string>>
}

interface ClipTask {
  readonly store: ClipStoreAddress
  readonly recipe: string
  /** It stores the clips of `TEXT 0.`, `TEXT 1.` …, of 1, 2 … frames. */
  readonly text: string
  /** So many are prepared together and then stored; left out: one by one, without being prepared. */
  readonly together?: number
}

/** Another process that stores clips without end, to be killed. */
export class ClipProcess implements AsyncDisposable {
  readonly #process: ForkedTask<number>

  private constructor(started: ForkedTask<number>) {
    this.#process = started
  }

  static async start(task: ClipTask): Promise<ClipProcess> {
    return new ClipProcess(await ForkedTask.start(import.meta.url, task))
  }

  /** Waits until so many are stored. */
  stored(count: number): Promise<void> {
    return this.#process.until((counts) => (counts.at(-1) ?? 0) >= count)
  }

  kill(): Promise<void> {
    return this.#process.kill()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill()
  }
}

const task = taskOf(import.meta.url) as ClipTask | undefined
if (task) await storeClips(task)

async function storeClips({ store, recipe, text, together }: ClipTask): Promise<void> {
  const { clips } = await openClips(store)
  for (let at = 0; ;) {
    const batch = Array.from({ length: together ?? 1 }, () => {
      const key = { recipe, words: textHash(`${text} ${at}.`, 'paragraph') }
      return { key, clip: someClip(++at) }
    })
    if (together !== undefined) await clips.prepare?.(batch)
    await clips.put(batch)
    process.send?.(at)
  }
}

/** The store of the settings, over a database that the caller has open already or not. */
export async function openClips(
  { data, settings }: ClipStoreAddress,
  db = databaseOf(data, settings['NIGHTJAR_DATABASE']),
  given?: ObjectStore,
): Promise<OpenedClipStore & { readonly objects: ObjectStore }> {
  const read = readSettings({ NIGHTJAR_DATA: data, ...settings })
  const objects = given ?? (await openObjectStore(read, openDataFolder(data)))
  return { ...(await openClipStore(read, db, objects)), objects }
}

function databaseOf(data: string, url: string | undefined): Database {
  if (url !== undefined) return openPostgresBesideServer(url)
  const files = { folder: data, nightjar: join(data, 'nightjar.db'), clips: join(data, 'clips.db') }
  return openDatabase(files).db
}
