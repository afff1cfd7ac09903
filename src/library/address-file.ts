import { Failure } from '../novel/failure.ts'
import { connectionFault } from './connection-fault.ts'
import { followRedirects } from './redirects.ts'
import { BrokenConnection, type Held, nothing, type SourceFile } from './source-file.ts'
import type { WebResponse } from './web-response.ts'

export interface ReachOptions {
  readonly signal: AbortSignal
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly stallMs: number
}

/**
 * Asks for a file by HTTP, only for what is missing of it (RFC 9110, sections 13.1.5 and 14). Throws `voice.missing`,
 * `voice.unreachable` where asking again is no use, `BrokenConnection` where it may be.
 */
export async function openAddressFile(
  address: URL,
  path: string,
  held: Held,
  options: ReachOptions,
): Promise<SourceFile> {
  const stall = new StallWatch(options.stallMs)
  try {
    const signal = AbortSignal.any([options.signal, stall.signal])
    const response = await followRedirects(urlOf(address, path), headersFor(held), signal)
    const part = partOf(response, held)
    if (part) return opened(response, part, stall, options.signal)
    stall.end()
    const { status } = response
    // Another part than was asked for, or none because the file is shorter now.
    if (held.bytes > 0 && (status === 206 || status === 416)) {
      return await openAddressFile(address, path, nothing, options)
    }
    throw refusalOf(status, { source: address.host, file: path, restMs: restOf(response) })
  } catch (error) {
    stall.end()
    throw faultOf(error, stall, options.signal)
  }
}

/** The path after the host's name, whatever the host: each name of it percent-encoded. */
function urlOf(address: URL, path: string): URL {
  const base = address.href.replace(/\/+$/, '')
  return new URL(`${base}/${path.split('/').map(encodeURIComponent).join('/')}`)
}

function headersFor({ bytes, version }: Held): Record<string, string> {
  // Compressed on the way, a length would not be that of the file.
  const always = { 'accept-encoding': 'identity', 'user-agent': 'Nightjar' }
  const unconditional = version === undefined || version.startsWith('W/')
  const conditional = version !== undefined && /^"|GMT$/.test(version)
  // What another kind of source has left begins anew.
  if (bytes === 0 || !(unconditional || conditional)) return always
  const range = { ...always, range: `bytes=${bytes}-` }
  // A weak ETag may not stand here (section 13.1.5); `partOf` compares it afterwards.
  return conditional ? { ...range, 'if-range': version } : range
}

interface Part {
  readonly from: number
  readonly bytes: number | undefined
  readonly version: string | undefined
}

/** What of the file is coming; `undefined` if nothing is, or not what was asked for. */
function partOf({ status, headers }: WebResponse, held: Held): Part | undefined {
  const version = headers.etag ?? headers['last-modified']
  if (status === 200) {
    const length = headers['content-encoding'] === undefined ? headers['content-length'] : undefined
    return { from: 0, bytes: length === undefined ? undefined : Number(length), version }
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '')
  if (status !== 206 || !range || held.bytes === 0 || Number(range[1]) !== held.bytes) return undefined
  if (held.version !== undefined && version !== held.version) return undefined
  return { from: held.bytes, bytes: range[2] === '*' ? undefined : Number(range[2]), version }
}

function opened(response: WebResponse, part: Part, stall: StallWatch, signal: AbortSignal): SourceFile {
  async function* stream(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of response.body()) {
        // Only the source is watched, not the disk.
        stall.pause()
        yield chunk
        stall.goOn()
      }
    } catch (error) {
      throw faultOf(error, stall, signal)
    }
  }
  return { ...part, stream: stream(), [Symbol.asyncDispose]: async () => stall.end() }
}

/** Seconds or a date, at most a minute. */
function restOf({ headers }: WebResponse): number {
  const written = headers['retry-after'] ?? '0'
  const ms = /^\d+$/.test(written) ? Number(written) * 1000 : Date.parse(written) - Date.now()
  return Math.min(Math.max(ms || 0, 0), 60_000)
}

function refusalOf(
  status: number,
  { source, file, restMs }: { readonly source: string; readonly file: string; readonly restMs: number },
): Error {
  if (status === 404 || status === 410) return new Failure('voice.missing', { source, file })
  const detail = `it answers with the status ${status}`
  const passes = status >= 500 || [206, 408, 416, 425, 429].includes(status)
  return passes
    ? new BrokenConnection(detail, { restMs })
    : new Failure('voice.unreachable', { source, detail })
}

function faultOf(error: unknown, stall: StallWatch, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  if (stall.fault) return stall.fault
  if (error instanceof Failure || error instanceof BrokenConnection) return error
  return new BrokenConnection(connectionFault(error), { cause: error })
}

/** Ends a request whose source sends nothing, and any request when it is disposed of. */
class StallWatch {
  readonly #ending = new AbortController()
  readonly #ms: number
  #timer: NodeJS.Timeout | undefined
  fault: BrokenConnection | undefined

  constructor(ms: number) {
    this.#ms = ms
    this.goOn()
  }

  get signal(): AbortSignal {
    return this.#ending.signal
  }

  pause(): void {
    clearTimeout(this.#timer)
  }

  goOn(): void {
    this.pause()
    if (this.signal.aborted) return
    this.#timer = setTimeout(() => {
      this.fault = new BrokenConnection('it sends nothing')
      this.end()
    }, this.#ms)
  }

  end(): void {
    this.pause()
    this.#ending.abort()
  }
}
