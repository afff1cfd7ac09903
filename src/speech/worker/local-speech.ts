import { type Clip, framesToSeconds } from '../../novel/clip.ts'
import type { Delivery, PooledWorker, SpeakTask } from './pooled-worker.ts'
import { SpeechRate } from './speech-rate.ts'

const hourMs = 3_600_000

/** A text in the hands of a worker. */
export interface SpokenNow extends Pick<Delivery, 'segment'> {
  readonly voice: string
}

/** What this machine's own workers speak, and have spoken since the pool started. */
export class LocalSpeech {
  /** Number of models that they loaded. */
  modelLoads = 0
  /** Texts that they spoke. */
  spoken = 0
  readonly #rate = new SpeechRate()
  readonly #now = new Map<PooledWorker, SpokenNow>()
  /** Times of model loads in the last hour, epoch milliseconds. */
  #loadedAt: readonly number[] = []

  /** What they speak now. */
  get now(): readonly SpokenNow[] {
    return [...this.#now.values()]
  }

  /** Number of models loaded in the last hour. */
  get modelLoadsLastHour(): number {
    this.#loadedAt = this.#loadedAt.filter((at) => at > Date.now() - hourMs)
    return this.#loadedAt.length
  }

  /** Seconds of speech per second of wall clock, over the last two minutes; 0 while they rest. */
  get realTimeFactor(): number {
    return this.#rate.at(Date.now())
  }

  recordLoads(count: number): void {
    this.modelLoads += count
    this.#loadedAt = [...this.#loadedAt, ...Array.from({ length: count }, () => Date.now())].slice(-1000)
  }

  /** Counts what `work`, a worker's answer to a task, comes to. */
  async track(
    worker: PooledWorker,
    { voice }: SpeakTask,
    delivery: Delivery | undefined,
    work: Promise<Clip>,
  ): Promise<Clip> {
    this.#now.set(worker, { voice, ...(delivery?.segment && { segment: delivery.segment }) })
    try {
      const clip = await work
      this.spoken++
      this.#rate.add(framesToSeconds(clip.frameSizes.length), Date.now())
      return clip
    } finally {
      this.#now.delete(worker)
    }
  }
}
