import { say } from '../../novel/saying.ts'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { Clip } from '../../novel/clip.ts'
import { VoiceUnavailable } from '../speech-engine.ts'
import { largeModelBytes, LargeModelWorkers, patienceFactor, roomForLargeModels } from './large-models.ts'
import { LocalSpeech } from './local-speech.ts'
import { OnDemandPool } from './on-demand-pool.ts'
import { type Delivery, modelOf, type PooledWorker, type SpeakTask, WorkerGone } from './pooled-worker.ts'
import { bestWorker, WaitingTasks } from './waiting-tasks.ts'
import { type SupervisorOptions, WorkerSupervisor } from './worker-supervisor.ts'
import type { WorkerProcess } from './worker-process.ts'
import type { EngineInfo, ReceivedAudio } from './worker-protocol.ts'

export interface PoolOptions extends SupervisorOptions {
  /** Time limit for a text in milliseconds; `first`: the voice is new to the worker. */
  readonly timeout?: (characters: number, first: boolean) => number
  /** Bytes that workers with a large model may have together; left out: half of this machine's memory. */
  readonly largeModelRoom?: number
}

/**
 * A slow machine speaks a segment of 350 characters, some 25 seconds of speech, in less than this, including loading a
 * model from a slow disk.
 */
const defaultTimeoutMs = (characters: number, first: boolean): number =>
  30_000 + 300 * characters + (first ? measuringMs : 0)

/** A voice new to a worker may be measured first: some 40 seconds of speech. */
const measuringMs = 90_000

export interface PoolState {
  /** `empty`: there are no workers on this machine, and no other machine has joined. */
  readonly state: 'ready' | 'starting' | 'failing' | 'empty'
  /** Why the last worker ended; only while failing. */
  readonly reason?: string
}

/** For people, where the pool is `empty`. */
export const emptyPoolMessage = say('speakers.empty')

/**
 * Pool of speech workers: forked children of this process, and the slots of other machines that have joined. Each
 * handles one request at a time; when one is lost, its request's promise is rejected. Close it with `stop`.
 */
export class WorkerPool {
  /** The workers' engines; resolves when the first worker is ready or has joined, however late. */
  readonly engines: Promise<readonly EngineInfo[]>
  /** Resolves when the first local worker is ready, the pool is failing, or at once where it has no local workers. */
  readonly settled: Promise<void>
  /** How many of them are processes of this machine. */
  readonly localSize: number
  /** What these have done. */
  readonly localSpeech = new LocalSpeech()
  readonly #options: PoolOptions
  readonly #local: WorkerSupervisor
  readonly #joined = new Set<PooledWorker>()
  /** Decodes what speech servers sent where no worker of this machine speaks. */
  readonly #encoders: OnDemandPool<WorkerPool>
  readonly #waiting = new WaitingTasks()
  readonly #large: LargeModelWorkers
  #engines: readonly EngineInfo[] | undefined
  #stopping = false
  readonly #firstReady = Promise.withResolvers<readonly EngineInfo[]>()
  readonly #settled = Promise.withResolvers<void>()

