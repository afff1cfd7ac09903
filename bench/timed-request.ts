import { Agent, request } from 'node:http'

export interface Timed {
  readonly status: number
  /** Milliseconds from the call to the first byte of the body, and to its last. */
  readonly firstByteMs: number
  readonly ms: number
  readonly bytes: number
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 })

/** One request on a kept connection. The body is read and thrown away. Throws on a status from 400. */
export function timedRequest(
  url: URL,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: object } = {},
): Promise<Timed> {
  const payload = body === undefined ? undefined : JSON.stringify(body)
  const sent = performance.now()
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      agent,
      method,
      headers: { ...headers, ...(payload !== undefined && { 'content-type': 'application/json' }) },
    })
    asked.once('error', reject)
    asked.once('response', (response) => {
      let [bytes, firstByteMs] = [0, 0]
      response.on('data', (chunk: Uint8Array) => {
        if (bytes === 0) firstByteMs = performance.now() - sent
        bytes += chunk.length
      })
      response.once('error', reject)
      response.once('end', () => {
        const status = response.statusCode ?? 0
        if (status >= 400) reject(new Error(`${method} ${url.pathname} was answered with ${status}`))
        else resolve({ status, firstByteMs, ms: performance.now() - sent, bytes })
      })
    })
    asked.end(payload)
  })
}
