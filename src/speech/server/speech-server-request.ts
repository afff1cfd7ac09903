import { canBeKey, type SpeechServer } from '../../novel/speech-server.ts'
import { SpeechServerError } from './speech-server-error.ts'

export interface SpeechServerRequest {
  /** Appended to the server's address: `/audio/speech`. */
  readonly path: string
  /** Sent as JSON by POST; without it the request is a GET. */
  readonly json?: Readonly<Record<string, unknown>>
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** A larger body is refused while receiving. */
  readonly maxBytes: number
}

export interface SpeechServerResponse {
  readonly status: number
  readonly headers: Headers
  /** For an error at most the first 64 kB. */
  readonly body: Uint8Array
}

const maxRedirects = 3
const maxErrorBytes = 65_536

/**
 * Sends one request to a speech server and reads its complete answer, whatever its status. The key is sent to the
 * server's own origin only, since redirects to other origins are not followed. Throws `SpeechServerError` if there is
 * no complete answer in time, and the signal's reason when that aborts.
 */
export async function sendRequest(
  server: SpeechServer,
  request: SpeechServerRequest,
): Promise<SpeechServerResponse> {
  const { signal, timeoutMs, maxBytes } = request
  const timeout = AbortSignal.timeout(timeoutMs)
  let answered = false
  try {
    const response = await fetchSameOrigin(server, request, AbortSignal.any([signal, timeout]), () => {
      answered = true
    })
    const { status, headers } = response
    return { status, headers, body: await bodyOf(server, response, maxBytes) }
  } catch (cause) {
    if (cause instanceof SpeechServerError) throw cause
    signal.throwIfAborted()
    if (timeout.aborted) {
      throw new SpeechServerError(
        server,
        'unreachable',
        `gave no answer within ${Math.ceil(timeoutMs / 1000)} s`,
        {
          advice: 'it may be overloaded or still loading its model',
          cause,
        },
      )
    }
    const advice = 'see that it is running and that its address is right'
    throw new SpeechServerError(server, 'unreachable', `does not answer (${reasonOf(cause)})`, {
      advice,
      unsent: !answered && neverConnected(cause),
      cause,
    })
  }
}

async function fetchSameOrigin(
  server: SpeechServer,
  { path, json }: SpeechServerRequest,
  signal: AbortSignal,
  onAnswer: () => void,
): Promise<Response> {
  // Fetch would quote the key in its error.
  if (server.key !== undefined && !canBeKey(server.key)) {
    throw new SpeechServerError(server, 'refused', 'has a key that cannot be sent', {
      advice: 'enter it again',
      wholeServer: true,
      unsent: true,
    })
  }
  let url = new URL(server.address + path)
  const { origin } = url
  let body = json && JSON.stringify(json)
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(server.key && { authorization: `Bearer ${server.key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        accept: body === undefined ? 'application/json' : 'audio/wav, audio/*;q=0.9, */*;q=0.5',
      },
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal,
    })
    onAnswer()
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || location === null) return response
    await response.body?.cancel()
    if (!URL.canParse(location, url)) throw redirectError(server, 'an address that is none')
    url = new URL(location, url)
    if (url.origin !== origin) throw redirectError(server, url.origin)
    // Only 303 changes the method to GET; browsers do so for others by convention.
    if (response.status === 303) body = undefined
  }
  throw redirectError(server, 'itself, again and again')
}

function redirectError(server: SpeechServer, where: string): SpeechServerError {
  return new SpeechServerError(server, 'refused', `sends requests on to ${where}`, {
    advice: 'its key and text go nowhere but to its own address, so enter the address where it really is',
    wholeServer: true,
  })
}

/** Reads the body. Throws if it breaks off, unless the status is an error. */
async function bodyOf(server: SpeechServer, response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  try {
    // Leaving the loop closes the connection.
    for await (const part of response.body ?? []) {
      parts.push(part)
      size += part.length
      if (!response.ok && size >= maxErrorBytes) break
      if (size > maxBytes) {
        throw new SpeechServerError(server, 'bad-audio', `sends more than ${Math.round(maxBytes / 1e6)} MB`, {
          advice: 'no real answer is so large, so look at what answers there',
          status: response.status,
        })
      }
    }
  } catch (error) {
    if (response.ok) throw error
  }
  return Buffer.concat(parts)
}

/** Connection errors by the codes of the system, of TLS and of Node's fetch. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection is refused',
  ENOTFOUND: 'no machine has this name',
  EAI_AGAIN: 'the name cannot be looked up now',
  EHOSTUNREACH: 'its machine cannot be reached',
  ENETUNREACH: 'its network cannot be reached',
  ETIMEDOUT: 'the connection is not made in time',
  UND_ERR_CONNECT_TIMEOUT: 'the connection is not made in time',
  UND_ERR_HEADERS_TIMEOUT: 'it takes more than five minutes',
  UND_ERR_BODY_TIMEOUT: 'it stopped in the middle of its answer',
  UND_ERR_SOCKET: 'the connection broke off',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its answer broke off',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak https',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak https',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody known',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody known',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
}

/** Codes of errors before the connection is established: name lookup, TCP, TLS. */
const beforeConnection =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_SSL_\w+|CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|ERR_TLS_CERT_ALTNAME_INVALID)$/

function neverConnected(error: unknown): boolean {
  return beforeConnection.test(deepestCode(error) ?? '')
}

function deepestCode(error: unknown): string | undefined {
  let deepest = error
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause
  return deepest instanceof Error ? (deepest as NodeJS.ErrnoException).code : undefined
}

/** Node's fetch reports "fetch failed" or "terminated"; the reason is its cause. */
function reasonOf(error: unknown): string {
  let deepest = error
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause
  if (!(deepest instanceof Error)) return String(deepest)
  if (deepest.name === 'HTTPParserError') return 'what answers there does not speak HTTP'
  const { code } = deepest as NodeJS.ErrnoException
  return reasons[code ?? ''] ?? code ?? deepest.message
}
