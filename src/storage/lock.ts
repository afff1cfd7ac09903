/**
 * Mutual exclusion by name: `requests` (accepting, controlling and deleting, one at a time), `source:SHA` (importing one
 * file). A lock ends with its holder, however that dies.
 */
export interface Lock {
  /** Waits in order of arrival. Throws the signal's reason, and leaves the queue, if it aborts before. */
  acquire(name: string, signal?: AbortSignal): Promise<AsyncDisposable>
  /** Without waiting: `undefined` if it is held. */
  tryAcquire(name: string): Promise<AsyncDisposable | undefined>
}

/** Runs `work` while it holds the lock. */
export async function withLock<T>(
  lock: Lock,
  name: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  await using _ = await lock.acquire(name, signal)
  return await work()
}
