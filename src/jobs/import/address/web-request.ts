import { Agent, get, type IncomingMessage } from 'node:http'
import { Agent as SecureAgent, get as getSecurely } from 'node:https'
import { Failure } from '../../../novel/failure.ts'
import { connectionErrorMessage, redirectOf } from '../../../storage/download/http-request.ts'
import {
  isPrivateInFigures,
  PrivateAddressError,
  publicLookup,
} from '../../../storage/download/public-addresses.ts'

/** Which hosts may be asked, and for how long. */
export interface WebRules {
  /** `HOST` or `HOST:PORT`, in lower case, that may be in a private network. */
  readonly privateHosts: ReadonlySet<string>
  /** Milliseconds without a byte. */
  readonly idleMs: number
  /** Milliseconds for all of it, however much comes. */
  readonly wholeMs: number
}

/** What a page's server answered, after redirects. The caller destroys the message. */
export interface WebAnswer {
  readonly url: URL
  readonly message: IncomingMessage
}

const longestAddress = 2048
const headers = {
  'user-agent': 'Nightjar (reads books aloud)',
  accept: 'text/html,application/xhtml+xml,application/epub+zip,text/plain;q=0.9,*/*;q=0.8',
  'accept-encoding': 'gzip, br',
}

/** What somebody typed as an address; one without a scheme is a web page's. Throws `address.unfit`. */
export function webAddress(typed: string): URL {
  const text = typed.trim()
  const unfit = (detail: string) => new Failure('address.unfit', { detail })
  if (text === '') throw unfit('it is empty')
  if (text.length > longestAddress) throw unfit('it is longer than any real one')
  const given = /^[a-z][a-z\d+.-]*:(?!\d)/i.test(text) ? text : `https://${text}`
  if (!URL.canParse(given)) throw unfit('it is none; copy it from the browser')
  const url = new URL(given)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw unfit('it does not begin with http:// or https://')
  if (url.username !== '' || url.password !== '') throw unfit('it holds a name or password; leave it out')
  url.hash = ''
  return url
}

/**
 * Sends a GET request and follows redirects, never from https to http. Each host is looked up once, and the connection goes to an
 * address of that look-up which is public, so that a name cannot mean another machine the second time. Throws
 * `address.private`, `address.unreachable`, and the signal's reason.
 */
export async function requestWeb(address: URL, rules: WebRules, signal: AbortSignal): Promise<WebAnswer> {
  for (let url = address, followed = 0; ; followed++) {
    const message = await ask(url, rules, signal)
    const redirect = redirectOf(message.statusCode ?? 0, message.headers, url, followed)
    if (!redirect) return { url, message }
    message.destroy()
    if ('fault' in redirect)
      throw new Failure('address.unreachable', { host: url.host, detail: redirect.fault })
    url = webAddress(redirect.next.href)
  }
}

function ask(url: URL, rules: WebRules, signal: AbortSignal): Promise<IncomingMessage> {
  const mayBePrivate = rules.privateHosts.has(url.hostname) || rules.privateHosts.has(url.host)
  const refused = () => new Failure('address.private', { host: url.hostname })
  if (!mayBePrivate && isPrivateInFigures(url)) throw refused()
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const isSecure = url.protocol === 'https:'
  let answered: IncomingMessage | undefined
  const request = (isSecure ? getSecurely : get)(
    url,
    {
      headers,
      signal,
      timeout: rules.idleMs,
      ...(!mayBePrivate && { lookup: publicLookup }),
      // Agents of its own: no kept connection, and no proxy of the environment, which would look the name up itself.
      agent: isSecure ? new SecureAgent({ keepAlive: false }) : new Agent({ keepAlive: false }),
      maxHeaderSize: 64 * 1024,
    },
    (message) => {
      answered = message
      resolve(message)
    },
  )
  request.on('timeout', () => (answered ?? request).destroy(new Failure('address.slow', { host: url.host })))
  request.on('error', (error) => {
    if (signal.aborted) reject(signal.reason)
    else if (error instanceof Failure) reject(error)
    else if (error instanceof PrivateAddressError) reject(refused())
    else {
      const detail = connectionErrorMessage(error)
      reject(new Failure('address.unreachable', { host: url.host, detail }, { cause: error }))
    }
  })
  return promise
}
