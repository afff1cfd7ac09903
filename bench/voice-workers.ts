import { availableParallelism } from 'node:os'
import type { VoiceModel } from '../src/novel/installed-voice.ts'
import { WorkerPool } from '../src/speech/worker/worker-pool.ts'
import type { BareText } from './bare-speaker.ts'
import { equalShares } from './equal-shares.ts'
import { sum } from './figures.ts'
import { cpuSeconds, residentMb } from './processes.ts'
import type { Spent } from './stopwatch.ts'
import { WorkerProcess } from './worker-process.ts'

/** The program's own speech workers, one on each core. */
export class Workers {
  readonly size = availableParallelism()
  readonly #voice: string
  readonly #model: VoiceModel
  readonly #pool = new WorkerPool({
    size: availableParallelism(),
    module: new URL('../src/speech/worker/speech-worker.ts', import.meta.url),
  })

  constructor(voice: string, model: VoiceModel) {
    this.#voice = voice
    this.#model = model
  }

  get loads(): number {
    return this.#pool.modelLoads
  }

  /** Peak of the largest speech worker since its start, in MB. */
  get memory(): number {
    return Math.max(...this.#pool.pids.map((pid) => residentMb(pid).peak))
  }

  /** `inTurn`: every other text is spoken by Heart, as when two novels are generated. */
  async speak(
    texts: readonly BareText[],
    inTurn = false,
  ): Promise<{ readonly cpu: number; readonly wall: number }> {
    await this.#pool.engines
    const before = this.#cpu()
    const began = performance.now()
    let next = 0
    const work = async (): Promise<void> => {
      for (let at = next++; at < texts.length; at = next++) {
        const { text, pauseSeconds } = texts[at]!
        const task = { text, pauseSeconds, speed: 1, seed: text, gain: 1 }
        await this.#pool.speak(
          inTurn && at % 2 === 1
            ? { ...task, voice: 'hibari:heart' }
            : { ...task, voice: this.#voice, model: this.#model },
        )
      }
    }
    await Promise.all(Array.from({ length: this.size }, work))
    return { cpu: this.#cpu() - before, wall: (performance.now() - began) / 1000 }
  }

  stop(): Promise<void> {
    return this.#pool.stop()
  }

  /** CPU seconds of the speech workers and of this process, which dispatches the texts. */
  #cpu(): number {
    return cpuSeconds([...this.#pool.pids, process.pid])
  }
}

/** What a bare loop over some texts took, and the seconds of speech that came of it. */
export interface BareResult {
  readonly network: Spent
  readonly seconds: number
}

/** A bare loop on each core, in the processes of `module`. */
export class BareLoops implements Disposable {
  readonly #processes: readonly WorkerProcess<readonly BareText[], BareResult>[]

  constructor(module: URL, args: readonly string[] = []) {
    this.#processes = Array.from({ length: availableParallelism() }, () => new WorkerProcess(module, args))
  }

  async speak(texts: readonly BareText[]): Promise<{ cpu: number; wall: number; seconds: number }> {
    const shares = equalShares(texts, this.#processes.length)
    const results = await Promise.all(this.#processes.map((process, at) => process.ask(shares[at] ?? [])))
    return {
      cpu: sum(results.map(({ network }) => network.cpu)),
      wall: Math.max(...results.map(({ network }) => network.wall)),
      seconds: sum(results.map(({ seconds }) => seconds)),
    }
  }

  [Symbol.dispose](): void {
    for (const process of this.#processes) process[Symbol.dispose]()
  }
}
