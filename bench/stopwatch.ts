export interface Spent {
  /** CPU seconds of the whole process, including other threads such as those of a network. */
  readonly cpu: number
  /** Wall-clock seconds. */
  readonly wall: number
}

/** Accumulates the time spent in parts of a single-threaded program. */
export class Stopwatch {
  #cpu = 0
  #wall = 0

  get spent(): Spent {
    return { cpu: this.#cpu, wall: this.#wall }
  }

  async during<T>(work: () => T | Promise<T>): Promise<T> {
    const [cpu, wall] = [process.cpuUsage(), performance.now()]
    try {
      return await work()
    } finally {
      const { user, system } = process.cpuUsage(cpu)
      this.#cpu += (user + system) / 1e6
      this.#wall += (performance.now() - wall) / 1000
    }
  }
}
