import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { LocalFile } from '../object-store.ts'

export interface FileCacheOptions {
  readonly folder: string
  /** Bytes that the files may have together. What is in use is kept all the same. */
  readonly limit: number
  /** For so many milliseconds after its last use a file is kept: another process may be about to open it. */
  readonly keepMs?: number
}

/** Names are hashes in hex, so that other files of the folder (locks, parts) are told apart. */
const cachedName = /^[\da-f]{64}$/

/** Files of a folder, of which the least recently used are removed over a limit. Processes may share the folder. */
export class FileCache {
  readonly #options: FileCacheOptions
  /** Number of users of each file, in this process. */
  readonly #users = new Map<string, number>()
  readonly #adding = new Map<string, Promise<void>>()
  /** Those that are being removed, now or when their last user closes them. */
  readonly #leaving = new Set<string>()
  /** More than the limit was in use when it was last looked at. */
  #isOverfull = false

  constructor(options: FileCacheOptions) {
    this.#options = options
  }

  pathOf(name: string): string {
    return join(this.#options.folder, name)
  }

  /** Removes everything. */
  async clear(): Promise<void> {
    await rm(this.#options.folder, { recursive: true, force: true })
    await mkdir(this.#options.folder, { recursive: true })
  }

  /** The file, which stays until it is disposed of; `undefined` if it is not there. */
  async use(name: string): Promise<LocalFile | undefined> {
    if (this.#leaving.has(name)) return undefined
    this.#users.set(name, (this.#users.get(name) ?? 0) + 1)
    const path = this.pathOf(name)
    const now = new Date()
    // What was used last is removed last.
    const isThere = await utimes(path, now, now).then(
      () => true,
      () => false,
    )
    if (!isThere) {
      this.#release(name)
      return undefined
    }
    let isOpen = true
    const close = async (): Promise<void> => {
      if (!isOpen) return
      isOpen = false
      this.#release(name)
      if (this.#leaving.has(name) && !this.#users.has(name)) await this.remove(name)
      if (this.#isOverfull) await this.#makeRoom()
    }
    return { path, [Symbol.asyncDispose]: close }
  }

  /**
   * Adds a file, which `write` brings to its path, whole or not at all; once, however many ask for it at the same time.
   * Throws what `write` throws.
   */
  async add(name: string, write: (path: string) => Promise<void>): Promise<void> {
    const running = this.#adding.get(name)
    if (running) return running
    const adding = this.#add(name, write).finally(() => this.#adding.delete(name))
    this.#adding.set(name, adding)
    return adding
  }

  /** Removes a file, or leaves that to the last that uses it in this process. */
  async remove(name: string): Promise<void> {
    this.#leaving.add(name)
    if (this.#users.has(name)) return
    await rm(this.pathOf(name), { force: true }).finally(() => this.#leaving.delete(name))
  }

  async #add(name: string, write: (path: string) => Promise<void>): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true })
    await write(this.pathOf(name))
    this.#leaving.delete(name)
    await this.#makeRoom(name)
  }

  #release(name: string): void {
    const users = (this.#users.get(name) ?? 1) - 1
    if (users === 0) this.#users.delete(name)
    else this.#users.set(name, users)
  }

  /** Removes the least recently used files until the rest is within the limit. */
  async #makeRoom(added?: string): Promise<void> {
    const { folder, limit, keepMs = 0 } = this.#options
    const names = (await readdir(folder)).filter((name) => cachedName.test(name))
    const files = await Promise.all(
      names.map(async (name) => {
        const found = await stat(this.pathOf(name)).catch(() => undefined)
        return { name, bytes: found?.size ?? 0, usedAt: found?.mtimeMs ?? 0 }
      }),
    )
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0)
    for (const { name, bytes, usedAt } of files.toSorted((one, other) => one.usedAt - other.usedAt)) {
      if (total <= limit) break
      if (name === added || this.#users.has(name) || usedAt > Date.now() - keepMs) continue
      await this.remove(name)
      total -= bytes
    }
    this.#isOverfull = total > limit
  }
}
