import { expect, test } from 'vitest'
import { OpdsLogin } from './opds-login.ts'

const at = new URL('http://books.example/get/1.epub')
const source = (host: string) => ({
  id: host,
  title: host,
  address: `http://${host}/opds`,
  user: 'anna',
  password: 'open sesame',
})
const basic = { authorization: `Basic ${btoa('anna:open sesame')}` }
const digest = (nonce: string, more = '') => `Digest realm="books", nonce="${nonce}", qop="auth"${more}`

test('requests at the same time, each of which is refused first, are all asked again', () => {
  const [one, other] = [new OpdsLogin(source('same.example')), new OpdsLogin(source('same.example'))]
  expect([one.headers(at), other.headers(at)]).toEqual([{}, {}])
  for (const login of [one, other]) {
    expect(login.asksAgain(401, 'Basic realm="books"')).toBe(true)
    expect(login.headers(at)).toEqual(basic)
    expect(login.asksAgain(401, 'Basic realm="books"')).toBe(false)
  }
})

test('a server that asks for nothing is shown who asks, and one that is not well is left alone', () => {
  const login = new OpdsLogin(source('open.example'))
  login.headers(at)
  expect(login.asksAgain(503)).toBe(false)
  expect(login.asksAgain(200)).toBe(true)
  expect(login.headers(at)).toEqual(basic)
  expect(login.asksAgain(200)).toBe(false)
})

test('a nonce that is too old is changed, however many requests had it; a password that is wrong is sent once', () => {
  const first = new OpdsLogin(source('digest.example'))
  first.headers(at)
  expect(first.asksAgain(401, digest('one'))).toBe(true)
  expect(first.headers(at)['authorization']).toMatch(/^Digest .*nonce="one".*nc=00000001/)
  const [two, three] = [new OpdsLogin(source('digest.example')), new OpdsLogin(source('digest.example'))]
  for (const login of [two, three]) expect(login.headers(at)['authorization']).toContain('nonce="one"')
  for (const login of [two, three]) {
    expect(login.asksAgain(401, digest('two', ', stale=true'))).toBe(true)
    expect(login.headers(at)['authorization']).toContain('nonce="two"')
  }
  expect(two.asksAgain(401, digest('three'))).toBe(false)
})
