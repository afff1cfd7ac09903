import { Failure } from '../../novel/failure.ts'
import { connectionErrorMessage, followRedirects, type HttpResponse } from './http-request.ts'
import { fromStart, type ResumeState, type SourceStream, TransientSourceError } from './resumable-source.ts'

export interface HttpSourceOptions {
  readonly signal: AbortSignal
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly stallMs: number
  /** Sent to this host besides; not to another that it leads to. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/**
 * Requests the missing bytes of a file by HTTP (RFC 9110, sections 13.1.5 and 14). Throws `voice.missing`,
 * `voice.unreachable` if a retry is useless, `TransientSourceError` if it may succeed.
 */
export async function openHttpFile(
  address: URL,
  path: string,
  resumeState: ResumeState,
  options: HttpSourceOptions,
): Promise<SourceStream> {
  const idle = new IdleTimeout(options.stallMs)
  try {
    const signal = AbortSignal.any([options.signal, idle.signal])
    const response = await followRedirects(
      urlOf(address, path),
      headersFor(resumeState),
      signal,
      options.headers,
    )
    const range = contentRangeOf(response, resumeState)
    if (range) return sourceStream(response, range, idle, options.signal)
    idle.end()
    const { status } = response
    // Another range than requested, or none because the file is shorter now.
    if (resumeState.bytes > 0 && (status === 206 || status === 416)) {
      return await openHttpFile(address, path, fromStart, options)
    }
    throw statusError(status, { source: address.host, file: path, restMs: retryAfterMs(response) })
  } catch (error) {
    idle.end()
    throw asSourceError(error, idle, options.signal)
  }
}

/** Appends a path to the source's address, each name percent-encoded. */
function urlOf(address: URL, path: string): URL {
  const base = address.href.replace(/\/+$/, '')
  return new URL(`${base}/${path.split('/').map(encodeURIComponent).join('/')}`)
}

function headersFor({ bytes, version }: ResumeState): Record<string, string> {
  // With a compressed response the content length would not be that of the file.
  const always = { 'accept-encoding': 'identity', 'user-agent': 'Nightjar' }
  const unconditional = version === undefined || version.startsWith('W/')
  const conditional = version !== undefined && /^"|GMT$/.test(version)
  // Bytes from another kind of source cannot be continued.
  if (bytes === 0 || !(unconditional || conditional)) return always
  const range = { ...always, range: `bytes=${bytes}-` }
  // A weak ETag is not allowed in If-Range (section 13.1.5); `contentRangeOf` compares it afterwards.
  return conditional ? { ...range, 'if-range': version } : range
}

interface ContentRange {
  readonly from: number
  readonly bytes: number | undefined
  readonly version: string | undefined
}

/** The part of the file that the response contains; `undefined` if it is not the requested one. */
function contentRangeOf(
  { status, headers }: HttpResponse,
  resumeState: ResumeState,
): ContentRange | undefined {
  const version = headers.etag ?? headers['last-modified']
  if (status === 200) {
    const length = headers['content-encoding'] === undefined ? headers['content-length'] : undefined
    return { from: 0, bytes: length === undefined ? undefined : Number(length), version }
  }
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? []
  const { bytes } = resumeState
  if (status !== 206 || from === undefined || bytes === 0 || Number(from) !== bytes) return undefined
  if (resumeState.version !== undefined && version !== resumeState.version) return undefined
  return { from: bytes, bytes: total === '*' ? undefined : Number(total), version }
}

function sourceStream(
  response: HttpResponse,
  range: ContentRange,
  idle: IdleTimeout,
  signal: AbortSignal,
): SourceStream {
  async function* stream(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of response.body()) {
        // The timeout watches the source, not the disk.
        idle.pause()
        yield chunk
        idle.resume()
      }
    } catch (error) {
      throw asSourceError(error, idle, signal)
    }
  }
  return { ...range, stream: stream(), [Symbol.asyncDispose]: async () => idle.end() }
}

/** Milliseconds of the header Retry-After (seconds or a date), at most a minute. */
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
  const isTransient = status >= 500 || [206, 408, 416, 425, 429].includes(status)
  return isTransient
    ? new TransientSourceError(detail, { restMs })
    : new Failure('voice.unreachable', { source, detail })
}

function asSourceError(error: unknown, idle: IdleTimeout, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  if (idle.fault) return idle.fault
  if (error instanceof Failure || error instanceof TransientSourceError) return error
  return new TransientSourceError(connectionErrorMessage(error), { cause: error })
}

/** Aborts a request whose source sends nothing for some time; `end` aborts it at once. */
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
