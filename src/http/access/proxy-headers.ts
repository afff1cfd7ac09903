import { BlockList, isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { subjectOf, type Vouched } from '../../novel/person.ts'

/** In which headers a proxy tells who asks (lower case; an empty one: it does not), and from where it is believed. */
export interface ProxyHeaders {
  readonly user: string
  readonly groups: string
  readonly addresses: BlockList
}

/** Addresses and networks (`10.0.0.0/8`) as a list to be asked; `undefined`: one of them is none. */
export function addressList(addresses: readonly string[]): BlockList | undefined {
  const list = new BlockList()
  for (const each of addresses) {
    const [address = '', bits, ...more] = each.split('/')
    const version = isIP(address)
    if (version === 0 || more.length > 0) return undefined
    const family = version === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else {
      if (!/^\d{1,3}$/.test(bits) || Number(bits) > (version === 6 ? 128 : 32)) return undefined
      list.addSubnet(address, Number(bits), family)
    }
  }
  return list
}

/** Believes a proxy that tells who asks, at its own address alone. */
export class TrustedProxy {
  readonly #headers: ProxyHeaders
  readonly #warn: (address: string) => void
  #hasWarned = false

  /** `warn` is called once, when the header comes from elsewhere. */
  constructor(headers: ProxyHeaders, warn: (address: string) => void) {
    this.#headers = headers
    this.#warn = warn
  }

  /**
   * Whom the proxy vouches for; `undefined`: nobody. By the address of the connection: what stands in `X-Forwarded-For` is
   * of no account here. A header that came twice is of two authors, and none of them is believed.
   */
  vouchedBy({ raw, log }: FastifyRequest): Vouched | undefined {
    const { user, groups, addresses } = this.#headers
    const given = raw.headersDistinct[user]
    if (!given) return undefined
    const address = raw.socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '') ?? ''
    if (isIP(address) === 0 || !addresses.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')) {
      if (!this.#hasWarned) this.#warn(address)
      this.#hasWarned = true
      return undefined
    }
    const [value = ''] = given
    const name = decoded(value).trim()
    if (given.length !== 1 || name === '') {
      if (given.length > 1) log.warn({ header: user }, 'the header that tells who asks came twice')
      return undefined
    }
    const inGroups = groups === '' ? [] : (raw.headersDistinct[groups] ?? [])
    return {
      subject: subjectOf('proxy', name),
      name,
      groups: inGroups.length > 1 ? [] : inGroups.flatMap((text) => groupsIn(decoded(text))),
    }
  }
}

/** As Authelia, authentik (`|`) and oauth2-proxy write them. */
function groupsIn(text: string): string[] {
  return text
    .split(/[,;|]/)
    .map((group) => group.trim())
    .filter((group) => group !== '')
}

/** Node reads headers as Latin-1; proxies write UTF-8. */
function decoded(value: string): string {
  const bytes = Buffer.from(value, 'latin1')
  const text = bytes.toString()
  return text.includes('\uFFFD') ? value : text
}
