import type { ExecutionProvider } from '../onnx/execution-provider.ts'
import type { EngineInfo } from './worker-protocol.ts'
import { WorkerProcess } from './worker-process.ts'

export interface SupervisorOptions {
  /** How many processes are kept alive. */
  readonly size: number
  /** Module of the worker process; tests use faulty ones. */
  readonly module: URL
  /** Absent: the server's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Time limit for a worker to start in milliseconds; after it the worker is replaced. */
  readonly startTimeout?: number
  /** What large networks are run on; left out: the CPU. */
  readonly provider?: ExecutionProvider
  readonly onReady?: (pid: number | undefined) => void
  /** Called when a worker ended unexpectedly. */
  readonly onUnexpectedExit?: (pid: number | undefined, reason: string) => void
}

interface SupervisorListener {
  /** Reason to reject a worker with these engines; `undefined` to accept it. */
  readonly rejectReason: (engines: readonly EngineInfo[]) => string | undefined
  readonly onReady: (worker: WorkerProcess, engines: readonly EngineInfo[]) => void
  readonly onLoads: (count: number) => void
  /** Called when a worker ended unexpectedly, before it is replaced. */
  readonly onExit: () => void
}

/** Delay before a worker is replaced, by consecutive exits: 0.1 s, doubling up to 10 s. */
const replacementDelay = (exits: number): number => Math.min(10_000, 100 * 2 ** (exits - 1))

/** After so many consecutive exits, and with none alive, the workers are failing rather than starting. */
const failingAfterExits = 3

/** The others begin by then, even if the first is not ready. */
const othersAfterMs = 3000

/**
 * Keeps a number of forked workers alive: one that dies or hangs is replaced. The first starts alone: it is ready sooner,
 * and what it has compiled is there for the others.
 */
export class WorkerSupervisor {
  readonly workers = new Set<WorkerProcess>()
  readonly #options: SupervisorOptions
  readonly #listener: SupervisorListener
  readonly #replacing = new Set<NodeJS.Timeout>()
  #consecutiveExits = 0
  #lastReason = ''
  #stopped = false
  /** How many wait for the first. */
  #waiting: number
  readonly #waitsForFirst: NodeJS.Timeout

  constructor(options: SupervisorOptions, listener: SupervisorListener) {
    this.#options = options
    this.#listener = listener
    this.#waiting = Math.max(0, options.size - 1)
    if (options.size > 0) this.#start()
    this.#waitsForFirst = setTimeout(() => this.#startOthers(), othersAfterMs)
  }

  /** Why the last worker ended; `undefined` while they are starting rather than failing. */
  get failureReason(): string | undefined {
    return this.#consecutiveExits < failingAfterExits ? undefined : this.#lastReason
  }

  /** Resets the count of consecutive exits. */
  reportSuccess(): void {
    this.#consecutiveExits = 0
  }

  /** Ends all workers. Resolves when they are gone. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#waitsForFirst)
    for (const timer of this.#replacing) clearTimeout(timer)
    await Promise.all([...this.workers].map((worker) => worker.end()))
  }

  #startOthers(): void {
    clearTimeout(this.#waitsForFirst)
    for (; this.#waiting > 0; this.#waiting--) this.#start()
  }

  #start(): void {
    if (this.#stopped) return
    const worker: WorkerProcess = new WorkerProcess(
      this.#options.module,
      {
        rejectReason: this.#listener.rejectReason,
        onLoads: this.#listener.onLoads,
        onReady: (engines) => {
          this.#options.onReady?.(worker.pid)
          this.#listener.onReady(worker, engines)
          this.#startOthers()
        },
        onEnd: (reason) => this.#replace(worker, reason),
      },
      this.#options.environment,
      this.#options.startTimeout,
      this.#options.provider,
    )
    this.workers.add(worker)
  }

  #replace(worker: WorkerProcess, reason: string): void {
    this.workers.delete(worker)
    if (this.#stopped) return
    this.#startOthers()
    this.#consecutiveExits++
    this.#lastReason = reason
    this.#options.onUnexpectedExit?.(worker.pid, reason)
    this.#listener.onExit()
    const timer = setTimeout(() => {
      this.#replacing.delete(timer)
      this.#start()
    }, replacementDelay(this.#consecutiveExits))
    this.#replacing.add(timer)
  }
}
