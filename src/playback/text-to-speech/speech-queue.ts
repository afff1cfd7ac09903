import { Failure } from '../../novel/failure.ts'

/** Guests at the same time: each may have a process that encodes for it, of some 45 MB. */
const maxClients = 16
/** A sentence or two of each guest are spoken by then. */
const retryAfterSeconds = 5

/** Does some work when it is one's turn. */
export type QueuedRun = <Result>(work: () => Promise<Result>) => Promise<Result>

/**
 * The line in which other programs wait for the speakers. Whoever was served goes to its end, so that somebody with one
 * sentence does not wait for the thousand of somebody else; and never more are served at once than there are speakers,
 * so that novels get theirs in between.
 */
export class SpeechQueue {
  /** What each guest waits for, the one whose turn it is first. */
  readonly #clients: PromiseWithResolvers<void>[][] = []
  #freeSlots: number

  constructor(speakers: number) {
    this.#freeSlots = speakers
  }

  /**
   * Lets a guest in until its signal is aborted; then what it still waits for is rejected with the signal's reason.
   * Throws `speech.busy` when there are too many.
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
        this.#freeSlots++
        this.#dispatch()
      }
    }
  }

  #dispatch(): void {
    while (this.#freeSlots > 0) {
      const next = this.#clients.findIndex((waiting) => waiting.length > 0)
      const [client] = next < 0 ? [] : this.#clients.splice(next, 1)
      if (!client) return
      this.#clients.push(client)
      this.#freeSlots--
      client.shift()?.resolve()
    }
  }
}
