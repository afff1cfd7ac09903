import { z } from 'zod'
import { events } from '../../src/http/contract/event-contract.ts'
import type { Api } from './api-client.ts'
import { inTime } from './wait-until.ts'

export type HeardEvent = {
  [Kind in keyof typeof events]: {
    readonly id: string
    readonly kind: Kind
    readonly data: z.infer<(typeof events)[Kind]>
  }
}[keyof typeof events]

/** A listener of `GET /api/worker/events`, as the standard describes one; every event has the contract's shape. */
export class EventStream implements AsyncDisposable {
  readonly response: Response
  readonly heard: HeardEvent[] = []
  /** Settles when the server ends the stream, or the connection breaks. */
  readonly ended: Promise<void>
  /** Milliseconds that the server wants a listener to wait before it comes back. */
  retry: number | undefined
  readonly #abort: AbortController
  readonly #waiting: (() => void)[] = []
  #over = false

  private constructor(response: Response, abort: AbortController) {
    this.response = response
    this.#abort = abort
    this.ended = this.#listen()
  }

  static async open(api: Api, lastEventId?: string, path = '/api/worker/events'): Promise<EventStream> {
    const abort = new AbortController()
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
    return new EventStream(await api.fetch(path, { headers, signal: abort.signal }), abort)
  }

  /** Waits for the first event, heard already or not, that is as wanted. */
  async until(wanted: (event: HeardEvent) => boolean): Promise<HeardEvent> {
    const search = async (signal: AbortSignal): Promise<HeardEvent> => {
      for (;;) {
        const found = this.heard.find(wanted)
        if (found) return found
        if (this.#over || signal.aborted) throw new Error(`the stream ended without ${String(wanted)}`)
        await new Promise<void>((resolve) => {
          this.#waiting.push(resolve)
        })
      }
    }
    return inTime(search, () => `${String(wanted)} among ${JSON.stringify(this.heard.slice(-5))}`)
  }

  /** Hangs up. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort()
    await this.ended
  }

  async #listen(): Promise<void> {
    const decoder = new TextDecoder()
    let text = ''
    try {
      for await (const chunk of this.response.body ?? []) {
        text += decoder.decode(chunk, { stream: true })
        const messages = text.split('\n\n')
        text = messages.pop() ?? ''
        for (const message of messages) this.#take(message)
        this.#wake()
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) throw error
    } finally {
      this.#over = true
      this.#wake()
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  #take(message: string): void {
    const fields = new Map(
      message.split('\n').map((line) => {
        const colon = line.indexOf(': ')
        return [line.slice(0, colon), line.slice(colon + 2)] as const
      }),
    )
    const retry = fields.get('retry')
    if (retry !== undefined) this.retry = Number(retry)
    const kind = z
      .enum(Object.keys(events) as (keyof typeof events)[])
      .optional()
      .parse(fields.get('event'))
    if (kind === undefined) return
    const data: unknown = JSON.parse(fields.get('data') ?? '')
    this.heard.push({ id: fields.get('id') ?? '', kind, data: events[kind].parse(data) } as HeardEvent)
  }
}
