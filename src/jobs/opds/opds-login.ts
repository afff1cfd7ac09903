import type { OpdsSource } from '../../novel/opds-source.ts'
import {
  type Credentials,
  type DigestChallenge,
  digestAuthorization,
  digestChallengeIn,
} from '../../storage/download/digest-authorization.ts'

/** How a server takes name and password, as far as it has said. */
type Way = { readonly kind: 'basic' } | { readonly kind: 'digest'; challenge: DigestChallenge; used: number }

/** By the server's origin and the name, so that not each request has to be refused first. */
const ways = new Map<string, Way>()
const mostWays = 200

/**
 * Signs in to a catalogue on its own origin. A server is asked first what it wants: one that speaks Digest never gets the
 * password itself. Who asks for nothing gets it as Basic, as many show more to whom they know.
 */
export class OpdsLogin {
  readonly #credentials: Credentials | undefined
  readonly #key: string
  /** How the last request brought them, which another one may have learned meanwhile to do otherwise. */
  #sent: Way['kind'] | undefined
  #answers = 0

  constructor({ user, password = '', address }: OpdsSource) {
    this.#credentials = user === undefined ? undefined : { user, password }
    this.#key = JSON.stringify([new URL(address).origin, user])
  }

  /** What a request brings along. */
  headers(at: URL): Record<string, string> {
    const way = ways.get(this.#key)
    this.#sent = way?.kind
    if (!this.#credentials || !way) return {}
    const { user, password } = this.#credentials
    if (way.kind === 'basic')
      // RFC 7617, in UTF-8.
      return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
    const use = { method: 'GET', uri: at.pathname + at.search, count: ++way.used }
    return { authorization: digestAuthorization(way.challenge, this.#credentials, use) }
  }

  /** Whether the same is to be asked again, with other headers than before. */
  asksAgain(status: number, header = ''): boolean {
    if (!this.#credentials || this.#answers > 1) return false
    if (status === 401) {
      const challenge = digestChallengeIn(header)
      // They are wrong, unless the nonce alone was too old.
      if (challenge ? this.#answers > 0 && !challenge.stale : this.#sent === 'basic') return false
      this.#take(challenge ? { kind: 'digest', challenge, used: 0 } : { kind: 'basic' })
      return true
    }
    if (this.#sent !== undefined || status >= 400) return false
    this.#take(ways.get(this.#key) ?? { kind: 'basic' })
    return true
  }

  #take(way: Way): void {
    this.#answers++
    if (ways.size >= mostWays) ways.clear()
    ways.set(this.#key, way)
  }
}
