import { createHash, randomBytes } from 'node:crypto'

/** Name and password as somebody has entered them. */
export interface Credentials {
  readonly user: string
  readonly password: string
}

/** What a server asks for by `WWW-Authenticate: Digest` (RFC 7616, 3.3). */
export interface DigestChallenge {
  readonly realm: string
  readonly nonce: string
  readonly opaque?: string | undefined
  /** As the server wrote it; left out: MD5. */
  readonly algorithm?: string | undefined
  /** Left out: of a server that knows RFC 2069 alone. */
  readonly qop?: 'auth'
  readonly userhash: boolean
  /** The nonce of the request was too old, and name and password may be right. */
  readonly stale: boolean
}

/** By what is asked: the path with its query, and how often the challenge's nonce was used, this time included. */
export interface DigestUse {
  readonly method: string
  readonly uri: string
  readonly count: number
  /** Of the client; for tests. */
  readonly cnonce?: string
}

const hashes: Readonly<Record<string, string>> = {
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
  MD5: 'md5',
}
/** The best first. */
const preferred = Object.keys(hashes)

/** A parameter of a challenge, and the scheme where one begins. */
const parameter = /(?:^|[,\s])\s*(?:([\w-]+)\s+)?([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/g

/** The schemes that `WWW-Authenticate` asks for, with their parameters, names in lower case. */
export function challengesIn(header: string): { scheme: string; parameters: Map<string, string> }[] {
  const found: { scheme: string; parameters: Map<string, string> }[] = []
  for (const [, scheme, name = '', quoted, plain] of header.matchAll(parameter)) {
    if (scheme !== undefined) found.push({ scheme: scheme.toLowerCase(), parameters: new Map() })
    const value = quoted === undefined ? (plain ?? '') : quoted.replaceAll(/\\(.)/g, '$1')
    found.at(-1)?.parameters.set(name.toLowerCase(), value)
  }
  return found
}

/** The challenge that is answered, by the best hash that both know; `undefined`: there is none. */
export function digestChallengeIn(header: string): DigestChallenge | undefined {
  const challenges = challengesIn(header).flatMap(({ scheme, parameters }) => {
    const [realm, nonce] = [parameters.get('realm'), parameters.get('nonce')]
    const offered = parameters.get('qop')?.split(',')
    const knowsAuth = offered === undefined || offered.some((each) => each.trim().toLowerCase() === 'auth')
    if (scheme !== 'digest' || realm === undefined || nonce === undefined || !knowsAuth) return []
    const challenge: DigestChallenge = {
      realm,
      nonce,
      opaque: parameters.get('opaque'),
      algorithm: parameters.get('algorithm'),
      ...(offered && { qop: 'auth' }),
      userhash: parameters.get('userhash')?.toLowerCase() === 'true',
      stale: parameters.get('stale')?.toLowerCase() === 'true',
    }
    return rank(challenge) === -1 ? [] : [challenge]
  })
  return challenges.toSorted((one, other) => rank(one) - rank(other))[0]
}

/** The value of `Authorization` that answers a challenge (RFC 7616, 3.4). The password is not in it. */
export function digestAuthorization(
  { realm, nonce, opaque, algorithm, qop, userhash }: DigestChallenge,
  { user, password }: Credentials,
  { method, uri, count, cnonce = randomBytes(16).toString('hex') }: DigestUse,
): string {
  const hash = (text: string): string =>
    createHash(hashes[hashName(algorithm)] ?? 'md5')
      .update(text)
      .digest('hex')
  const isOfSession = /-sess$/i.test(algorithm ?? '')
  const secret = hash(`${user}:${realm}:${password}`)
  const first = isOfSession ? hash(`${secret}:${nonce}:${cnonce}`) : secret
  const second = hash(`${method}:${uri}`)
  const nc = count.toString(16).padStart(8, '0')
  const response = hash(
    qop ? `${first}:${nonce}:${nc}:${cnonce}:${qop}:${second}` : `${first}:${nonce}:${second}`,
  )
  const isPlain = /^[\x20-\x7e]*$/.test(user)
  return `Digest ${[
    userhash
      ? `username=${quoted(hash(`${user}:${realm}`))}`
      : isPlain
        ? `username=${quoted(user)}`
        : `username*=UTF-8''${encodeURIComponent(user)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    `response="${response}"`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(qop || isOfSession ? [`cnonce="${cnonce}"`] : []),
    ...(qop ? [`qop=${qop}`, `nc=${nc}`] : []),
    ...(userhash ? ['userhash=true'] : []),
  ].join(', ')}`
}

/** `-1`: the hash is unknown here. */
function rank({ algorithm }: DigestChallenge): number {
  return preferred.indexOf(hashName(algorithm))
}

function hashName(algorithm = 'MD5'): string {
  return algorithm.toUpperCase().replace(/-SESS$/, '')
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}
