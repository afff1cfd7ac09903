import { expect, test } from 'vitest'
import { basePath, requestBasePath, stripBasePath } from './public-urls.ts'

test.for([
  ['/nightjar', '/nightjar'],
  ['nightjar/', '/nightjar'],
  ['/a/b-c_d.e~f//', '/a/b-c_d.e~f'],
  ['', ''],
  ['/', ''],
  ['/a/../b', undefined],
  ['//evil.example', undefined],
  ['/"><script>', undefined],
  ['/a b', undefined],
] as const)('a base of %s is %s', ([text, base]) => {
  expect(basePath(text)).toBe(base)
})

test.for([
  ['/nightjar/api/novels?x=1', '/api/novels?x=1'],
  ['/nightjar', '/'],
  ['/nightjar?x', '/?x'],
  ['/nightjars/api', '/nightjars/api'],
  ['/api/novels', '/api/novels'],
] as const)('below /nightjar, %s asks for %s', ([url, rest]) => {
  expect(stripBasePath(url, '/nightjar')).toBe(rest)
})

test('what a proxy says counts only where one is trusted, and only if it is a path', () => {
  const told = (prefix: string) => ({ headers: { 'x-forwarded-prefix': prefix } })
  expect(requestBasePath(told('/shelf/'), '/nightjar', true)).toBe('/shelf')
  expect(requestBasePath(told('/shelf'), '/nightjar', false)).toBe('/nightjar')
  expect(requestBasePath(told('"><script>'), '/nightjar', true)).toBe('/nightjar')
})
