import { randomUUID } from 'node:crypto'
import type { Stats } from 'node:fs'
import { copyFile, type FileHandle, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import {
  isObjectKey,
  type LocalFile,
  type ObjectRange,
  type ObjectStore,
  type OpenedObject,
  requireObjectKey,
  requireObjectPrefix,
  type StoredObject,
} from '../object-store.ts'
import { makeFolders, syncFolder } from '../local/durable-files.ts'

const blockBytes = 256 * 1024

/**
 * Objects as files of a folder, which may be shared by several machines: the key is the path below it. A file is written
 * under a temporary name, synced, and renamed.
 */
export class FolderObjectStore implements ObjectStore {
  readonly #root: string
  readonly #temporary: string

  /** `temporary`: a folder of the same file system, for files that are being written. */
  constructor(root: string, temporary: string) {
    this.#root = root
    this.#temporary = temporary
  }

  async put(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void> {
    const path = this.#pathOf(key)
    const temporary = join(this.#temporary, randomUUID())
    try {
      {
        await using file = await open(temporary, 'wx')
        for await (const chunk of body instanceof Uint8Array ? [body] : body) {
          signal?.throwIfAborted()
          for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten
        }
        await file.sync()
      }
      signal?.throwIfAborted()
      await this.#place(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  async putFile(key: string, path: string, signal?: AbortSignal): Promise<void> {
    const target = this.#pathOf(key)
    signal?.throwIfAborted()
    {
      await using file = await open(path, 'r+')
      await file.sync()
    }
    try {
      await this.#place(path, target)
    } catch (error) {
      if (codeOf(error) !== 'EXDEV') throw error
      await this.#copy(path, target)
      await rm(path, { force: true })
    }
  }

  async get(key: string, range?: ObjectRange): Promise<OpenedObject | undefined> {
    const file = await openedFile(this.#pathOf(key))
    if (!file) return undefined
    try {
      const stats = await file.stat()
      if (!stats.isFile()) {
        await file.close()
        return undefined
      }
      const { start = 0, end = stats.size } = range ?? {}
      if (start >= Math.min(end, stats.size)) {
        await file.close()
        return { ...described(key, stats), body: Readable.from([]) }
      }
      const body = file.createReadStream({ start, end: end - 1, highWaterMark: blockBytes })
      return { ...described(key, stats), body }
    } catch (error) {
      await file.close()
      throw error
    }
  }

  async head(key: string): Promise<StoredObject | undefined> {
    const stats = await statsOf(this.#pathOf(key))
    return stats?.isFile() ? described(key, stats) : undefined
  }

  async delete(keys: readonly string[]): Promise<void> {
    const paths = keys.map((key) => this.#pathOf(key))
    for (const path of paths) {
      await rm(path, { force: true }).catch(unlessMissing)
      await this.#removeEmptyFolders(dirname(path))
    }
  }

  async move(from: string, to: string): Promise<void> {
    const [source, target] = [this.#pathOf(from), this.#pathOf(to)]
    if (!(await statsOf(source))?.isFile()) return
    try {
      await this.#place(source, target)
    } catch (error) {
      // A part of the folder may be a mount of its own.
      if (codeOf(error) !== 'EXDEV') throw error
      await this.#copy(source, target)
      await rm(source, { force: true })
    }
    await this.#removeEmptyFolders(dirname(source))
  }

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    const at = requireObjectPrefix(prefix).lastIndexOf('/')
    yield* this.#listBelow(prefix.slice(0, at), prefix)
  }

  async localFile(key: string): Promise<LocalFile | undefined> {
    if (!(await this.head(key))) return undefined
    return { path: this.#pathOf(key), [Symbol.asyncDispose]: () => Promise.resolve() }
  }

  async *#listBelow(folder: string, prefix: string): AsyncGenerator<StoredObject> {
    const entries = await readdir(join(this.#root, folder), { withFileTypes: true }).catch(emptyIfMissing)
    for (const entry of entries) {
      const key = `${folder}/${entry.name}`
      if (!isObjectKey(key)) continue
      if (entry.isDirectory()) {
        if (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)) yield* this.#listBelow(key, prefix)
      } else if (key.startsWith(prefix)) {
        const found = await this.head(key)
        if (found) yield found
      }
    }
  }

  #pathOf(key: string): string {
    return join(this.#root, ...requireObjectKey(key).split('/'))
  }

  async #copy(path: string, target: string): Promise<void> {
    const temporary = join(this.#temporary, randomUUID())
    try {
      await copyFile(path, temporary)
      {
        await using file = await open(temporary, 'r+')
        await file.sync()
      }
      await this.#place(temporary, target)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  /** Renames a synced file durably. Its folder is made if it is missing, also if it is removed meanwhile. */
  async #place(path: string, target: string): Promise<void> {
    const folder = dirname(target)
    for (let attempt = 1; ; attempt++) {
      try {
        await rename(path, target)
        await syncFolder(folder)
        return
      } catch (error) {
        if (codeOf(error) !== 'ENOENT' || attempt === 5 || !(await statsOf(path))) throw error
        makeFolders(folder)
        for (let at = dirname(folder); at.startsWith(this.#root); at = dirname(at)) await syncFolder(at)
      }
    }
  }

  /** Removes a folder below a part, and its parents, if they are empty. */
  async #removeEmptyFolders(folder: string): Promise<void> {
    for (let at = folder; dirname(at) !== this.#root && at.startsWith(this.#root); at = dirname(at)) {
      try {
        await rmdir(at)
      } catch {
        return
      }
    }
  }
}

function described(key: string, stats: Stats): StoredObject {
  const { size, mtimeMs, ino } = stats
  return { key, bytes: size, modifiedAt: mtimeMs, etag: `${ino}-${mtimeMs}-${size}` }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** `ENOTDIR`: a file is where the key has a folder. */
function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR'
}

function unlessMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error
}

function emptyIfMissing(error: unknown): never[] {
  unlessMissing(error)
  return []
}

async function statsOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch(unlessMissing)
}

async function openedFile(path: string): Promise<FileHandle | undefined> {
  return open(path).catch(unlessMissing)
}
