import { mkdir, readdir, rm, stat, statfs, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { LeasedModel } from '../../jobs/scheduler/segment-scheduler.ts'
import { Failure } from '../../novel/failure.ts'
import type { VoiceModel } from '../../novel/installed-voice.ts'
import { lockFolder } from '../../storage/local/folder-lock.ts'
import { download, fileChecksum } from '../../storage/voices/catalogue-file-download.ts'
import type { VoiceSource } from '../../storage/voices/voice-source.ts'

export interface FetchedModelsOptions {
  /** Below it, each file is named by its SHA-256. Machines on one computer may share it. */
  readonly folder: string
  /** Bytes that the files may have together. */
  readonly limit: number
  /** Where the files are, as `SHA256`. Asked for each file. */
  readonly source: () => Extract<VoiceSource, { readonly kind: 'address' }>
  readonly signal: AbortSignal
}

/** What was used within this time is not removed: a worker may be about to load it. */
const recentMs = 15 * 60_000
const lockPollMs = 500

/**
 * The networks of installed voices and their configurations, fetched from the server by checksum and kept. A file has its
 * name only when it is whole and checked; what a killed process has left of one is gone on with.
 */
export class FetchedModels {
  readonly #options: FetchedModelsOptions
  readonly #fetching = new Map<string, Promise<string>>()

  constructor(options: FetchedModelsOptions) {
    this.#options = options
  }

  /** Throws what `download` throws: the voice cannot be had now. */
  async get({ checksum, configChecksum, language, bytes }: LeasedModel): Promise<VoiceModel> {
    const model = await this.#file(checksum, bytes)
    const config = configChecksum === undefined ? undefined : await this.#file(configChecksum)
    return {
      model,
      checksum,
      language,
      ...(config !== undefined && { config, configChecksum }),
    }
  }

  /** Looks through the files of a voice that could not be loaded. Returns whether one was damaged, and is gone now. */
  async removeDamaged({ checksum, configChecksum }: LeasedModel): Promise<boolean> {
    let found = false
    for (const name of [checksum, configChecksum]) {
      if (name === undefined) continue
      const is = await fileChecksum(this.#path(name), 'sha256').catch(() => undefined)
      if (is === name) continue
      await rm(this.#path(name), { force: true })
      found = true
    }
    return found
  }

  #path(checksum: string): string {
    return join(this.#options.folder, checksum)
  }

  async #file(checksum: string, bytes = 0): Promise<string> {
    const path = this.#path(checksum)
    const now = new Date()
    // What was used last is removed last.
    if (
      await utimes(path, now, now).then(
        () => true,
        () => false,
      )
    )
      return path
    let fetching = this.#fetching.get(checksum)
    if (!fetching) {
      fetching = this.#fetch(checksum, bytes).finally(() => this.#fetching.delete(checksum))
      this.#fetching.set(checksum, fetching)
    }
    return fetching
  }

  async #fetch(checksum: string, bytes: number): Promise<string> {
    const { folder, source, signal } = this.#options
    await mkdir(folder, { recursive: true })
    const path = this.#path(checksum)
    using _ = await this.#lock(checksum)
    await download(
      source(),
      {
        role: 'model',
        path: checksum,
        ...(bytes > 0 && { bytes }),
        checksum: { algorithm: 'sha256', hex: checksum },
      },
      path,
      { signal, freeBytes: () => freeBytesAt(folder) },
    )
    await this.#makeRoom()
    return path
  }

  /** One process fetches a file at a time; the system takes the lock back from one that was killed. */
  async #lock(checksum: string): Promise<Disposable> {
    const { folder, signal } = this.#options
    for (;;) {
      try {
        return lockFolder(`${this.#path(checksum)}.lock`, folder)
      } catch (error) {
        if (!(error instanceof Failure && error.code === 'storage.in-use')) throw error
      }
      await wait(lockPollMs, undefined, { signal })
    }
  }

  /** Removes the least recently used files until the rest is within the limit. */
  async #makeRoom(): Promise<void> {
    const { folder, limit } = this.#options
    const names = (await readdir(folder)).filter((name) => /^[\da-f]{64}$/.test(name))
    const files = await Promise.all(
      names.map(async (name) => {
        const found = await stat(this.#path(name)).catch(() => undefined)
        return { name, bytes: found?.size ?? 0, usedAt: found?.mtimeMs ?? 0 }
      }),
    )
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0)
    for (const { name, bytes, usedAt } of files.toSorted((one, other) => one.usedAt - other.usedAt)) {
      if (total <= limit || usedAt > Date.now() - recentMs) return
      await rm(this.#path(name), { force: true })
      total -= bytes
    }
  }
}

async function freeBytesAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
