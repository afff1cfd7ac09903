import { lookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Networks that are nobody's on the internet: special-purpose addresses (RFC 6890) and what is carried within others. */
const notPublic = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  notPublic.addSubnet(network, bits, 'ipv4')
/** Of IPv6 only 2000::/3 is given out; of it, what is documentation, and what carries an IPv4 address (Teredo, 6to4). */
const given = new BlockList()
given.addSubnet('2000::', 3, 'ipv6')
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  notPublic.addSubnet(network, bits, 'ipv6')

/** Whether an IP address may be anywhere on the internet, rather than within this machine or its network. */
export function isPublicAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  const plain = mapped ?? address.replace(/%.*$/, '')
  const family = isIP(plain)
  if (family === 4) return !notPublic.check(plain, 'ipv4')
  return family === 6 && given.check(plain, 'ipv6') && !notPublic.check(plain, 'ipv6')
}

export class PrivateAddressError extends Error {
  constructor() {
    super('it leads into a private network')
    this.name = 'PrivateAddressError'
  }
}

/** These names are this machine whatever a resolver says of them, or where there is none (RFC 6761, 6.3). */
const ownName = /(?:^|\.)localhost\.?$/i

/**
 * Looks names up for a connection, and lets none of the addresses pass that are not public: what is looked up is what is
 * connected to, so that no name can change in between.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  if (ownName.test(hostname)) {
    process.nextTick(callback, new PrivateAddressError(), '')
    return
  }
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const allowed = (addresses ?? []).filter(({ address }) => isPublicAddress(address))
    const [first] = allowed
    if (error) callback(error, '')
    else if (!first) callback(new PrivateAddressError(), '')
    else if (options.all) callback(null, allowed)
    else callback(null, first.address, first.family)
  })
}

/** Whether the host of an address is written in figures that are not public: for it no name is looked up. */
export function isPrivateInFigures({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  return isIP(host) !== 0 && !isPublicAddress(host)
}
