import type { SpeechServer } from '../../novel/speech-server.ts'
import { redactKey, SpeechServerError } from './speech-server-error.ts'
import type { SpeechServerResponse } from './speech-server-request.ts'

/** OpenAI's code, its second one for a limit set by the owner, and ElevenLabs'. */
const quotaCodes = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'quota_exceeded'])

/** Error of an answer that is not 2xx. `now`: epoch milliseconds, for a `Retry-After` that is a date. */
export function errorOfResponse(
  server: SpeechServer,
  { status, headers, body }: SpeechServerResponse,
  now: number,
): SpeechServerError {
  const words = serverMessage(body, server.key)
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), now)
  const because = words === '' ? ` (${status})` : ` (${status}: ${words})`
  if (isQuotaExceeded(body) || status === 402) return quotaError(server, because, status)
  if (status === 429) {
    const advice = 'the work goes on by itself when it is ready again'
    return new SpeechServerError(server, 'busy', `asks for a pause${because}`, {
      advice,
      retryAfterMs,
      status,
    })
  }
  if (status >= 500 || status === 408) {
    const advice = 'its own log may say more'
    return new SpeechServerError(server, 'unreachable', `has a failure of its own${because}`, {
      advice,
      retryAfterMs,
      status,
    })
  }
  if (status === 401 || status === 403 || status === 407) {
    const [what, advice] = server.key
      ? ['refuses the key', 'enter the right one']
      : ['wants a key', 'enter the one that its owner gave you']
    return new SpeechServerError(server, 'refused', `${what}${because}`, {
      advice,
      wholeServer: true,
      status,
    })
  }
  // If the voice is unknown, address and model are right.
  if ([404, 405, 410].includes(status) && !/voice/i.test(words)) {
    return new SpeechServerError(server, 'refused', `has no speech at ${server.address}${because}`, {
      advice: 'check its address and model',
      wholeServer: true,
      status,
    })
  }
  const advice = 'check its voice and model, or let another voice speak this'
  return new SpeechServerError(server, 'refused', `refuses this text${because}`, { advice, status })
}

/** The quota is used up. */
export function quotaError(server: SpeechServer, because: string, status: number): SpeechServerError {
  const advice = 'pay for more there, then try it again'
  return new SpeechServerError(server, 'quota', `has spoken all that is paid for${because}`, {
    advice,
    status,
  })
}

/** Whether the body reports an exhausted quota, whatever the status. */
export function isQuotaExceeded(body: Uint8Array): boolean {
  return errorCodes(body).some((code) => quotaCodes.has(code))
}

/** RFC 9110, 10.2.3: seconds or a date, in milliseconds from now; `undefined` if it is neither. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  const date = /[a-z]/i.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** Longer messages give no further information. */
const maxMessageLength = 200

/**
 * The server's message in the body of its answer, as one line for users: from JSON in any of the shapes in use, the
 * title of a page, else the text itself. Empty if there is none. The key is redacted before anything is truncated, so
 * that no part of it remains.
 */
export function serverMessage(body: Uint8Array, key: string | undefined): string {
  const text = new TextDecoder().decode(body)
  const message = messageIn(parseJson(text)) ?? (/^\s*</.test(text) ? titleOf(text) : plainTextMessage(text))
  return truncated(withoutTrace(redactKey(message, key)))
}

/** Codes of the server's error, e.g. `insufficient_quota`. */
function errorCodes(body: Uint8Array): string[] {
  const answer = parseJson(new TextDecoder().decode(body))
  return [
    answer,
    field(answer, 'error'),
    field(answer, 'detail'),
    field(field(answer, 'detail'), 'error'),
  ].flatMap((part) =>
    ['code', 'type', 'status', 'error']
      .map((name) => field(part, name))
      .filter((code) => typeof code === 'string'),
  )
}

/** `error.message`, `detail.message`, `detail.error.message`, `detail` as text or as FastAPI's list; `error`, `message`. */
function messageIn(answer: unknown): string | undefined {
  const [error, detail] = [field(answer, 'error'), field(answer, 'detail')]
  const candidates = [
    field(error, 'message'),
    field(detail, 'message'),
    field(field(detail, 'error'), 'message'),
    detail,
    Array.isArray(detail) ? detail.map(validationMessage).filter(Boolean).join(', ') : undefined,
    field(detail, 'error'),
    error,
    field(answer, 'message'),
  ]
  return candidates.find((candidate) => typeof candidate === 'string' && candidate.trim() !== '') as
    | string
    | undefined
}

/** `{ loc: ['body', 'input'], msg: 'Field required' }`: "input: Field required". */
function validationMessage(item: unknown): string {
  if (typeof item === 'string') return item
  const [message, location] = [field(item, 'msg') ?? field(item, 'message'), field(item, 'loc')]
  if (typeof message !== 'string') return ''
  const where: unknown = Array.isArray(location) ? location.at(-1) : undefined
  return typeof where === 'string' ? `${where}: ${message}` : message
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function titleOf(page: string): string {
  const [, , inner = ''] = /<(title|h1)\b[^>]*>([^<]*)/i.exec(page) ?? []
  return inner.trim() === '' ? 'a web page' : inner
}

/** Truncated JSON, or JSON without a known message, is not for users. */
function plainTextMessage(text: string): string {
  return /^\s*[{[]/.test(text) ? '' : text
}

/** Removes a stack trace: Python ends a trace with the error, others begin with it. */
function withoutTrace(text: string): string {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '')
  const trace = lines.findIndex((line) => line.trim().startsWith('Traceback (most recent call last)'))
  if (trace >= 0) return lines.at(-1) ?? ''
  const firstCall = lines.findIndex((line) => /^\s*(at .+[:(]|File ".+", line \d+)/.test(line))
  return lines.slice(0, firstCall < 0 ? 3 : firstCall).join(' ')
}

function truncated(text: string): string {
  const line = text.replaceAll(/[\p{C}\s]+/gu, ' ').trim()
  // Not inside a surrogate pair.
  const start = line.slice(0, maxMessageLength).replace(/[\ud800-\udbff]$/, '')
  const short = start.length < line.length ? `${start.trimEnd()}…` : line
  // It is inserted within a sentence.
  return short.replace(/[.;:,\s]+$/, '')
}
