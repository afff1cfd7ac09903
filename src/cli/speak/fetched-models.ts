import { statfs } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { LeasedModel } from '../../jobs/scheduler/segment-scheduler.ts'
import { Failure } from '../../novel/failure.ts'
import type { VoiceModel } from '../../novel/installed-voice.ts'
import { FileCache } from '../../storage/local/file-cache.ts'
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
  readonly #cache: FileCache

  constructor(options: FetchedModelsOptions) {
    this.#options = options
    this.#cache = new FileCache({ ...options, keepMs: recentMs })
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
      const is = await fileChecksum(this.#cache.pathOf(name), 'sha256').catch(() => undefined)
      if (is === name) continue
      await this.#cache.remove(name)
      found = true
    }
    return found
  }

  async #file(checksum: string, bytes = 0): Promise<string> {
    for (;;) {
      await using file = await this.#cache.use(checksum)
      if (file) return file.path
      await this.#cache.add(checksum, (path) => this.#fetch(checksum, path, bytes))
    }
  }

  async #fetch(checksum: string, path: string, bytes: number): Promise<void> {
    const { folder, source, signal } = this.#options
    using _ = await this.#lock(path)
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
  }

  /** One process fetches a file at a time; the system takes the lock back from one that was killed. */
  async #lock(path: string): Promise<Disposable> {
    const { folder, signal } = this.#options
    for (;;) {
      try {
        return lockFolder(`${path}.lock`, folder)
      } catch (error) {
        if (!(error instanceof Failure && error.code === 'storage.in-use')) throw error
      }
      await wait(lockPollMs, undefined, { signal })
    }
  }
}

async function freeBytesAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
