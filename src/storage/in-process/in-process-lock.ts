import type { HeldLock, Lock } from '../lock.ts'

/** Such a lock is never lost. */
const { signal: neverLost } = new AbortController()

/** The lock of a single process; that its data folder has no other is held by `folder-lock.ts`. */
export class InProcessLock implements Lock {
  /** Those that wait, by the name of a lock that is held; the first gets it next. */
  readonly #queues = new Map<string, (() => void)[]>()

  async acquire(name: string, signal?: AbortSignal): Promise<HeldLock> {
    signal?.throwIfAborted()
    const queue = this.#queues.get(name)
    if (!queue) return this.#hold(name)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = (): void => {
      const at = queue.indexOf(resolve)
      // It got the lock already, in this same turn of the event loop.
      if (at < 0) return
      queue.splice(at, 1)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', leave, { once: true })
    queue.push(resolve)
    await promise
    signal?.removeEventListener('abort', leave)
    return this.#held(name, queue)
  }

  async tryAcquire(name: string): Promise<HeldLock | undefined> {
    return this.#queues.has(name) ? undefined : this.#hold(name)
  }

  #hold(name: string): HeldLock {
    const queue: (() => void)[] = []
    this.#queues.set(name, queue)
    return this.#held(name, queue)
  }

  #held(name: string, queue: (() => void)[]): HeldLock {
    let released = false
    return {
      signal: neverLost,
      [Symbol.asyncDispose]: async () => {
        if (released) return
        released = true
        const next = queue.shift()
        if (next) next()
        else this.#queues.delete(name)
      },
    }
  }
}
