import { Failure } from '../novel/failure.ts'

/** Guests at the same time: each may have a process that encodes for it, of some 45 MB. */
const mostGuests = 16
/** A sentence or two of each guest are spoken by then. */
const comeBackInSeconds = 5

/** Does some work when it is one's turn. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>

/**
 * The line in which other programs wait for the speakers. Whoever was served goes to its end, so that somebody with one
 * sentence does not wait for the thousand of somebody else; and never more are served at once than there are speakers,
 * so that novels get theirs in between.
 */
export class SpeechLine {
  /** What each guest waits for, the one whose turn it is first. */
  readonly #guests: PromiseWithResolvers<void>[][] = []
  #free: number

  constructor(speakers: number) {
    this.#free = speakers
  }

  /**
   * Lets a guest in until its signal is aborted; then what it still waits for is rejected with the signal's reason.
   * Throws `speech.busy` when there are too many.
   */
  enter(signal: AbortSignal): InTurn {
    signal.throwIfAborted()
    if (this.#guests.length >= mostGuests) throw new Failure('speech.busy', { seconds: comeBackInSeconds })
    const waiting: PromiseWithResolvers<void>[] = []
    this.#guests.push(waiting)
    const leave = (): void => {
      this.#guests.splice(this.#guests.indexOf(waiting), 1)
      for (const { reject } of waiting.splice(0)) reject(signal.reason)
    }
    signal.addEventListener('abort', leave, { once: true })
    return async (work) => {
      signal.throwIfAborted()
      const turn = Promise.withResolvers<void>()
      waiting.push(turn)
      this.#serve()
      await turn.promise
      try {
        return await work()
      } finally {
        this.#free++
        this.#serve()
      }
    }
  }

  #serve(): void {
    while (this.#free > 0) {
      const next = this.#guests.findIndex((waiting) => waiting.length > 0)
      const [guest] = next < 0 ? [] : this.#guests.splice(next, 1)
      if (!guest) return
      this.#guests.push(guest)
      this.#free--
      guest.shift()?.resolve()
    }
  }
}
