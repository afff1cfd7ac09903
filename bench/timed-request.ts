import { Agent, get } from 'node:http'

export interface Timed {
  /** Milliseconds from the call to the first byte of the body. */
  readonly firstByteMs: number
  readonly bytes: number
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 })

/** One GET on a kept-alive connection. The body is read and discarded. Throws on a status from 400. */
export function timedRequest(url: URL): Promise<Timed> {
  const sent = performance.now()
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent })
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
        if (status >= 400) reject(new Error(`${url.pathname} was answered with ${status}`))
        else resolve({ firstByteMs, bytes })
      })
    })
  })
}
