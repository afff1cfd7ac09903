import { constants, type FileHandle, open, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolders, renameDurably } from '../local/durable-files.ts'
import type { ResumeState } from './resumable-source.ts'

/**
 * A file that is being downloaded: `NAME.part` beside its target, and its version in `NAME.part.version`. Both outlive
 * the process, so that the next one can resume.
 */
export class PartFile implements ResumeState, AsyncDisposable {
  readonly path: string
  readonly #target: string
  readonly #file: FileHandle
  #bytes: number
  #version: string | undefined

  private constructor(target: string, file: FileHandle, { bytes, version }: ResumeState) {
    this.path = partPath(target)
    this.#target = target
    this.#file = file
    this.#bytes = bytes
    this.#version = version
  }

  static async open(target: string): Promise<PartFile> {
    makeFolders(dirname(target))
    const file = await open(partPath(target), constants.O_RDWR | constants.O_CREAT)
    try {
      const { size } = await file.stat()
      const version = await readFile(versionPath(target), 'utf8').catch(() => undefined)
      return new PartFile(target, file, { bytes: size, version })
    } catch (error) {
      await file.close()
      throw error
    }
  }

  get bytes(): number {
    return this.#bytes
  }

  get version(): string | undefined {
    return this.#version
  }

  /** Truncates the file, then stores the new version: in this order, or a kill could mix two versions. */
  async restart(version: string | undefined): Promise<void> {
    if (this.#bytes > 0) await this.#file.truncate(0)
    this.#bytes = 0
    this.#version = version
    if (version === undefined) await rm(versionPath(this.#target), { force: true })
    else await writeFile(versionPath(this.#target), version)
  }

  async append(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      const { bytesWritten } = await this.#file.write(chunk, at, chunk.length - at, this.#bytes)
      at += bytesWritten
      this.#bytes += bytesWritten
    }
  }

  /** Syncs the complete file and renames it to its target. */
  async moveIntoPlace(): Promise<void> {
    await this.#file.sync()
    // In this order: killed in between, the next process downloads the file again; the other way round, the version
    // file would stay for ever beside a complete file.
    await rm(versionPath(this.#target), { force: true })
    await renameDurably(this.path, this.#target)
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true })
    await rm(versionPath(this.#target), { force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close()
  }
}

function partPath(target: string): string {
  return `${target}.part`
}

function versionPath(target: string): string {
  return `${target}.part.version`
}
