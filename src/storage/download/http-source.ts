import { Failure } from '../../novel/failure.ts'
import { connectionErrorMessage, followRedirects, type HttpResponse } from './http-request.ts'
import { TransientSourceError, type ResumeState, fromStart, type SourceStream } from './resumable-source.ts'

export interface HttpSourceOptions {
  readonly signal: AbortSignal
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly stallMs: number
}

/**
 * Asks for a file by HTTP, only for what is missing of it (RFC 9110, sections 13.1.5 and 14). Throws `voice.missing`,
 * `voice.unreachable` where asking again is no use, `BrokenConnection` where it may be.
 */
export async function openHttpFile(
  address: URL,
  path: string,
  held: ResumeState,
  options: HttpSourceOptions,
): Promise<SourceStream> {
  const stall = new IdleTimeout(options.stallMs)
  try {
    const signal = AbortSignal.any([options.signal, stall.signal])
    const response = await followRedirects(urlOf(address, path), headersFor(held), signal)
    const part = contentRangeOf(response, held)
    if (part) return opened(response, part, stall, options.signal)
    stall.end()
    const { status } = response
    // Another part than was asked for, or none because the file is shorter now.
    if (held.bytes > 0 && (status === 206 || status === 416)) {
      return await openHttpFile(address, path, fromStart, options)
    }
    throw statusError(status, { source: address.host, file: path, restMs: retryAfterMs(response) })
  } catch (error) {
    stall.end()
    throw asSourceError(error, stall, options.signal)
  }
}

/** The path after the host's name, whatever the host: each name of it percent-encoded. */
function urlOf(address: URL, path: string): URL {
  const base = address.href.replace(/\/+$/, '')
  return new URL(`${base}/${path.split('/').map(encodeURIComponent).join('/')}`)
}

function headersFor({ bytes, version }: ResumeState): Record<string, string> {
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

interface ContentRange {
  readonly from: number
  readonly bytes: number | undefined
  readonly version: string | undefined
}

/** What of the file is coming; `undefined` if nothing is, or not what was asked for. */
function contentRangeOf({ status, headers }: HttpResponse, held: ResumeState): ContentRange | undefined {
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

function opened(
  response: HttpResponse,
  part: ContentRange,
  stall: IdleTimeout,
  signal: AbortSignal,
): SourceStream {
  async function* stream(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of response.body()) {
        // Only the source is watched, not the disk.
        stall.pause()
        yield chunk
        stall.resume()
      }
    } catch (error) {
      throw asSourceError(error, stall, signal)
    }
  }
  return { ...part, stream: stream(), [Symbol.asyncDispose]: async () => stall.end() }
}

/** Seconds or a date, at most a minute. */
function retryAfterMs({ headers }: HttpResponse): number {
  const written = headers['retry-after'] ?? '0'
  const ms = /^\d+$/.test(written) ? Number(written) * 1000 : Date.parse(written) - Date.now()
  return Math.min(Math.max(ms || 0, 0), 60_000)
}

function statusError(
  status: number,
  { source, file, restMs }: { readonly source: string; readonly file: string; readonly restMs: number },
): Error {
  if (status === 404 || status === 410) return new Failure('voice.missing', { source, file })
  const detail = `it answers with the status ${status}`
  const passes = status >= 500 || [206, 408, 416, 425, 429].includes(status)
  return passes
    ? new TransientSourceError(detail, { restMs })
    : new Failure('voice.unreachable', { source, detail })
}

function asSourceError(error: unknown, stall: IdleTimeout, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  if (stall.fault) return stall.fault
  if (error instanceof Failure || error instanceof TransientSourceError) return error
  return new TransientSourceError(connectionErrorMessage(error), { cause: error })
}

/** Ends a request whose source sends nothing, and any request when it is disposed of. */
class IdleTimeout {
  readonly #ending = new AbortController()
  readonly #ms: number
  #timer: NodeJS.Timeout | undefined
  fault: TransientSourceError | undefined

  constructor(ms: number) {
    this.#ms = ms
    this.resume()
  }

  get signal(): AbortSignal {
    return this.#ending.signal
  }

  pause(): void {
    clearTimeout(this.#timer)
  }

  resume(): void {
    this.pause()
    if (this.signal.aborted) return
    this.#timer = setTimeout(() => {
      this.fault = new TransientSourceError('it sends nothing')
      this.end()
    }, this.#ms)
  }

  end(): void {
    this.pause()
    this.#ending.abort()
  }
}
