import { type ChildProcess, fork } from 'node:child_process'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isPlainName } from './contained-path.ts'
import type { ScaleAnswer, ScaleRequest } from './cover-scaler-process.ts'
import { coverKey } from '../object-keys.ts'
import type { ObjectStore } from '../object-store.ts'
import { type DataPaths, thumbnailPath } from './data-paths.ts'
import { writeFileAtomically } from './durable-files.ts'

/**
 * In pixels: a cover in the list, in the library grid, and enlarged, each for screens with two pixels per CSS pixel.
 */
const coverWidths = [160, 320, 640] as const
type CoverWidth = (typeof coverWidths)[number]

/** Some 20 kB each. */
const maxFiles = 1000
/** An idle scaler is stopped only after this time, because opening the library requests many covers in a row. */
const idleMs = 5000
const timeoutMs = 20_000
/** The CPU time of a scaler process is limited in total, so it is replaced before earlier pictures have used it up. */
const picturesPerScaler = 30

/**
 * Covers in the sizes in which they are shown: a JPEG of 20 kB for a picture of 2 MB. Made at the first request, one at
 * a time in a child process, and cached in a folder that can be deleted at any time.
 */
export class CoverThumbnails {
  readonly #folder: DataPaths
  readonly #objects: ObjectStore
  #last: Promise<unknown> = Promise.resolve()
  #scaler: ChildProcess | undefined
  /** Pictures until the scaler is replaced. */
  #picturesLeft = 0
  #idleTimer: NodeJS.Timeout | undefined
  /** Paths of thumbnails that cannot or need not be made: the original is shown. */
  readonly #unscaled = new Set<string>()

  constructor(folder: DataPaths, objects: ObjectStore) {
    this.#folder = folder
    this.#objects = objects
  }

  /** Path of the smallest JPEG of at least this width in pixels; `undefined`: the original is to be shown. */
  async pathOf(novelId: string, atLeast: number): Promise<string | undefined> {
    const width = coverWidths.find((each) => each >= atLeast)
    if (width === undefined) return undefined
    const path = thumbnailPath(this.#folder, novelId, width)
    if (this.#unscaled.has(path)) return undefined
    if (await fileExists(path)) return path
    return this.#serialize(async () => ((await fileExists(path)) ? path : this.#make(path, novelId, width)))
  }

  /** Removes the thumbnails of a novel. */
  async discard(novelId: string): Promise<void> {
    for (const width of coverWidths) {
      const path = thumbnailPath(this.#folder, novelId, width)
      this.#unscaled.delete(path)
      await this.#serialize(() => rm(path, { force: true }))
    }
  }

  stop(): void {
    clearTimeout(this.#idleTimer)
    this.#scaler?.kill('SIGKILL')
    this.#scaler = undefined
  }

  async #make(path: string, novelId: string, width: CoverWidth): Promise<string | undefined> {
    await using cover = await this.#objects.localFile(coverKey(novelId))
    const { jpeg } = cover ? await this.#scale({ path: cover.path, width }) : {}
    if (jpeg === undefined) {
      this.#unscaled.add(path)
      return undefined
    }
    await this.#prune()
    await writeFileAtomically(this.#folder.temporary, path, jpeg)
    return path
  }

  /** A scaler that dies or times out leaves one picture unscaled. */
  async #scale(request: ScaleRequest): Promise<ScaleAnswer> {
    clearTimeout(this.#idleTimer)
    const scaler = (this.#scaler ??= this.#start())
    const { promise, resolve } = Promise.withResolvers<ScaleAnswer>()
    const onMessage = (message: unknown) => resolve(message as ScaleAnswer)
    const onExit = () => resolve({})
    scaler.once('message', onMessage).once('error', onExit).once('exit', onExit)
    const timer = setTimeout(() => {
      if (this.#scaler === scaler) this.stop()
      resolve({})
    }, timeoutMs)
    scaler.send(request, (error) => error && resolve({}))
    const answer = await promise
    clearTimeout(timer)
    scaler.off('message', onMessage).off('error', onExit).off('exit', onExit)
    if (this.#scaler !== scaler) return answer
    if (--this.#picturesLeft === 0) this.stop()
    else this.#idleTimer = setTimeout(() => this.stop(), idleMs).unref()
    return answer
  }

  /** The exit event arrives late: another scaler may have taken its place by then. */
  #start(): ChildProcess {
    this.#picturesLeft = picturesPerScaler
    const scaler = fork(
      new URL('./cover-scaler-process.ts', import.meta.url),
      [String((picturesPerScaler * timeoutMs) / 1000)],
      {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: ['--disable-warning=ExperimentalWarning'],
      },
    )
    const onExit = () => {
      if (this.#scaler === scaler) this.#scaler = undefined
    }
    return scaler.on('error', onExit).on('exit', onExit)
  }

  /** Removes the oldest tenth when the folder is full. */
  async #prune(): Promise<void> {
    const folder = this.#folder.thumbnails
    const names = (await readdir(folder)).filter(isPlainName)
    if (names.length < maxFiles) return
    const ages = await Promise.all(
      names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
    )
    const oldest = ages.toSorted((one, other) => one.at - other.at).slice(0, maxFiles / 10)
    for (const { name } of oldest) await rm(join(folder, name), { force: true })
  }

  #serialize<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }
}

async function fileExists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