  constructor(options: PoolOptions) {
    this.#options = options
    this.localSize = options.size
    this.#large = new LargeModelWorkers(options.largeModelRoom ?? roomForLargeModels())
    this.engines = this.#firstReady.promise
    this.settled = this.#settled.promise
    this.#encoders = new OnDemandPool(() => new WorkerPool({ ...options, size: 1 }))
    this.#local = new WorkerSupervisor(options, {
      rejectReason: (engines) =>
        this.#hasEngines(engines)
          ? undefined
          : 'the program on the disk is not the one that runs: start Nightjar again',
      onReady: (worker, engines) => {
        this.#firstReady.resolve(engines)
        this.#settled.resolve()
        this.offer(worker)
      },
      onLoads: (count) => this.localSpeech.recordLoads(count),
      onExit: () => this.#local.failureReason !== undefined && this.#settled.resolve(),
    })
    if (options.size === 0) this.#settled.resolve()
  }

  /** How many segments can be spoken at the same time. */
  get size(): number {
    return this.localSize + this.#joined.size
  }

  /** How many segments of a voice can be spoken at the same time: fewer, if not every worker has room for its model. */
  placesFor(voice: string): number {
    const bytes = largeModelBytes(voice)
    if (bytes === undefined) return this.size
    return Math.min(this.localSize, this.#large.placesFor(bytes)) + this.#joined.size
  }

  get alive(): number {
    return this.#workers.filter((worker) => worker.ready).length
  }

  get state(): PoolState {
    if (this.alive > 0) return { state: 'ready' }
    if (this.size === 0) return { state: 'empty' }
    const reason = this.#local.failureReason
    return reason === undefined ? { state: 'starting' } : { state: 'failing', reason }
  }

  get busy(): number {
    return this.#workers.filter((worker) => worker.busy).length
  }

  /** The same figures of this machine's own workers. */
  get local(): { readonly alive: number; readonly busy: number } {
    const workers = [...this.#local.workers]
    return {
      alive: workers.filter(({ ready }) => ready).length,
      busy: workers.filter(({ busy }) => busy).length,
    }
  }

  /** Number of models loaded by local workers since the pool started: few, if each worker keeps its own. */
  get modelLoads(): number {
    return this.localSpeech.modelLoads
  }

  /** Of the local workers. */
  get pids(): number[] {
    return this.#workers.flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  }

  get #workers(): PooledWorker[] {
    return [...this.#local.workers, ...this.#joined]
  }

  /**
   * Takes in the workers of another machine until the result is disposed of; a task in their hands is then still
   * awaited. Returns `undefined` where their engines are not those of this pool (`engines`, wait for them first): their
   * clips would not be what their keys stand for.
   */
  join(workers: readonly PooledWorker[], engines: readonly EngineInfo[]): Disposable | undefined {
    // Which engines are right is for this machine's own workers to say.
    const unknown = this.localSize > 0 && this.#engines === undefined
    if (this.#stopping || unknown || !this.#hasEngines(engines)) return undefined
    for (const worker of workers) this.#joined.add(worker)
    this.#firstReady.resolve(engines)
    for (const worker of workers) if (worker.idle) this.offer(worker)
    return {
      [Symbol.dispose]: () => {
        for (const worker of workers) this.#joined.delete(worker)
        this.#rejectUnservable()
      },
    }
  }

  /** Gives an idle worker the first waiting task that it accepts. */
  offer(worker: PooledWorker): void {
    if (worker.local || this.#joined.has(worker)) this.#waiting.offer(worker)
  }

  /**
   * Speaks a text as soon as a worker is free, first come first served. Rejects with `VoiceUnavailable` when the voice
   * cannot be loaded by any worker, with `WorkerGone` when the worker's machine was lost, with `PoolStopped`, else with
   * a plain `Error` whose message gives the reason: the engine's error, a time-out, or that the worker ended.
   */
  async speak(task: SpeakTask, delivery?: Delivery): Promise<Clip> {
    if (task.audio !== undefined && this.localSize === 0) return this.#encode((pool) => pool.speak(task))
    const model = modelOf(task)
    const work = (worker: PooledWorker): Promise<Clip> => {
      const length = task.text.length * patienceFactor(task.voice)
      const spoken = worker.speak(task, this.#timeout(length, !worker.hasSpoken(task)), delivery)
      // What a speech server sent is only encoded here.
      const own = worker.local && task.audio === undefined
      return own ? this.localSpeech.track(worker, task, delivery, spoken) : spoken
    }
    for (;;) {
      const large = task.audio === undefined ? largeModelBytes(task.voice) : undefined
      const worker = await this.#acquireWorker(model, task.audio !== undefined, large)
      try {
        return await this.#with(worker, work)
      } catch (error) {
        const lost = error instanceof WorkerGone && !error.suspect
        const refused = error instanceof VoiceUnavailable && !worker.local
        if (refused) this.#rejectUnservable()
        if (!(lost || refused) || !this.#workers.some((other) => other.accepts(model))) throw error
      }
    }
  }

  /** Measures the gain and pace of a speech server's voice. Rejects like `speak`. */
  async measure(audio: ReceivedAudio): Promise<{ gain: number; pace: number }> {
    if (this.localSize === 0) return this.#encode((pool) => pool.measure(audio))
    // The local ones are processes.
    const worker = (await this.#acquireWorker('', true)) as WorkerProcess
    return this.#with(worker, () => worker.measure(audio, this.#timeout(0, false)))
  }

  /** Ends all workers; their requests are rejected with `PoolStopped`. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#waiting.rejectAll(() => new PoolStopped())
    await Promise.all([
      this.#local.stop(),
      this.#encoders.stop(),
      ...[...this.#joined].map((worker) => worker.end()),
    ])
  }

  async #encode<T>(work: (pool: WorkerPool) => Promise<T>): Promise<T> {
    if (this.#stopping) throw new PoolStopped()
    return this.#encoders.use(work)
  }

  async #with<Worker extends PooledWorker, T>(
    worker: Worker,
    work: (worker: Worker) => Promise<T>,
  ): Promise<T> {
    try {
      const done = await work(worker)
      if (worker.local) this.#local.reportSuccess()
      return done
    } catch (error) {
      throw this.#stopping ? new PoolStopped({ cause: error }) : error
    } finally {
      if (worker.idle) this.offer(worker)
    }
  }

  #timeout(characters: number, first: boolean): number {
    return (this.#options.timeout ?? defaultTimeoutMs)(characters, first)
  }

  #acquireWorker(model: string, localOnly: boolean, bytes?: number): Promise<PooledWorker> {
    if (this.#stopping) return Promise.reject(new PoolStopped())
    const large = bytes === undefined ? undefined : { workers: this.#large, bytes }
    const need = { model, localOnly, large }
    const best = bestWorker(this.#workers, need)
    if (best !== undefined) {
      best.reserve()
      return Promise.resolve(best)
    }
    const waiting = this.#waiting.wait(need)
    this.#rejectUnservable()
    return waiting
  }

  #rejectUnservable(): void {
    // Workers of this machine are replaced, and accept everything.
    if (this.localSize > 0) return
    this.#waiting.rejectUnservable(this.#workers, () =>
      this.#joined.size === 0
        ? new WorkerGone(emptyPoolMessage)
        : new VoiceUnavailable('no speaker machine can load it'),
    )
  }

  /** Clips are keyed by the first worker's engines; a worker with others would need other keys. */
  #hasEngines(engines: readonly EngineInfo[]): boolean {
    this.#engines ??= engines
    return isDeepStrictEqual(withoutGaps(this.#engines), withoutGaps(engines))
  }
}

type LoggedPoolOptions = Omit<PoolOptions, 'module' | 'onReady' | 'onUnexpectedExit'> & {
  readonly log: Pick<Logger, 'debug' | 'warn'>
  /** What a worker runs; the program's own engines if left out. */
  readonly module?: URL | undefined
}

/** A pool that logs when its processes are ready and when one ends. */
export function openWorkerPool({
  log,
  module = new URL('./speech-worker.ts', import.meta.url),
  ...options
}: LoggedPoolOptions): WorkerPool {
  return new WorkerPool({
    ...options,
    module,
    onReady: (pid) => log.debug({ pid }, 'a speech worker is ready'),
    onUnexpectedExit: (pid, reason) => log.warn({ pid, reason }, 'a speech worker ended and is replaced'),
  })
}

/** As JSON carries them: a field that is `undefined` is left out. */
function withoutGaps(engines: readonly EngineInfo[]): unknown {
  return JSON.parse(JSON.stringify(engines))
}

/** The pool was stopped before the request was done; it is not the text's failure. */
export class PoolStopped extends Error {
  constructor(options?: ErrorOptions) {
    super('the worker pool was stopped', options)
  }
}
