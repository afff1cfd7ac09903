export interface Spent {
  /** CPU seconds of the whole process: what runs in threads of its own, such as a network, is in it. */
  readonly cpu: number
  /** Seconds on the wall. */
  readonly wall: number
}

/** Adds up what was spent in certain places of a program that does one thing at a time. */
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
