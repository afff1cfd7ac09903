import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type LocalFile, ObjectStoreError, type OpenedObject, type StoredObject } from '../object-store.ts'

interface LocalCopiesParts {
  readonly folder: string
  /** Bytes that the copies may take; those in use are kept. */
  readonly limit: number
  readonly get: (key: string) => Promise<OpenedObject | undefined>
  readonly head: (key: string) => Promise<StoredObject | undefined>
}

interface Copy {
  readonly path: string
  readonly bytes: number
  readonly etag: string
  users: number
  /** A newer one has taken its place, or it had to go: its last user removes the file. */
  outdated: boolean
}

/** A copy that was compared with its object within this time is taken as it is. */
const freshMs = 60_000

/** Objects as files of this machine: the least recently used ones are removed over a limit, none that is in use. */
export class LocalCopies {
  readonly #parts: LocalCopiesParts
  /** The least recently used first. */
  readonly #copies = new Map<string, Copy>()
  readonly #checkedAt = new Map<string, number>()
  readonly #downloads = new Map<string, Promise<Copy | undefined>>()

  constructor(parts: LocalCopiesParts) {
    this.#parts = parts
  }

  /** Removes what the last run has left. */
  async clear(): Promise<void> {
    await rm(this.#parts.folder, { recursive: true, force: true })
    await mkdir(this.#parts.folder, { recursive: true })
  }

  /** Compares the next time it is opened. */
  forget(key: string): void {
    this.#checkedAt.delete(key)
  }

  /** `undefined`: there is no such object. While the store cannot be reached, a copy is given without comparing it. */
  async open(key: string): Promise<LocalFile | undefined> {
    for (;;) {
      const copy = (await this.#freshCopy(key)) ?? (await this.#downloaded(key))
      if (!copy) return undefined
      // It may have been removed since.
      if (!copy.outdated) return this.#use(copy)
    }
  }

  #use(copy: Copy): LocalFile {
    copy.users++
    let isOpen = true
    const close = async (): Promise<void> => {
      if (!isOpen) return
      isOpen = false
      copy.users--
      if (copy.outdated && copy.users === 0) await rm(copy.path, { force: true })
      else await this.#prune()
    }
    return { path: copy.path, [Symbol.asyncDispose]: close }
  }

  async #freshCopy(key: string): Promise<Copy | undefined> {
    const copy = this.#copies.get(key)
    if (!copy) return undefined
    if (Date.now() - (this.#checkedAt.get(key) ?? 0) > freshMs) {
      try {
        const stored = await this.#parts.head(key)
        if (stored?.etag !== copy.etag) {
          await this.#retire(key, copy)
          return undefined
        }
        this.#checkedAt.set(key, Date.now())
      } catch (error) {
        if (!(error instanceof ObjectStoreError) || error.reason !== 'unreachable') throw error
      }
    }
    if (this.#copies.get(key) !== copy) return undefined
    this.#copies.delete(key)
    this.#copies.set(key, copy)
    return copy
  }

  /** One download at a time of each key. */
  #downloaded(key: string): Promise<Copy | undefined> {
    const running = this.#downloads.get(key)
    if (running) return running
    const download = this.#download(key).finally(() => this.#downloads.delete(key))
    this.#downloads.set(key, download)
    return download
  }

  async #download(key: string): Promise<Copy | undefined> {
    const { folder, get } = this.#parts
    const opened = await get(key)
    if (!opened) return undefined
    const { etag, bytes, body } = opened
    const path = join(folder, randomUUID())
    try {
      await pipeline(body, createWriteStream(path, { flags: 'wx' }))
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
    const copy: Copy = { path, bytes, etag, users: 0, outdated: false }
    this.#copies.set(key, copy)
    this.#checkedAt.set(key, Date.now())
    await this.#prune(copy)
    return copy
  }

  /** Removes a copy, or leaves that to its last user. */
  async #retire(key: string, copy: Copy): Promise<void> {
    if (this.#copies.get(key) === copy) this.#copies.delete(key)
    this.#checkedAt.delete(key)
    copy.outdated = true
    if (copy.users === 0) await rm(copy.path, { force: true })
  }

  async #prune(except?: Copy): Promise<void> {
    let total = 0
    for (const { bytes } of this.#copies.values()) total += bytes
    for (const [key, copy] of this.#copies) {
      if (total <= this.#parts.limit) return
      if (copy.users > 0 || copy === except) continue
      total -= copy.bytes
      await this.#retire(key, copy)
    }
  }
}
