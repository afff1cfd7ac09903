import { isDeepStrictEqual } from 'node:util'
import type { Clip } from '../../novel/clip.ts'
import { type WorkerListener, modelOf, WorkerProcess, type SpeakTask } from './worker-process.ts'
import type { EngineInfo, ReceivedAudio } from './worker-protocol.ts'

export interface PoolOptions {
  readonly size: number
  /** The module that a speaker runs; tests give their own to see the pool cope with it. */
  readonly module: URL
  /** Left out: the server's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** How long a text of so many characters may take, in milliseconds; `first`: of a voice that is new to the worker. */
  readonly timeout?: (characters: number, first: boolean) => number
  /** How long a worker may take to start, in milliseconds; one that hangs meanwhile is replaced. */
  readonly startTimeout?: number
  readonly onReady?: (pid: number | undefined) => void
  /** Told when a speaker ended that should not have. */
  readonly onUnexpectedExit?: (pid: number | undefined, reason: string) => void
}

/**
 * A slow box speaks a segment of 350 characters, some 25 seconds of speech, in less than this; loading a model on a
 * slow disk is allowed for.
 */
const defaultTimeoutMs = (characters: number, first: boolean): number =>
  30_000 + 300 * characters + (first ? measuringMs : 0)

/** A voice that a worker has not spoken yet may be measured before: some 40 seconds of speech. */
const measuringMs = 90_000

/** A speaker that dies again and again is replaced ever more slowly: 0.1 s, doubling up to 10 s. */
const replacementDelay = (deathsInARow: number): number => Math.min(10_000, 100 * 2 ** (deathsInARow - 1))

const hourMs = 3_600_000

/** After so many ends in a row, and with none alive, workers fail rather than start. */
const failingAfterExits = 3

export interface PoolState {
  readonly state: 'ready' | 'starting' | 'failing'
  /** Why the last worker ended; only while they fail. */
  readonly reason?: string
}

/**
 * The forked children that speak. Each holds one segment at a time; one that dies or hangs is replaced, and its
 * segment's promise is rejected with the reason. Close it with `stop`.
 */
export class WorkerPool {
  /** What the workers can speak; resolves with the first of them that is ready, however late that is. */
  readonly engines: Promise<readonly EngineInfo[]>
  /** Resolves when the first worker is ready, or when it is seen that they fail. */
  readonly settled: Promise<void>
  readonly size: number
  readonly #options: PoolOptions
  readonly #workers = new Set<WorkerProcess>()
  readonly #waiting: PromiseWithResolvers<WorkerProcess>[] = []
  #engines: readonly EngineInfo[] | undefined
  #modelLoads = 0
  /** When models were loaded in the last hour, epoch milliseconds. */
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
    return [...this.#workers].filter((speaker) => speaker.ready).length
  }

  get state(): PoolState {
    if (this.alive > 0) return { state: 'ready' }
    if (this.#consecutiveExits < failingAfterExits) return { state: 'starting' }
    return { state: 'failing', reason: this.#lastReason }
  }

  get busy(): number {
    return [...this.#workers].filter((speaker) => speaker.busy).length
  }

  /** How many models the speakers have loaded since the pool began: few, if each speaker keeps to its own. */
  get modelLoads(): number {
    return this.#modelLoads
  }

  /** The same, of the last hour. */
  get modelLoadsLastHour(): number {
    this.#loadedAt = this.#loadedAt.filter((at) => at > Date.now() - hourMs)
    return this.#loadedAt.length
  }

  get pids(): number[] {
    return [...this.#workers].flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  }

  /**
   * Speaks a text as soon as a speaker is free, first come first served. Rejects with `VoiceUnavailable` when the voice
   * cannot be loaded, else with a plain `Error` whose message says what went wrong: the engine's own words, a time-out,
   * or that the speaker ended.
   */
  speak(task: SpeakTask): Promise<Clip> {
    return this.#withWorker(modelOf(task), (speaker) =>
      speaker.speak(task, this.#timeout(task.text.length, !speaker.hasSpoken(task))),
    )
  }

  /** What brings the voice of a speech server to the studio's loudness and pace. Rejects like `speak`. */
  measure(audio: ReceivedAudio): Promise<{ gain: number; pace: number }> {
    return this.#withWorker('', (speaker) => speaker.measure(audio, this.#timeout(0, false)))
  }

  async #withWorker<T>(model: string, work: (speaker: WorkerProcess) => Promise<T>): Promise<T> {
    if (this.#stopping) throw new PoolStopped()
    const speaker = await this.#acquireWorker(model)
    try {
      const done = await work(speaker)
      this.#consecutiveExits = 0
      return done
    } catch (error) {
      throw this.#stopping ? new PoolStopped({ cause: error }) : error
    } finally {
      if (speaker.idle) this.#offer(speaker)
    }
  }

  #timeout(characters: number, first: boolean): number {
    return (this.#options.timeout ?? defaultTimeoutMs)(characters, first)
  }

  /** Ends all speakers at once; what they held is rejected with `PoolStopped`. */
  async stop(): Promise<void> {
    this.#stopping = true
    for (const timer of this.#replacing) clearTimeout(timer)
    for (const { reject } of this.#waiting.splice(0)) reject(new PoolStopped())
    await Promise.all([...this.#workers].map((speaker) => speaker.end()))
  }

  /** Rather one that spoke this model not long ago, else one that has the fewest others loaded. */
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

  #offer(speaker: WorkerProcess): void {
    const next = this.#waiting.shift()
    if (!next) return
    speaker.reserve()
    next.resolve(speaker)
  }

  #start(): void {
    if (this.#stopping) return
    const listener: WorkerListener = {
      // Everything was compared with the engines of the first: what others speak has another key.
      rejectReason: (engines) => {
        this.#engines ??= engines
        if (isDeepStrictEqual(this.#engines, engines)) return undefined
        return 'the program on the disk is not the one that runs: start Nightjar again'
      },
      onReady: (engines) => {
        this.#firstReady.resolve(engines)
        this.#settled.resolve()
        this.#options.onReady?.(speaker.pid)
        this.#offer(speaker)
      },
      onLoads: (count) => {
        this.#modelLoads += count
        this.#loadedAt = [...this.#loadedAt, ...Array.from({ length: count }, () => Date.now())].slice(-1000)
      },
      onEnd: (reason) => {
        this.#workers.delete(speaker)
        if (this.#stopping) return
        this.#consecutiveExits++
        this.#lastReason = reason
        this.#options.onUnexpectedExit?.(speaker.pid, reason)
        if (this.#consecutiveExits >= failingAfterExits) this.#settled.resolve()
        const timer = setTimeout(() => {
          this.#replacing.delete(timer)
          this.#start()
        }, replacementDelay(this.#consecutiveExits))
        this.#replacing.add(timer)
      },
    }
    const speaker: WorkerProcess = new WorkerProcess(
      this.#options.module,
      listener,
      this.#options.environment,
      this.#options.startTimeout,
    )
    this.#workers.add(speaker)
  }
}

/** As `one − other`, for numbers that may both be infinite. */
function byNumber(one: number, other: number): number {
  return one === other ? 0 : one - other
}

/** The pool was stopped before this was spoken: nobody's fault, it is spoken next time. */
export class PoolStopped extends Error {
  constructor(options?: ErrorOptions) {
    super('the speakers were stopped', options)
  }
}
