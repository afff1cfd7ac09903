import { isIPv4 } from 'node:net'
import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { advertisedAddress } from './advertised-address.ts'

test('other servers are told the address that is set, the one that is bound, or one of the network', () => {
  const of = (HOST: string, NIGHTJAR_ADVERTISE = ''): string =>
    advertisedAddress({ HOST, NIGHTJAR_ADVERTISE }, 'http://localhost:4747')
  expect(of('0.0.0.0', 'http://api1:80')).toBe('http://api1:80')
  expect(of('127.0.0.1')).toBe('http://localhost:4747')
  for (const everywhere of ['0.0.0.0', '::']) {
    const { hostname: host, port } = new URL(of(everywhere))
    expect(isIPv4(host) || host === hostname().toLowerCase()).toBe(true)
    expect(host).not.toBe('127.0.0.1')
    expect(port).toBe('4747')
  }
})
