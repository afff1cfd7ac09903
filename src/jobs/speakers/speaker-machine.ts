import { RemoteWorker } from '../../speech/worker/remote-worker.ts'
import type { WorkerPool } from '../../speech/worker/worker-pool.ts'
import type { MachineIntroduction } from '../scheduler/segment-scheduler.ts'

/** A machine that could not load a voice is asked for it again after a minute, doubling up to an hour. */
const refusalMs = (refusals: number): number => Math.min(3_600_000, 60_000 * 2 ** (refusals - 1))

/** One machine that has joined: its slots are workers of the pool while it is active. */
export class SpeakerMachine {
  readonly id: string
  readonly introduction: MachineIntroduction
  readonly joinedAt: number
  readonly slots: readonly RemoteWorker[]
  /** Of its last request, epoch milliseconds. */
  seenAt: number
  realTimeFactor = 0
  spoken = 0
  modelLoads = 0
  readonly #pool: WorkerPool
  /** By model: how often in a row it could not be loaded, and until when it is not asked for again. */
  readonly #refusals = new Map<string, { readonly times: number; readonly until: number }>()
  #membership: Disposable | undefined
  #ended = false

  constructor(id: string, introduction: MachineIntroduction, pool: WorkerPool) {
    this.id = id
    this.introduction = introduction
    this.joinedAt = Date.now()
    this.seenAt = this.joinedAt
    this.#pool = pool
    this.slots = Array.from(
      { length: introduction.slots },
      () =>
        new RemoteWorker({
          onIdle: (worker) => pool.offer(worker),
          accepts: (model) => (this.#refusals.get(model)?.until ?? 0) <= Date.now(),
        }),
    )
  }

  /** `away`: it fell silent, or has left. */
  get state(): 'active' | 'draining' | 'away' {
    return this.#ended ? 'away' : this.#membership ? 'active' : 'draining'
  }

  /** Its slots are given tasks from now on. Returns `false` where its engines are not those of the pool. */
  activate(): boolean {
    if (!this.#ended) this.#membership ??= this.#pool.join(this.slots, this.introduction.engines)
    return this.state === 'active'
  }

  /** Its slots are given no tasks any more; what they hold they finish. */
  drain(): void {
    this.#membership?.[Symbol.dispose]()
    this.#membership = undefined
    for (const worker of this.slots) worker.hangUp()
  }

  /** What its slots hold is spoken by others. */
  end(): void {
    this.#ended = true
    this.drain()
    for (const worker of this.slots) void worker.end()
  }

  refuse(model: string): void {
    const times = (this.#refusals.get(model)?.times ?? 0) + 1
    this.#refusals.set(model, { times, until: Date.now() + refusalMs(times) })
  }

  /** A model was loaded: it is not refused any more. */
  accept(model: string): void {
    this.#refusals.delete(model)
  }
}
