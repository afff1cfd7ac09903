import { totalmem } from 'node:os'
import type { PooledWorker } from './pooled-worker.ts'

/** Resident memory of a worker that has spoken with Kokoro, the only large model. */
const workerBytes = 800_000_000
/** Of the machine's memory, for workers with a large model. */
const share = 0.5

/** Whether the model of a voice takes so much memory that not every worker may have room for it. */
export function hasLargeModel(voice: string): boolean {
  return voice.startsWith('kokoro:')
}

/** How many of `size` workers of this machine may hold a large model: at least one. `memory`: in bytes. */
export function workersWithRoom(size: number, memory = availableMemory()): number {
  return Math.max(1, Math.min(size, Math.floor((memory * share) / workerBytes)))
}

/** The machine's, or what its container may use. */
function availableMemory(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

/** Which local workers hold a large model: no more than have room, each until it ends. Others are not counted. */
export class LargeModelWorkers {
  readonly #most: number
  readonly #holders = new Set<PooledWorker>()

  constructor(most: number) {
    this.#most = most
  }

  get most(): number {
    return this.#most
  }

  mayTake(worker: PooledWorker): boolean {
    return !worker.local || this.#holders.has(worker) || this.#living().length < this.#most
  }

  taken(worker: PooledWorker): void {
    if (worker.local) this.#holders.add(worker)
  }

  #living(): PooledWorker[] {
    for (const holder of this.#holders) if (!holder.ready) this.#holders.delete(holder)
    return [...this.#holders]
  }
}
