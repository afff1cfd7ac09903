import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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

/** A store that another process can open. */
export interface ClipStoreAddress {
  /** The data folder. */
  readonly data: string
  readonly settings: Readonly<Record<string, string>>
}

interface ClipTask {
  readonly store: ClipStoreAddress
  readonly recipe: string
  /** It stores the clips of `TEXT 0.`, `TEXT 1.` …, of 1, 2 … frames, one by one. */
  readonly text: string
}

/** Another process that stores clips without end, to be killed. */
export class ClipProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  #stored = 0

  private constructor(task: ClipTask) {
    this.#child = fork(fileURLToPath(import.meta.url), [JSON.stringify(task)])
    this.#child.on('message', (count) => (this.#stored = Number(count)))
  }

  static async start(task: ClipTask): Promise<ClipProcess> {
    const started = new ClipProcess(task)
    await once(started.#child, 'spawn')
    return started
  }

  /** Waits until so many are stored. */
  async stored(count: number): Promise<void> {
    const exit = once(this.#child, 'exit').then(([code]) => {
      throw new Error(`the process ended with code ${code}`)
    })
    exit.catch(() => undefined)
    while (this.#stored < count) await Promise.race([once(this.#child, 'message'), exit])
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGKILL')
    await once(this.#child, 'exit')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill()
  }
}

const [task] = process.argv.slice(2)
if (process.argv[1] === fileURLToPath(import.meta.url) && task !== undefined) {
  await storeClips(JSON.parse(task) as ClipTask)
}

async function storeClips({ store, recipe, text }: ClipTask): Promise<void> {
  const { clips } = await openClips(store)
  for (let at = 0; ; at++) {
    const key = { recipe, words: textHash(`${text} ${at}.`, 'paragraph') }
    await clips.put([{ key, clip: someClip(at + 1) }])
    process.send?.(at + 1)
  }
}

/** The store of the settings, over a database that the caller has open already or not. */
export async function openClips(
  { data, settings }: ClipStoreAddress,
  db = databaseOf(data, settings['NIGHTJAR_DATABASE']),
): Promise<OpenedClipStore & { readonly objects: ObjectStore }> {
  const read = readSettings({ NIGHTJAR_DATA: data, ...settings })
  const objects = await openObjectStore(read, openDataFolder(data))
  return { ...(await openClipStore(read, db, objects)), objects }
}

function databaseOf(data: string, url: string | undefined): Database {
  if (url !== undefined) return openPostgresBesideServer(url)
  const files = { folder: data, nightjar: join(data, 'nightjar.db'), clips: join(data, 'clips.db') }
  return openDatabase(files).db
}
