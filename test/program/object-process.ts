import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { readSettings } from '../../src/config.ts'
import { openObjectStore } from '../../src/composition/open-object-store.ts'
import { openDataFolder } from '../../src/storage/local/data-paths.ts'
import type { ObjectStore } from '../../src/storage/object-store.ts'

/** A store that another process can open: the settings, and a data folder. */
export interface StoreAddress {
  readonly data: string
  readonly settings: Readonly<Record<string, string>>
}

interface ObjectTask {
  readonly store: StoreAddress
  /** The key that is stored. */
  readonly put: string
  /** Left out: without end. */
  readonly megabytes?: number
}

export async function openStore({ data, settings }: StoreAddress): Promise<ObjectStore> {
  const folder = openDataFolder(data)
  return openObjectStore(readSettings({ NIGHTJAR_DATA: data, ...settings }), folder)
}

/** Another process that stores an object, to be killed. */
export class ObjectProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  #read = 0
  #isStored = false

  private constructor(task: ObjectTask) {
    this.#child = fork(fileURLToPath(import.meta.url), [JSON.stringify(task)])
    this.#child.on('message', (message) => {
      if (typeof message === 'number') this.#read = message
      else this.#isStored = true
    })
  }

  static async start(task: ObjectTask): Promise<ObjectProcess> {
    const started = new ObjectProcess(task)
    await once(started.#child, 'spawn')
    return started
  }

  /** Waits until it has handed over so many. */
  async megabytes(count: number): Promise<void> {
    while (this.#read < count) await this.#message()
  }

  async stored(): Promise<void> {
    while (!this.#isStored) await this.#message()
  }

  async #message(): Promise<void> {
    const exit = once(this.#child, 'exit').then(([code]) => {
      throw new Error(`the process ended with code ${code}`)
    })
    exit.catch(() => undefined)
    await Promise.race([once(this.#child, 'message'), exit])
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
  await storeObject(JSON.parse(task) as ObjectTask)
}

async function storeObject({ store, put, megabytes = Infinity }: ObjectTask): Promise<void> {
  const body = async function* () {
    for (let count = 1; count <= megabytes; count++) {
      yield Buffer.alloc(1024 * 1024, count)
      process.send?.(count)
    }
  }
  const objects = await openStore(store)
  await objects.put(put, body())
  process.send?.('stored')
}
