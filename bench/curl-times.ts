import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

export interface CurlRequest {
  readonly url: URL
  /** Sent as JSON with POST. */
  readonly body?: object
}

/**
 * Milliseconds from the sending of each request to the last byte of its answer. They follow each other without a pause
 * on one connection. A client in JavaScript collects garbage on several threads while the server waits for a core,
 * which doubled the 99th percentile; curl does not. Throws when curl is not here or an answer is not a 2xx.
 */
export async function curlTimes(requests: readonly CurlRequest[]): Promise<number[]> {
  const curl = spawn('curl', ['--config', '-'], { stdio: ['pipe', 'pipe', 'inherit'] })
  curl.stdin.end(requests.map(asConfig).join('next\n'))
  const [output, [code]] = await Promise.all([text(curl.stdout), once(curl, 'close')])
  const answers = output.trimEnd().split('\n')
  if (code !== 0 || answers.length !== requests.length) throw new Error(`curl ended with ${code}`)
  return answers.map((answer, at) => {
    const [status = '', seconds] = answer.split(' ')
    if (!status.startsWith('2')) throw new Error(`${requests[at]?.url.pathname} was answered with ${status}`)
    return Number(seconds) * 1000
  })
}

function asConfig({ url, body }: CurlRequest): string {
  const post = body === undefined ? '' : `json = ${JSON.stringify(JSON.stringify(body))}\n`
  return String.raw`silent
show-error
output = "/dev/null"
write-out = "%{http_code} %{time_total}\n"
url = ${JSON.stringify(url.href)}
${post}`
}
