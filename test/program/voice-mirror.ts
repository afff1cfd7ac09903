import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** How a request is answered; what is left out is as an honest server does it. */
export interface Manner {
  /** Answered with nothing but this. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly redirectTo?: string
  readonly ignoreRange?: boolean
  /** `null`: none is told. */
  readonly etag?: string | null
  /** Other bytes than the file's. */
  readonly bytes?: Uint8Array
  /** The length that is claimed, whatever is sent; `null`: none is told. */
  readonly claim?: number | null
  /** The connection is cut when so many bytes of the body are sent. */
  readonly cutAfter?: number
  /** Nothing more comes when so many bytes of the body are sent; the connection stays. */
  readonly hangAfter?: number
  /** Begins again at the end, for ever. */
  readonly endless?: boolean
  /** Milliseconds before each block of 16 kB. */
  readonly pauseMs?: number
}

export interface MirrorRequest {
  readonly path: string
  readonly range: string | undefined
  readonly ifRange: string | undefined
  /** From 0. */
  readonly number: number
  /** Bytes of the body that were handed out. */
  sent: number
}

const blockBytes = 16 * 1024

/** A public host of voices as a real HTTP server, with ranges and ETags, that misbehaves when it is told to. */
export class VoiceMirror implements AsyncDisposable {
  readonly requests: MirrorRequest[] = []
  /** Asked for each request. */
  manner: (request: MirrorRequest) => Manner = () => ({})
  readonly #files = new Map<string, Uint8Array>()
  readonly #server: Server
  #closed = false

  private constructor() {
    this.#server = createServer((request, response) => {
      // Whoever asked may be gone.
      this.#answer(request, response).catch(() => response.destroy())
    })
  }

  static async start(files: Readonly<Record<string, Uint8Array | string>> = {}): Promise<VoiceMirror> {
    const mirror = new VoiceMirror()
    for (const [path, bytes] of Object.entries(files)) mirror.put(path, bytes)
    await new Promise<void>((resolve) => {
      mirror.#server.listen(0, '127.0.0.1', resolve)
    })
    return mirror
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** `path` as in the catalogue. */
  put(path: string, bytes: Uint8Array | string): void {
    this.#files.set(path, Buffer.from(bytes))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#server.closeAllConnections()
    await new Promise((resolve) => {
      this.#server.close(resolve)
    })
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request: MirrorRequest = {
      path: decodeURIComponent((incoming.url ?? '').slice(1)),
      range: incoming.headers.range,
      ifRange: incoming.headers['if-range'] as string | undefined,
      number: this.requests.length,
      sent: 0,
    }
    this.requests.push(request)
    const manner = this.manner(request)
    if (manner.redirectTo !== undefined) {
      response.writeHead(302, { location: manner.redirectTo }).end('elsewhere')
      return
    }
    const file = manner.bytes ?? this.#files.get(request.path)
    const status = manner.status ?? (file === undefined ? 404 : 200)
    if (file === undefined || manner.status !== undefined) {
      response.writeHead(status, manner.headers).end('no file')
      return
    }
    const etag = manner.etag === undefined ? etagOf(file) : manner.etag
    const from = manner.ignoreRange ? 0 : firstByte(request, etag)
    if (from > file.length) {
      response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end()
      return
    }
    const claim = manner.claim === undefined ? file.length - from : manner.claim
    response.writeHead(from > 0 ? 206 : 200, {
      ...(etag !== null && { etag }),
      ...(claim !== null && { 'content-length': claim }),
      ...(from > 0 && { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
      ...manner.headers,
    })
    await this.#send(response, file.subarray(from), request, manner)
  }

  async #send(
    response: ServerResponse,
    body: Uint8Array,
    request: MirrorRequest,
    manner: Manner,
  ): Promise<void> {
    const { cutAfter = Infinity, hangAfter = Infinity, endless = false, pauseMs } = manner
    const last = Math.min(endless ? Infinity : body.length, cutAfter, hangAfter)
    if (last === 0) response.flushHeaders()
    while (request.sent < last && !this.#closed && !response.destroyed) {
      if (pauseMs !== undefined) await wait(pauseMs)
      const at = request.sent % body.length
      const block = body.subarray(at, Math.min(at + blockBytes, at + last - request.sent))
      request.sent += block.length
      if (!response.write(block)) await drained(response)
    }
    if (last === hangAfter) return
    if (last !== cutAfter) response.end()
    else response.socket?.destroySoon()
  }
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`
}

/** RFC 9110, section 13.1.5: a range only of the version that is meant; weak ETags mean none. */
function firstByte({ range, ifRange }: MirrorRequest, etag: string | null): number {
  const first = /^bytes=(\d+)-$/.exec(range ?? '')?.[1]
  if (first === undefined) return 0
  if (ifRange !== undefined && (ifRange !== etag || ifRange.startsWith('W/'))) return 0
  return Number(first)
}

async function drained(response: ServerResponse): Promise<void> {
  const over = new AbortController()
  const { signal } = over
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })])
  over.abort()
}
