import { type ChildProcess, fork } from 'node:child_process'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomically } from './durable-files.ts'
import { isPlainName } from './contained-path.ts'
import type { ScaleAnswer, ScaleRequest } from './cover-scaler-process.ts'
import { coverPath, type DataPaths, thumbnailPath } from './data-paths.ts'

/** In pixels: a cover in the list, on the shelf, and in large, each on screens of two pixels a dot. */
const coverWidths = [160, 320, 640] as const
type CoverWidth = (typeof coverWidths)[number]

/** Of some 20 kB each. */
const maxFiles = 1000
/** A scaler that nobody needs is ended; whoever opens a shelf needs it many times. */
const idleMs = 5000
const timeoutMs = 20_000
/** Then another takes its place, for its CPU time is limited, and one picture must not pay for those before it. */
const picturesPerScaler = 30

/**
 * Covers in the sizes in which they are shown: a JPEG of 20 kB for a picture of 2 MB. They are made when they are asked
 * for first, one after the other in a process of its own, and kept in a folder that can be thrown away.
 */
export class CoverThumbnails {
  readonly #folder: DataPaths
  #last: Promise<unknown> = Promise.resolve()
  #scaler: ChildProcess | undefined
  /** Pictures that it still takes. */
  #left = 0
  #idle: NodeJS.Timeout | undefined
  /** Those that are shown as they are, by the name of the file that would be made. */
  readonly #unscaled = new Set<string>()

  constructor(folder: DataPaths) {
    this.#folder = folder
  }

  /** Path of the JPEG, at least as wide as this where there is one; `undefined`: the cover itself is to be shown. */
  async pathOf(novelId: string, atLeast: number): Promise<string | undefined> {
    const width = coverWidths.find((each) => each >= atLeast)
    if (width === undefined) return undefined
    const path = thumbnailPath(this.#folder, novelId, width)
    if (this.#unscaled.has(path)) return undefined
    if (await isThere(path)) return path
    return this.#serialize(async () => ((await isThere(path)) ? path : this.#make(path, novelId, width)))
  }

  /** Removes what was made for a novel. */
  async discard(novelId: string): Promise<void> {
    for (const width of coverWidths) {
      const path = thumbnailPath(this.#folder, novelId, width)
      this.#unscaled.delete(path)
      await this.#serialize(() => rm(path, { force: true }))
    }
  }

  stop(): void {
    clearTimeout(this.#idle)
    this.#scaler?.kill('SIGKILL')
    this.#scaler = undefined
  }

  async #make(path: string, novelId: string, width: CoverWidth): Promise<string | undefined> {
    const { jpeg } = await this.#scale({ path: coverPath(this.#folder, novelId), width })
    if (jpeg === undefined) {
      this.#unscaled.add(path)
      return undefined
    }
    await this.#prune()
    await writeFileAtomically(this.#folder.temporary, path, jpeg)
    return path
  }

  /** A scaler that dies or hangs costs one picture its small size. */
  async #scale(request: ScaleRequest): Promise<ScaleAnswer> {
    clearTimeout(this.#idle)
    const scaler = (this.#scaler ??= this.#start())
    const { promise, resolve } = Promise.withResolvers<ScaleAnswer>()
    const onMessage = (told: unknown) => resolve(told as ScaleAnswer)
    const onEnd = () => resolve({})
    scaler.once('message', onMessage).once('error', onEnd).once('exit', onEnd)
    const timer = setTimeout(() => {
      if (this.#scaler === scaler) this.stop()
      resolve({})
    }, timeoutMs)
    scaler.send(request, (error) => error && resolve({}))
    const answer = await promise
    clearTimeout(timer)
    scaler.off('message', onMessage).off('error', onEnd).off('exit', onEnd)
    if (this.#scaler !== scaler) return answer
    if (--this.#left === 0) this.stop()
    else this.#idle = setTimeout(() => this.stop(), idleMs).unref()
    return answer
  }

  /** It tells of its end late: another one may have taken its place by then. */
  #start(): ChildProcess {
    this.#left = picturesPerScaler
    const scaler = fork(
      new URL('./cover-scaler-process.ts', import.meta.url),
      [String((picturesPerScaler * timeoutMs) / 1000)],
      {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: ['--disable-warning=ExperimentalWarning'],
      },
    )
    const forget = () => {
      if (this.#scaler === scaler) this.#scaler = undefined
    }
    return scaler.on('error', forget).on('exit', forget)
  }

  /** Before another is added, the oldest give place. */
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
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => undefined)
    return mine
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
