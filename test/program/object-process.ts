import { readSettings } from '../../src/config.ts'
import { openObjectStore } from '../../src/composition/open-object-store.ts'
import { openDataFolder } from '../../src/storage/local/data-paths.ts'
import type { ObjectStore } from '../../src/storage/object-store.ts'
import { ForkedTask, taskOf } from './forked-task.ts'

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
  readonly #process: ForkedTask<number | string>

  private constructor(started: ForkedTask<number | string>) {
    this.#process = started
  }

  static async start(task: ObjectTask): Promise<ObjectProcess> {
    return new ObjectProcess(await ForkedTask.start(import.meta.url, task))
  }

  /** Waits until it has handed over so many. */
  megabytes(count: number): Promise<void> {
    return this.#process.until((messages) =>
      messages.some((each) => typeof each === 'number' && each >= count),
    )
  }

  stored(): Promise<void> {
    return this.#process.until((messages) => messages.some((each) => typeof each === 'string'))
  }

  kill(): Promise<void> {
    return this.#process.kill()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill()
  }
}

const task = taskOf(import.meta.url) as ObjectTask | undefined
if (task) await storeObject(task)

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
