import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { waitUntil } from './wait-until.ts'

export interface ReceivedEvent {
  readonly headers: IncomingHttpHeaders
  readonly path: string
  readonly body: string
  readonly event: {
    readonly id: string
    readonly type: string
    readonly timestamp: string
    readonly data: Record<string, any>
  }
  readonly at: number
}

/** How a request is answered. */
type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** A program on another machine that is told of events, and answers well or badly. */
export class WebhookReceiver implements AsyncDisposable {
  readonly received: ReceivedEvent[] = []
  /** Those that are left answer the next requests; then 204. */
  readonly answers: Answer[] = []
  readonly #server = createServer((request, response) => void this.#receive(request, response))

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver()
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve))
    return receiver
  }

  url(path = '/hook'): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`
  }

  /** Waits for so many events. */
  async until(count: number): Promise<readonly ReceivedEvent[]> {
    await waitUntil(() => this.received.length >= count)
    return this.received
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    this.received.push({
      headers: request.headers,
      path: request.url ?? '',
      body,
      event: JSON.parse(body) as ReceivedEvent['event'],
      at: Date.now(),
    })
    const answer = this.answers.shift() ?? ((ok) => ok.writeHead(204).end())
    answer(response, request)
  }
}

/** Answers that webhooks get besides a good one. */
export const answers = {
  status:
    (status: number, headers: Record<string, string> = {}): Answer =>
    (response) =>
      response.writeHead(status, headers).end('no'),
  /** Closes the connection without an answer. */
  forgets: ((response) => response.destroy()) satisfies Answer as Answer,
  /** Says nothing until the other side gives up. */
  hangs: (() => undefined) satisfies Answer as Answer,
  /** A body without an end. */
  endless: ((response) => {
    response.writeHead(200)
    const more = (): void =>
      void (response.destroyed || (response.write('x'.repeat(65_536)), setImmediate(more)))
    more()
  }) satisfies Answer as Answer,
}
