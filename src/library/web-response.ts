import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { get as getSecurely } from 'node:https'

/** Bytes that may wait for a slow disk; then the connection is held up. */
const maxBufferedBytes = 4 * 1024 * 1024

/** Asks for an http or https address; redirects are answers like any other. End what it gives. */
export async function httpGet(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<HttpResponse> {
  return await new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? getSecurely : get)(url, { headers, signal }, (message) => {
      resolve(new HttpResponse(message))
    })
    request.on('error', reject)
  })
}

/**
 * An answer whose body gives every byte that has arrived, and only then what ended it. `fetch` and the iterators of
 * streams drop what is waiting when a connection breaks off: tens of kilobytes each time, and all of it where a line
 * never holds for longer. So it listens from the moment the answer is there.
 */
export class HttpResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly #message: IncomingMessage
  readonly #waiting: Uint8Array[] = []
  #bytes = 0
  #over = false
  #fault: Error | undefined
  #wake = () => {}

  constructor(message: IncomingMessage) {
    this.status = message.statusCode ?? 0
    this.headers = message.headers
    this.#message = message
    message.on('data', (chunk: Uint8Array) => {
      this.#waiting.push(chunk)
      this.#bytes += chunk.length
      if (this.#bytes > maxBufferedBytes) message.pause()
      this.#wake()
    })
    message.on('error', (error) => {
      this.#fault = error
      this.#wake()
    })
    message.once('close', () => {
      this.#over = true
      this.#wake()
    })
  }

  async *body(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.#waiting.shift()
      if (chunk) {
        this.#bytes -= chunk.length
        if (this.#bytes < maxBufferedBytes) this.#message.resume()
        yield chunk
      } else if (this.#fault) throw this.#fault
      else if (this.#over) return
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }

  close(): void {
    this.#message.destroy()
  }
}
