import { createHmac, randomBytes } from 'node:crypto'
import { type IncomingHttpHeaders, request as requestPlainly } from 'node:http'
import { request as requestSecurely } from 'node:https'

const secretPrefix = 'whsec_'
const keyBytes = 24

/** A new signing secret, as the Standard Webhooks specification writes it: `whsec_` and 24 random bytes, base64. */
export function newSecret(): string {
  return secretPrefix + randomBytes(keyBytes).toString('base64')
}

export interface SignedEvent {
  /** `webhook-id`: the same for each attempt. */
  readonly id: string
  /** Epoch seconds. */
  readonly timestamp: number
  readonly body: string
}

/** `webhook-signature`: HMAC-SHA-256 over `id.timestamp.body`, base64, of version 1 (Standard Webhooks). */
function signatureOf({ id, timestamp, body }: SignedEvent, secret: string): string {
  const key = Buffer.from(secret.slice(secretPrefix.length), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

/** Bytes of an answer that are read, and milliseconds that they may take after its head. */
const [bodyBytes, bodyMs] = [4096, 2000]

export interface WebhookAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
}

/**
 * Sends an event by POST. Redirects are not followed; of the answer's body a few kilobytes are read and dropped, so that
 * the other side can end as usual. Rejects with the connection's error, or the signal's reason.
 */
export function postEvent(
  url: string,
  event: SignedEvent,
  {
    secret,
    userAgent,
    signal,
  }: { readonly secret: string; readonly userAgent: string; readonly signal: AbortSignal },
): Promise<WebhookAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<WebhookAnswer>()
  const body = Buffer.from(event.body)
  const send = url.startsWith('https:') ? requestSecurely : requestPlainly
  const sent = send(new URL(url), {
    method: 'POST',
    // A connection of its own: one that is kept may have been closed by the other side.
    agent: false,
    signal,
    headers: {
      'content-type': 'application/json',
      'content-length': body.length,
      'user-agent': userAgent,
      'webhook-id': event.id,
      'webhook-timestamp': event.timestamp,
      'webhook-signature': signatureOf(event, secret),
    },
  })
  sent.on('error', (error) => reject(signal.aborted ? signal.reason : error))
  sent.on('response', (message) => {
    const answer = { status: message.statusCode ?? 0, headers: message.headers }
    const finish = (): void => {
      clearTimeout(timer)
      message.destroy()
      resolve(answer)
    }
    const timer = setTimeout(finish, bodyMs)
    let bytes = 0
    message.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length
      if (bytes >= bodyBytes) finish()
    })
    message.on('end', finish)
    // The status is known, whatever becomes of the rest.
    message.on('error', finish)
    message.on('close', finish)
  })
  sent.end(body)
  return promise
}

/** Milliseconds that an answer asks to wait (RFC 9110 §10.2.3); 0: it does not, or in a way that is not understood. */
export function retryAfterMs({ 'retry-after': value }: IncomingHttpHeaders, now: number): number {
  if (value === undefined) return 0
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000
  const time = Date.parse(value)
  return Number.isNaN(time) ? 0 : Math.max(0, time - now)
}
