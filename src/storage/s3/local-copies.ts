import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { FileCache } from '../local/file-cache.ts'
import { type LocalFile, ObjectStoreError, type OpenedObject, type StoredObject } from '../object-store.ts'

interface LocalCopiesParts {
  readonly folder: string
  /** Bytes that the copies may take; those in use are kept. */
  readonly limit: number
  readonly get: (key: string) => Promise<OpenedObject | undefined>
  readonly head: (key: string) => Promise<StoredObject | undefined>
}

/** A copy that was compared with its object within this time is taken as it is. */
const freshMs = 60_000

interface KnownObject {
  readonly etag: string
  /** Epoch milliseconds; 0: to be compared. */
  readonly checkedAt: number
}

/** Objects as files of this machine, each under a name made of its key and its ETag. */
export class LocalCopies {
  readonly #parts: LocalCopiesParts
  readonly #cache: FileCache
  readonly #known = new Map<string, KnownObject>()
  readonly #downloads = new Map<string, Promise<boolean>>()

  constructor(parts: LocalCopiesParts) {
    this.#parts = parts
    this.#cache = new FileCache(parts)
  }

  /** Removes what the last run has left. */
  async clear(): Promise<void> {
    this.#known.clear()
    await this.#cache.clear()
  }

  /** Compares the next time it is opened. */
  forget(key: string): void {
    const known = this.#known.get(key)
    if (known) this.#known.set(key, { ...known, checkedAt: 0 })
  }

  /** `undefined`: there is no such object. While the store cannot be reached, a copy is given without comparing it. */
  async open(key: string): Promise<LocalFile | undefined> {
    for (;;) {
      const etag = await this.#currentEtag(key)
      const copy = etag === undefined ? undefined : await this.#cache.use(copyName(key, etag))
      if (copy) return copy
      if (!(await this.#downloadOnce(key))) return undefined
    }
  }

  /** `undefined` if the object is not known, or gone. */
  async #currentEtag(key: string): Promise<string | undefined> {
    const known = this.#known.get(key)
    if (!known || Date.now() - known.checkedAt <= freshMs) return known?.etag
    try {
      const stored = await this.#parts.head(key)
      if (stored?.etag !== known.etag) await this.#cache.remove(copyName(key, known.etag))
      if (stored) this.#known.set(key, { etag: stored.etag, checkedAt: Date.now() })
      else this.#known.delete(key)
      return stored?.etag
    } catch (error) {
      if (!(error instanceof ObjectStoreError) || error.reason !== 'unreachable') throw error
      return known.etag
    }
  }

  /** Returns whether there is such an object. */
  #downloadOnce(key: string): Promise<boolean> {
    const running = this.#downloads.get(key)
    if (running) return running
    const download = this.#download(key).finally(() => this.#downloads.delete(key))
    this.#downloads.set(key, download)
    return download
  }

  async #download(key: string): Promise<boolean> {
    const opened = await this.#parts.get(key)
    if (!opened) return false
    const { etag, body } = opened
    await this.#cache.add(copyName(key, etag), async (path) => {
      const part = `${path}.${randomUUID()}`
      try {
        await pipeline(body, createWriteStream(part, { flags: 'wx' }))
        await rename(part, path)
      } catch (error) {
        await rm(part, { force: true })
        throw error
      }
    })
    this.#known.set(key, { etag, checkedAt: Date.now() })
    return true
  }
}

function copyName(key: string, etag: string): string {
  return createHash('sha256').update(`${key}\n${etag}`).digest('hex')
}
