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
] as const)('the base path of %s is %s', ([text, base]) => {
  expect(basePath(text)).toBe(base)
})

test.for([
  ['/nightjar/api/novels?x=1', '/api/novels?x=1'],
  ['/nightjar', '/'],
  ['/nightjar?x', '/?x'],
  ['/nightjars/api', '/nightjars/api'],
  ['/api/novels', '/api/novels'],
] as const)('with the base path /nightjar, %s requests %s', ([url, rest]) => {
  expect(stripBasePath(url, '/nightjar')).toBe(rest)
})

test('X-Forwarded-Prefix counts only if proxies are trusted, and only if it is a path', () => {
  const requestWith = (prefix: string) => ({ headers: { 'x-forwarded-prefix': prefix } })
  expect(requestBasePath(requestWith('/shelf/'), '/nightjar', true)).toBe('/shelf')
  expect(requestBasePath(requestWith('/shelf'), '/nightjar', false)).toBe('/nightjar')
  expect(requestBasePath(requestWith('"><script>'), '/nightjar', true)).toBe('/nightjar')
})
