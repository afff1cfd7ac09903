import { setTimeout as wait } from 'node:timers/promises'
import type { HeldLock, Lock } from '../lock.ts'
import { PostgresSession } from './postgres-session.ts'

const firstRetryMs = 10
const lastRetryMs = 500

/**
 * The lock of all servers of a database: advisory locks of one session, which ends with the process, however that ends.
 * If the session is lost, so are its locks: the signals of their holders abort.
 */
export class PostgresLock implements Lock, AsyncDisposable {
  /** Excludes within the process: a session would get the same lock twice. */
  readonly #local: Lock
  #session: PostgresSession | undefined
  readonly #held = new Set<AbortController>()

  private constructor(local: Lock) {
    this.#local = local
  }

  /** `local`: a lock of this process. Throws what the driver throws if the database cannot be reached. */
  static async open(url: string, local: Lock): Promise<PostgresLock> {
    const lock = new PostgresLock(local)
    lock.#session = await PostgresSession.open(url, { onLost: (error) => lock.#lost(error) })
    return lock
  }

  async acquire(name: string, signal?: AbortSignal): Promise<HeldLock> {
    const local = await this.#local.acquire(name, signal)
    try {
      for (let delay = firstRetryMs; !(await this.#take(name)); delay = Math.min(2 * delay, lastRetryMs)) {
        await wait(delay, undefined, signal && { signal }).catch(() => undefined)
        signal?.throwIfAborted()
      }
    } catch (error) {
      await local[Symbol.asyncDispose]()
      throw error
    }
    return this.#hold(name, local)
  }

  async tryAcquire(name: string): Promise<HeldLock | undefined> {
    const local = await this.#local.tryAcquire(name)
    if (!local) return undefined
    try {
      if (await this.#take(name)) return this.#hold(name, local)
    } catch (error) {
      await local[Symbol.asyncDispose]()
      throw error
    }
    await local[Symbol.asyncDispose]()
    return undefined
  }

  /** Releases all. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session?.[Symbol.asyncDispose]()
  }

  async #take(name: string): Promise<boolean> {
    const [row] =
      (await this.#session?.query<{ locked: boolean }>(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
        [keyOf(name)],
      )) ?? []
    return row?.locked === true
  }

  #hold(name: string, local: HeldLock): HeldLock {
    const lost = new AbortController()
    this.#held.add(lost)
    return {
      signal: lost.signal,
      [Symbol.asyncDispose]: async () => {
        if (!this.#held.delete(lost)) return
        try {
          // Not after the session was lost: in the next one, another holder of this process may have it.
          if (!lost.signal.aborted)
            await this.#session?.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [keyOf(name)])
        } catch {
          // The session ended just now, and the lock with it.
        } finally {
          await local[Symbol.asyncDispose]()
        }
      },
    }
  }

  #lost(error: Error): void {
    for (const holder of this.#held) holder.abort(error)
  }
}

/** Not the same as the topics of transactions. */
function keyOf(name: string): string {
  return `nightjar lock ${name}`
}
