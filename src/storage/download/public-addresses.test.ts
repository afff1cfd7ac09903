import { expect, test } from 'vitest'
import { isPrivateInFigures, isPublicAddress, publicLookup } from './public-addresses.ts'

test('addresses of this machine and its networks are not public, however they are written', () => {
  const inside = [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '198.19.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    'fc00::1',
    'fd12::1',
    'fe80::1%eth0',
    'ff02::1',
    '2002:7f00:1::',
    '2001::7f00:1',
    'no address',
  ]
  for (const address of inside) expect(isPublicAddress(address), address).toBe(false)
  for (const address of ['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])
    expect(isPublicAddress(address), address).toBe(true)
  // The URL parser writes them in the usual way.
  for (const host of ['127.1', '2130706433', '0x7f.1', '0177.0.0.1', '[::1]', '[::ffff:127.0.0.1]'])
    expect(isPrivateInFigures(new URL(`http://${host}/`)), host).toBe(true)
  expect(isPrivateInFigures(new URL('http://1.1.1.1/'))).toBe(false)
  expect(isPrivateInFigures(new URL('http://localhost/'))).toBe(false)
})

test('a name that leads to this machine is not connected to', async () => {
  for (const all of [true, false])
    for (const name of ['localhost', 'LOCALHOST.', 'books.localhost']) {
      const { promise, resolve } = Promise.withResolvers<unknown>()
      publicLookup(name, { all }, (error) => resolve(error))
      expect(await promise, name).toMatchObject({ name: 'PrivateAddressError' })
    }
})
