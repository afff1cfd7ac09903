import { totalmem } from 'node:os'
import type { PooledWorker } from './pooled-worker.ts'

/**
 * Resident memory of a worker that has spoken with a large model, by engine. Kokoro's was measured; the others' are the
 * size of their weights (282 and 398 MB) and what Kokoro's needs besides, since their files were not at hand.
 */
const workerBytes: Readonly<Record<string, number>> = {
  kokoro: 800_000_000,
  'kokoro-zh': 800_000_000,
  vieneu: 800_000_000,
  supertonic: 1_000_000_000,
}
/** Of the machine's memory, for workers with a large model. */
const share = 0.5

/**
 * Memory that a worker needs for the model of a voice, in bytes, if it is so large that not every worker may have room for
 * it; `undefined` for all others.
 */
export function largeModelBytes(voice: string): number | undefined {
  return workerBytes[voice.slice(0, voice.indexOf(':'))]
}

/** How many times longer than usual a text may take: large models are slow. */
export function patienceFactor(voice: string): number {
  return largeModelBytes(voice) === undefined ? 1 : 4
}

/** Bytes of memory that all workers of this machine with a large model may have together. `memory`: in bytes. */
export function roomForLargeModels(memory = availableMemory()): number {
  return memory * share
}

/** The machine's, or what its container may use. */
function availableMemory(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

/**
 * Which local workers hold a large model: no more than have room, but at least one, each until it ends. A worker keeps one
 * such model at a time, so it needs the memory of the largest that it has spoken with. Others are not counted.
 */
export class LargeModelWorkers {
  readonly #room: number
  /** With the bytes of each. */
  readonly #holders = new Map<PooledWorker, number>()

  /** `room`: in bytes. */
  constructor(room: number) {
    this.#room = room
  }

  /** How many workers can hold a model of this size at the same time. */
  placesFor(bytes: number): number {
    return Math.max(1, Math.floor(this.#room / bytes))
  }

  mayTake(worker: PooledWorker, bytes: number): boolean {
    if (!worker.local) return true
    const others = this.#living().filter(([holder]) => holder !== worker)
    const needed = Math.max(bytes, this.#holders.get(worker) ?? 0)
    return others.length === 0 || others.reduce((sum, [, held]) => sum + held, needed) <= this.#room
  }

  taken(worker: PooledWorker, bytes: number): void {
    if (worker.local) this.#holders.set(worker, Math.max(bytes, this.#holders.get(worker) ?? 0))
  }

  #living(): (readonly [PooledWorker, number])[] {
    for (const holder of this.#holders.keys()) if (!holder.ready) this.#holders.delete(holder)
    return [...this.#holders]
  }
}
