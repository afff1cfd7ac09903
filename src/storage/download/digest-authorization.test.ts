import { describe, expect, test } from 'vitest'
import { challengesIn, digestAuthorization, digestChallengeIn } from './digest-authorization.ts'

/** RFC 7616, 3.9.1. */
const mufasa = { user: 'Mufasa', password: 'Circle of Life' }
const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'
const common =
  'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
const use = { method: 'GET', uri: '/dir/index.html', count: 1, cnonce }

/** The parameters of an answer. */
function sent(header: string, credentials = mufasa, how: Parameters<typeof digestAuthorization>[2] = use) {
  const challenge = digestChallengeIn(header)
  if (!challenge) throw new Error(`no challenge in ${header}`)
  const [answer] = challengesIn(digestAuthorization(challenge, credentials, how))
  return Object.fromEntries(answer?.parameters ?? [])
}

describe('the examples of RFC 7616', () => {
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('%s', (algorithm, response) => {
    expect(sent(`Digest ${common}, algorithm=${algorithm}`)).toEqual({
      username: 'Mufasa',
      realm: 'http-auth@example.org',
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
      uri: '/dir/index.html',
      qop: 'auth',
      nc: '00000001',
      cnonce,
      algorithm,
      response,
    })
  })

  test('both are offered, and a third scheme: the better hash is taken', () => {
    const header = `Negotiate, Basic realm="a, Digest b", Digest ${common}, algorithm=MD5, Digest ${common}, algorithm=SHA-256`
    expect(sent(header).response).toMatch(/^7539/)
    expect(challengesIn(header).map(({ scheme }) => scheme)).toEqual(['basic', 'digest', 'digest'])
  })
})

test('a server of RFC 2069, without qop', () => {
  // Its section 2.4, with the response as its errata have it.
  const answer = sent(
    'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    { user: 'Mufasa', password: 'CircleOfLife' },
  )
  expect(answer).toMatchObject({ response: '1949323746fe6a43ef61f9606e7febea' })
  expect(answer).not.toHaveProperty('nc')
})

test('a name that is not ASCII, one with quotes, and one that is to be hashed', () => {
  expect(
    digestAuthorization(digestChallengeIn(`Digest ${common}`)!, { user: 'Jäsøn', password: '' }, use),
  ).toContain("username*=UTF-8''J%C3%A4s%C3%B8n,")
  expect(sent(`Digest ${common}`, { user: 'a "b" \\c', password: '' }).username).toBe('a "b" \\c')
  expect(sent(`Digest ${common}, userhash=true, algorithm=SHA-256`).username).toMatch(/^[\da-f]{64}$/)
})

test('what is asked for and not known is no challenge', () => {
  for (const header of [
    '',
    'Basic realm="books"',
    'Digest realm="books"',
    `Digest ${common}, algorithm=SHA3-512`,
    'Digest realm="a", nonce="b", qop="auth-int"',
  ])
    expect(digestChallengeIn(header)).toBeUndefined()
})
