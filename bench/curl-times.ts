import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

export interface CurlRequest {
  readonly url: URL
  /** Sent as JSON with POST. */
  readonly body?: object
  /** Range header without its unit: `0-99`. */
  readonly range?: string
}

export interface CurlTimes {
  /** Milliseconds from sending the request to the first byte of its response, and to the last. */
  readonly firstByteMs: number
  readonly ms: number
}

/**
 * Response times of requests sent back to back on one connection. A JavaScript client would collect garbage on threads
 * that take the server's cores, which made the 99th percentile two to four times as long. Throws if curl is not
 * installed or a response is not 2xx.
 */
export async function curlTimes(requests: readonly CurlRequest[]): Promise<CurlTimes[]> {
  const curl = spawn('curl', ['--config', '-'], { stdio: ['pipe', 'pipe', 'inherit'] })
  curl.stdin.end(requests.map(asConfig).join('next\n'))
  const [output, [code]] = await Promise.all([text(curl.stdout), once(curl, 'close')])
  const answers = output.trimEnd().split('\n')
  if (code !== 0 || answers.length !== requests.length) throw new Error(`curl ended with ${code}`)
  return answers.map((answer, at) => {
    const [status = '', first, last] = answer.split(' ')
    if (!status.startsWith('2')) throw new Error(`${requests[at]?.url.pathname} was answered with ${status}`)
    return { firstByteMs: Number(first) * 1000, ms: Number(last) * 1000 }
  })
}

function asConfig({ url, body, range }: CurlRequest): string {
  const part = range === undefined ? '' : `range = ${range}\n`
  const post = body === undefined ? '' : `json = ${JSON.stringify(JSON.stringify(body))}\n`
  return String.raw`silent
show-error
output = "/dev/null"
write-out = "%{http_code} %{time_starttransfer} %{time_total}\n"
url = ${JSON.stringify(url.href)}
${part}${post}`
}
