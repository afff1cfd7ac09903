import { Failure } from '../../novel/failure.ts'

/** Concurrent clients: each may have an encoder process of about 45 MB. */
const maxClients = 16
/** By then a sentence or two of each client are spoken. */
const retryAfterSeconds = 5

/** Runs `work` as soon as the client's turn has come and a slot is free. */
export type QueuedRun = <Result>(work: () => Promise<Result>) => Promise<Result>

/**
 * Queue of the speech API's clients. Round-robin, so that a client with one sentence does not wait for another one's
 * thousand; never more requests at once than there are speech workers, so that novels get workers in between.
 */
export class SpeechQueue {
  /** The waiting requests of each client; the client to serve next comes first. */
  readonly #clients: PromiseWithResolvers<void>[][] = []
  readonly #capacity: () => number
  #running = 0

  /** `capacity`: how many may be served at the same time; it changes as machines come and go. */
  constructor(capacity: () => number) {
    this.#capacity = capacity
  }

  /**
   * Registers a client until its signal is aborted; its waiting requests are then rejected with the signal's reason.
   * Throws `speech.busy` when 16 clients are registered.
   */
  addClient(signal: AbortSignal): QueuedRun {
    signal.throwIfAborted()
    if (this.#clients.length >= maxClients) throw new Failure('speech.busy', { seconds: retryAfterSeconds })
    const waiting: PromiseWithResolvers<void>[] = []
    this.#clients.push(waiting)
    const removeClient = (): void => {
      this.#clients.splice(this.#clients.indexOf(waiting), 1)
      for (const { reject } of waiting.splice(0)) reject(signal.reason)
    }
    signal.addEventListener('abort', removeClient, { once: true })
    return async (work) => {
      signal.throwIfAborted()
      const turn = Promise.withResolvers<void>()
      waiting.push(turn)
      this.#dispatch()
      await turn.promise
      try {
        return await work()
      } finally {
        this.#running--
        this.#dispatch()
      }
    }
  }

  #dispatch(): void {
    while (this.#running < this.#capacity()) {
      const next = this.#clients.findIndex((waiting) => waiting.length > 0)
      const [client] = next < 0 ? [] : this.#clients.splice(next, 1)
      if (!client) return
      this.#clients.push(client)
      this.#running++
      client.shift()?.resolve()
    }
  }
}
