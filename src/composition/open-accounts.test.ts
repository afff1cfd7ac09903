import { expect, test } from 'vitest'
import { readSettings } from '../config.ts'
import { asksWhoComes } from './open-accounts.ts'

test('people sign in where others reach the server, or where something says who they are, unless nobody is to be asked', () => {
  const asked = (settings: Readonly<Record<string, string>>) => asksWhoComes(readSettings(settings))
  for (const HOST of ['', '127.0.0.1', '127.0.0.7', '::1', 'localhost'])
    expect(asked({ HOST }), HOST).toBe(false)
  for (const HOST of ['0.0.0.0', '::', '192.168.1.20', 'box.local', '127.0.0.1.example.org'])
    expect(asked({ HOST }), HOST).toBe(true)
  expect(asked({ NIGHTJAR_AUTH: 'accounts' })).toBe(true)
  expect(asked({ HOST: '0.0.0.0', NIGHTJAR_AUTH: 'none' })).toBe(false)
  expect(
    asked({ NIGHTJAR_OIDC_ISSUER: 'https://sso.example.org', NIGHTJAR_OIDC_CLIENT_ID: 'nightjar' }),
  ).toBe(true)
  expect(asked({ NIGHTJAR_PROXY_USER_HEADER: 'Remote-User', NIGHTJAR_PROXY_ADDRESSES: '127.0.0.1' })).toBe(
    true,
  )
})
