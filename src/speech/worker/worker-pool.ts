import { isDeepStrictEqual } from 'node:util'
import type { Clip } from '../../novel/clip.ts'
import { modelOf, type SpeakTask, type WorkerListener, WorkerProcess } from './worker-process.ts'
import type { EngineInfo, ReceivedAudio } from './worker-protocol.ts'

export interface PoolOptions {
  readonly size: number
  /** Module of the worker process; tests use faulty ones. */
  readonly module: URL
  /** Absent: the server's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Time limit for a text in milliseconds; `first`: the voice is new to the worker. */
  readonly timeout?: (characters: number, first: boolean) => number
  /** Time limit for a worker to start in milliseconds; after it the worker is replaced. */
  readonly startTimeout?: number
  readonly onReady?: (pid: number | undefined) => void
  /** Called when a worker ended unexpectedly. */
  readonly onUnexpectedExit?: (pid: number | undefined, reason: string) => void
}

/** A voice new to a worker may be measured first: some 40 seconds of speech. */
const measuringMs = 90_000

/**
 * A slow machine speaks a segment of 350 characters, some 25 seconds of speech, in less than this, including loading a
 * model from a slow disk.
 */
const defaultTimeoutMs = (characters: number, first: boolean): number =>
  30_000 + 300 * characters + (first ? measuringMs : 0)

/** Delay before a worker is replaced, by consecutive exits: 0.1 s, doubling up to 10 s. */
const replacementDelay = (exits: number): number => Math.min(10_000, 100 * 2 ** (exits - 1))

const hourMs = 3_600_000

/** After so many consecutive exits, and with none alive, the pool is failing rather than starting. */
const failingAfterExits = 3

export interface PoolState {
  readonly state: 'ready' | 'starting' | 'failing'
  /** Why the last worker ended; only while failing. */
  readonly reason?: string
}

/**
 * Pool of forked speech workers. Each handles one request at a time; one that crashes or hangs is replaced, and its
 * request's promise is rejected with the reason. Close it with `stop`.
 */
export class WorkerPool {
  /** The workers' engines; resolves when the first worker is ready, however late. */
  readonly engines: Promise<readonly EngineInfo[]>
  /** Resolves when the first worker is ready, or the pool is failing. */
  readonly settled: Promise<void>
  readonly size: number
  readonly #options: PoolOptions
  readonly #workers = new Set<WorkerProcess>()
  readonly #waiting: PromiseWithResolvers<WorkerProcess>[] = []
  #engines: readonly EngineInfo[] | undefined
  #modelLoads = 0
  /** Times of model loads in the last hour, epoch milliseconds. */
  #loadedAt: readonly number[] = []
  #consecutiveExits = 0
  readonly #replacing = new Set<NodeJS.Timeout>()
  #lastReason = ''
  #stopping = false
  readonly #firstReady = Promise.withResolvers<readonly EngineInfo[]>()
  readonly #settled = Promise.withResolvers<void>()

  constructor(options: PoolOptions) {
    this.#options = options
    this.size = options.size
    this.engines = this.#firstReady.promise
    this.settled = this.#settled.promise
    for (let started = 0; started < options.size; started++) this.#start()
  }

