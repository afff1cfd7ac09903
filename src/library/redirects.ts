import { Failure } from '../novel/failure.ts'
import { httpGet, type HttpResponse } from './web-response.ts'

const maxRedirects = 5

/**
 * Asks for an address and follows where it leads: public hosts keep large files elsewhere. Never from https to http, and
 * to nothing but these. Throws `voice.unreachable` where it leads nowhere, and what `ask` throws.
 */
export async function followRedirects(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<HttpResponse> {
  for (let at = url, followed = 0; ; followed++) {
    const response = await httpGet(at, headers, signal)
    const { location } = response.headers
    if (![301, 302, 303, 307, 308].includes(response.status) || location === undefined) return response
    response.close()
    const next = URL.canParse(location, at) ? new URL(location, at) : undefined
    const detail = redirectFault(next, at, followed)
    if (detail !== undefined) throw new Failure('voice.unreachable', { source: url.host, detail })
    at = next ?? at
  }
}

/** Why an address is not followed to the next. */
export function redirectFault(next: URL | undefined, from: URL, followed: number): string | undefined {
  if (followed === maxRedirects) return `it leads on more than ${maxRedirects} times`
  if (next === undefined) return 'it leads to something that is no address'
  if (next.protocol === 'https:' || (next.protocol === 'http:' && from.protocol === 'http:')) return undefined
  return `it leads from ${from.protocol.slice(0, -1)} to ${next.protocol.slice(0, -1)}`
}
