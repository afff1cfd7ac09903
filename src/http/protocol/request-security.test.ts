import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { AllowedHosts } from './request-security.ts'

test.for([
  ['127.0.0.1:4747', true],
  ['192.168.1.7', true],
  ['[::1]:4747', true],
  ['localhost:4747', true],
  ['LOCALHOST', true],
  ['localhost.', true],
  ['box.lan:4747', true],
  ['books.example.org', true],
  ['BOOKS.example.org:8443', true],
  ['xn--bcher-kva.example', true],
  ['evil.example', false],
  ['evil.example:4747', false],
  ['localhost.evil.example', false],
  ['evil.books.example.org', false],
  ['127.0.0.1.evil.example', false],
  ['user@localhost', false],
  ['localhost/x', false],
  ['', false],
] as const)('a request with the host %s is allowed: %s', ([host, allowed]) => {
  const names = new AllowedHosts('box.lan', ['books.example.org', 'bücher.example'])
  expect(names.allowsHost(host)).toBe(allowed)
})

test('a server that listens at every address accepts the machine’s own name', () => {
  for (const bound of ['0.0.0.0', '::']) {
    expect(new AllowedHosts(bound, []).allowsHost(`${hostname()}.local:4747`)).toBe(true)
  }
  expect(new AllowedHosts('127.0.0.1', []).allowsHost(`${hostname()}.local:4747`)).toBe(false)
})

test.for([
  ['http://127.0.0.1:4747', '127.0.0.1:4747', true],
  ['http://127.0.0.1:4748', '127.0.0.1:4747', false],
  // A proxy that rewrites Host.
  ['https://books.example.org', '127.0.0.1:4747', true],
  ['http://books.example.org', '127.0.0.1:4747', true],
  ['https://books.example.org:8443', '127.0.0.1:4747', false],
  ['https://tea.example.org:8443', '127.0.0.1:4747', true],
  ['https://tea.example.org', '127.0.0.1:4747', false],
  ['https://evil.example', '127.0.0.1:4747', false],
  ['null', '127.0.0.1:4747', false],
] as const)('the origin %s is allowed for requests to %s: %s', ([origin, host, allowed]) => {
  expect(
    new AllowedHosts('127.0.0.1', ['books.example.org', 'tea.example.org:8443']).allowsOrigin(origin, host),
  ).toBe(allowed)
})
