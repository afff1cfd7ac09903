import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { get as getSecurely } from 'node:https'
import type { LookupFunction } from 'node:net'
import { Failure } from '../../novel/failure.ts'

/** Bytes buffered for a slow disk before the connection is paused. */
const maxBufferedBytes = 4 * 1024 * 1024

/**
 * Sends a GET request by http or https, without following redirects. The caller must close the response. `lookUp`: of the
 * host's name, and on a connection of its own: a kept one was looked up otherwise.
 */
export async function httpGet(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  lookUp?: LookupFunction,
): Promise<HttpResponse> {
  const options = { headers, signal, ...(lookUp && { lookup: lookUp, agent: false as const }) }
  return await new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? getSecurely : get)(url, options, (message) => {
      resolve(new HttpResponse(message))
    })
    request.on('error', reject)
  })
}

/**
 * A response whose body yields every byte received before it throws the connection's error. `fetch` and the iterators
 * of streams drop the buffered bytes when a connection breaks: tens of kilobytes each time, and on a very bad line all
 * of them, so a download would make no progress. Buffering starts with the response's headers.
 */
export class HttpResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly #message: IncomingMessage
  readonly #buffered: Uint8Array[] = []
  #bytes = 0
  #closed = false
  #error: Error | undefined
  #wake = () => {}

  constructor(message: IncomingMessage) {
    this.status = message.statusCode ?? 0
    this.headers = message.headers
    this.#message = message
    message.on('data', (chunk: Uint8Array) => {
      this.#buffered.push(chunk)
      this.#bytes += chunk.length
      if (this.#bytes > maxBufferedBytes) message.pause()
      this.#wake()
    })
    message.on('error', (error) => {
      this.#error = error
      this.#wake()
    })
    message.once('close', () => {
      this.#closed = true
      this.#wake()
    })
  }

  async *body(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.#buffered.shift()
      if (chunk) {
        this.#bytes -= chunk.length
        if (this.#bytes < maxBufferedBytes) this.#message.resume()
        yield chunk
      } else if (this.#error) throw this.#error
      else if (this.#closed) return
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

const maxRedirects = 5

/**
 * Sends a GET request and follows redirects, which public hosts use for large files; never from https to http, nor to
 * another scheme. Throws `voice.unreachable` for an invalid redirect or too many, and what `httpGet` throws.
 * `credentials`: headers for the first host alone.
 */
export async function followRedirects(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  credentials: Readonly<Record<string, string>> = {},
): Promise<HttpResponse> {
  for (let at = url, followed = 0; ; followed++) {
    const response = await httpGet(
      at,
      at.origin === url.origin ? { ...headers, ...credentials } : headers,
      signal,
    )
    const redirect = redirectOf(response.status, response.headers, at, followed)
    if (!redirect) return response
    response.close()
    if ('fault' in redirect)
      throw new Failure('voice.unreachable', { source: url.host, detail: redirect.fault })
    at = redirect.next
  }
}

/** Where a response leads; `undefined`: nowhere. `fault`: why that is not followed, for messages. `from`, `followed`: as below. */
export function redirectOf(
  status: number,
  { location }: IncomingHttpHeaders,
  from: URL,
  followed: number,
): { readonly next: URL } | { readonly fault: string } | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined
  const next = URL.canParse(location, from) ? new URL(location, from) : undefined
  const fault = redirectFault(next, from, followed)
  return fault === undefined ? { next: next! } : { fault }
}

/** Why a redirect is not followed, for messages; `undefined` if it is. `followed` is the number of earlier ones. */
export function redirectFault(next: URL | undefined, from: URL, followed: number): string | undefined {
  if (followed === maxRedirects) return `it leads on more than ${maxRedirects} times`
  if (next === undefined) return 'it leads to something that is no address'
  if (next.protocol === 'https:' || (next.protocol === 'http:' && from.protocol === 'http:')) return undefined
  return `it leads from ${from.protocol.slice(0, -1)} to ${next.protocol.slice(0, -1)}`
}

/** Messages for the common error codes of Node and OpenSSL. */
const messagesByCode: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of this name, or no network',
  EAI_AGAIN: 'the name of the host cannot be looked up, there may be no network',
  ENETUNREACH: 'there is no network',
  EHOSTUNREACH: 'the host is not in reach',
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'the connection breaks off',
  EPIPE: 'the connection breaks off',
  ETIMEDOUT: 'it does not answer in time',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
}

/** Why a connection failed, for messages. */
export function connectionErrorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return messagesByCode[code] ?? error.message
}