  get alive(): number {
    return [...this.#workers].filter((worker) => worker.ready).length
  }

  get state(): PoolState {
    if (this.alive > 0) return { state: 'ready' }
    if (this.#consecutiveExits < failingAfterExits) return { state: 'starting' }
    return { state: 'failing', reason: this.#lastReason }
  }

  get busy(): number {
    return [...this.#workers].filter((worker) => worker.busy).length
  }

  /** Number of models loaded since the pool started: few, if each worker keeps its own. */
  get modelLoads(): number {
    return this.#modelLoads
  }

  /** Number of models loaded in the last hour. */
  get modelLoadsLastHour(): number {
    this.#loadedAt = this.#loadedAt.filter((at) => at > Date.now() - hourMs)
    return this.#loadedAt.length
  }

  get pids(): number[] {
    return [...this.#workers].flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  }

  /**
   * Speaks a text as soon as a worker is free, first come first served. Rejects with `VoiceUnavailable` when the voice
   * cannot be loaded, else with a plain `Error` whose message gives the reason: the engine's error, a time-out, or that
   * the worker ended.
   */
  speak(task: SpeakTask): Promise<Clip> {
    return this.#withWorker(modelOf(task), (worker) =>
      worker.speak(task, this.#timeout(task.text.length, !worker.hasSpoken(task))),
    )
  }

  /** Measures the gain and pace of a speech server's voice. Rejects like `speak`. */
  measure(audio: ReceivedAudio): Promise<{ gain: number; pace: number }> {
    return this.#withWorker('', (worker) => worker.measure(audio, this.#timeout(0, false)))
  }

  async #withWorker<T>(model: string, work: (worker: WorkerProcess) => Promise<T>): Promise<T> {
    if (this.#stopping) throw new PoolStopped()
    const worker = await this.#acquireWorker(model)
    try {
      const done = await work(worker)
      this.#consecutiveExits = 0
      return done
    } catch (error) {
      throw this.#stopping ? new PoolStopped({ cause: error }) : error
    } finally {
      if (worker.idle) this.#offer(worker)
    }
  }

  #timeout(characters: number, first: boolean): number {
    return (this.#options.timeout ?? defaultTimeoutMs)(characters, first)
  }

  /** Kills all workers; their requests are rejected with `PoolStopped`. */
  async stop(): Promise<void> {
    this.#stopping = true
    for (const timer of this.#replacing) clearTimeout(timer)
    for (const { reject } of this.#waiting.splice(0)) reject(new PoolStopped())
    await Promise.all([...this.#workers].map((worker) => worker.end()))
  }

  /** Prefers the worker that used this model most recently, else the one with the fewest models. */
  #acquireWorker(model: string): Promise<WorkerProcess> {
    const [best] = [...this.#workers]
      .filter(({ idle }) => idle)
      .toSorted(
        (one, other) =>
          byNumber(one.modelsSince(model), other.modelsSince(model)) || one.models - other.models,
      )
    if (best !== undefined) {
      best.reserve()
      return Promise.resolve(best)
    }
    const free = Promise.withResolvers<WorkerProcess>()
    this.#waiting.push(free)
    return free.promise
  }

  #offer(worker: WorkerProcess): void {
    const next = this.#waiting.shift()
    if (!next) return
    worker.reserve()
    next.resolve(worker)
  }

  #start(): void {
    if (this.#stopping) return
    const listener: WorkerListener = {
      // Clips are keyed by the first worker's engines; a worker with others would need other keys.
      rejectReason: (engines) => {
        this.#engines ??= engines
        if (isDeepStrictEqual(this.#engines, engines)) return undefined
        return 'the program on the disk is not the one that runs: start Nightjar again'
      },
      onReady: (engines) => {
        this.#firstReady.resolve(engines)
        this.#settled.resolve()
        this.#options.onReady?.(worker.pid)
        this.#offer(worker)
      },
      onLoads: (count) => {
        this.#modelLoads += count
        this.#loadedAt = [...this.#loadedAt, ...Array.from({ length: count }, () => Date.now())].slice(-1000)
      },
      onEnd: (reason) => {
        this.#workers.delete(worker)
        if (this.#stopping) return
        this.#consecutiveExits++
        this.#lastReason = reason
        this.#options.onUnexpectedExit?.(worker.pid, reason)
        if (this.#consecutiveExits >= failingAfterExits) this.#settled.resolve()
        const timer = setTimeout(() => {
          this.#replacing.delete(timer)
          this.#start()
        }, replacementDelay(this.#consecutiveExits))
        this.#replacing.add(timer)
      },
    }
    const worker: WorkerProcess = new WorkerProcess(
      this.#options.module,
      listener,
      this.#options.environment,
      this.#options.startTimeout,
    )
    this.#workers.add(worker)
  }
}

/** Compares numbers that may both be infinite. */
function byNumber(one: number, other: number): number {
  return one === other ? 0 : one - other
}

/** The pool was stopped before the request was done; it is not the text's failure. */
export class PoolStopped extends Error {
  constructor(options?: ErrorOptions) {
    super('the worker pool was stopped', options)
  }
}
