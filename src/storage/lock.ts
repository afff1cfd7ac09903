/**
 * Mutual exclusion by name, of one process or of all servers of a database: `source:SHA` (importing one file),
 * `novel:ID` (re-keying it), `maintenance` (sweeping and auditing). A lock ends with its holder, however that dies.
 */
export interface Lock {
  /**
   * Waits in order of arrival; between servers, in any order. Throws the signal's reason, and leaves the queue, if it
   * aborts before.
   */
  acquire(name: string, signal?: AbortSignal): Promise<HeldLock>
  /** Without waiting: `undefined` if it is held. */
  tryAcquire(name: string): Promise<HeldLock | undefined>
}

/** Released when it is disposed of. */
export interface HeldLock extends AsyncDisposable {
  /** Aborts if the lock is lost before it is released, with its connection: another may hold it by now. */
  readonly signal: AbortSignal
}

/** Runs `work` while it holds the lock. Its signal aborts when the lock is lost, or `signal` aborts. */
export async function withLock<T>(
  lock: Lock,
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  await using held = await lock.acquire(name, signal)
  return await work(signal ? AbortSignal.any([held.signal, signal]) : held.signal)
}
