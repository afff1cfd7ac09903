import type { SpeechServer } from '../novel/speech-server.ts'
import { SpeechServerError } from './speech-server-error.ts'
import type { SpeechServerResponse } from './speech-server-exchange.ts'
import { errorCodes, serverMessage } from './speech-server-words.ts'

/** OpenAI's own, its second for a limit that the owner has set, and ElevenLabs'. */
const quotaCodes = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'quota_exceeded'])

/** What an answer that is no 2xx means. `now`: epoch milliseconds, for a `Retry-After` that is a date. */
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
  // Where a voice is missing the address and the model are right.
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

/** Nothing more is paid for. */
export function quotaError(server: SpeechServer, because: string, status: number): SpeechServerError {
  const advice = 'pay for more there, then try it again'
  return new SpeechServerError(server, 'quota', `has spoken all that is paid for${because}`, {
    advice,
    status,
  })
}

/** Whether the server says in this body that nothing more is paid for, whatever the status. */
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
