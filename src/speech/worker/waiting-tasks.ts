import type { LargeModelWorkers } from './large-models.ts'
import type { PooledWorker } from './pooled-worker.ts'

/** What a task asks of the worker that takes it. */
interface WorkerNeed {
  readonly model: string
  /** It brings audio along, which does not go to another machine. */
  readonly localOnly: boolean
  /** Of a model that not every worker has room for: its bytes. */
  readonly large?: { readonly workers: LargeModelWorkers; readonly bytes: number } | undefined
}

interface WaitingTask extends WorkerNeed {
  readonly worker: PromiseWithResolvers<PooledWorker>
}

/** Takes the idle worker that used this model most recently, else the one with the fewest models. */
export function bestWorker(workers: readonly PooledWorker[], need: WorkerNeed): PooledWorker | undefined {
  const [best] = workers
    .filter((worker) => worker.idle && mayTake(worker, need))
    .toSorted(
      (one, other) =>
        byNumber(one.modelsSince(need.model), other.modelsSince(need.model)) || one.models - other.models,
    )
  if (best) need.large?.workers.taken(best, need.large.bytes)
  return best
}

function mayTake(worker: PooledWorker, { model, localOnly, large }: WorkerNeed): boolean {
  return (
    (worker.local || !localOnly) &&
    worker.accepts(model) &&
    (large?.workers.mayTake(worker, large.bytes) ?? true)
  )
}

/** Compares numbers that may both be infinite. */
function byNumber(one: number, other: number): number {
  return one === other ? 0 : one - other
}

/** Tasks that wait for a worker, first come first served. */
export class WaitingTasks {
  #tasks: readonly WaitingTask[] = []

  /** Resolves with the worker, which is reserved for the caller; rejects when the task is given up. */
  wait(need: WorkerNeed): Promise<PooledWorker> {
    const worker = Promise.withResolvers<PooledWorker>()
    this.#tasks = [...this.#tasks, { ...need, worker }]
    return worker.promise
  }

  /** Gives an idle worker the first task that it may take. */
  offer(worker: PooledWorker): void {
    const next = this.#tasks.find((task) => mayTake(worker, task))
    if (!next) return
    this.#tasks = this.#tasks.filter((other) => other !== next)
    worker.reserve()
    next.large?.workers.taken(worker, next.large.bytes)
    next.worker.resolve(worker)
  }

  /** Gives up the tasks whose model none of the workers accepts, which would wait for ever. */
  rejectUnservable(workers: readonly PooledWorker[], error: () => Error): void {
    this.#reject(({ model }) => !workers.some((worker) => worker.accepts(model)), error)
  }

  rejectAll(error: () => Error): void {
    this.#reject(() => true, error)
  }

  #reject(which: (task: WaitingTask) => boolean, error: () => Error): void {
    const rejected = this.#tasks.filter(which)
    this.#tasks = this.#tasks.filter((task) => !rejected.includes(task))
    for (const { worker } of rejected) worker.reject(error())
  }
}
