/** Lets one after the other do what must not be interleaved, in the order they asked. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => undefined)
    return mine
  }
}

/** Lets everything else that waits run first, so that long work holds nobody up. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
