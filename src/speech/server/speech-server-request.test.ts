import { afterEach, beforeEach, expect, test } from 'vitest'
import * as odd from '../../../test/program/fake-speech-server.ts'
import { requestSpeech } from './speech-server-client.ts'

const key = 'sk-secret-0123456789'
let far: odd.OddSpeechServer
beforeEach(async () => {
  far = await odd.oddSpeechServer()
})
afterEach(() => far.close())

const sound = odd.sends(Uint8Array.from(Buffer.from('OggS and so on')))
const requests = (): string[] => far.heard.map(({ method, path }) => `${method} ${path}`)
const speak = (): Promise<Uint8Array> =>
  requestSpeech(
    {
      name: 'k',
      title: 'K',
      address: far.address,
      key,
      model: 'm',
      parallel: 1,
      charactersPerRequest: 500,
    },
    { text: 'No!', voice: 'v', speed: 1 },
    { signal: new AbortController().signal },
  )

/** A redirect that is refused, for the whole server. */
const refused = async (): Promise<string> => {
  const error: unknown = await speak().catch((reason: unknown) => reason)
  expect(error).toMatchObject({ kind: 'refused', wholeServer: true })
  return (error as Error).message
}

test.each([301, 302, 307, 308])(
  'a redirect with %d within the server is followed with the full request',
  async (status) => {
    far.answer(odd.redirects(status, '/v1/audio/speech/'), sound)
    await speak()
    expect(requests()).toEqual(['POST /v1/audio/speech', 'POST /v1/audio/speech/'])
    expect(far.heard[1]?.body).toEqual(far.heard[0]?.body)
    expect(far.heard[1]?.headers.authorization).toBe(`Bearer ${key}`)
  },
)

test('a redirect with 303 is followed with GET', async () => {
  far.answer(odd.redirects(303, '/files/1.ogg'), sound)
  await speak()
  expect(requests()).toEqual(['POST /v1/audio/speech', 'GET /files/1.ogg'])
})

test('at most three redirects are followed', async () => {
  far.answer(odd.redirects(307, '/1'), odd.redirects(307, '/2'), odd.redirects(307, '/3'), sound)
  await speak()
  far.answer(odd.redirects(307, '/again'))
  await refused()
  expect(far.heard).toHaveLength(8)
})

test('a redirect to another origin is not followed: neither text nor key are sent there', async () => {
  await using other = await odd.oddSpeechServer(sound)
  for (const status of [301, 303, 307, 308]) {
    far.answer(odd.redirects(status, `${other.address}/audio/speech`))
    expect(await refused()).toContain(new URL(other.address).origin)
  }
  // Another name of the same machine is another origin.
  far.answer(odd.redirects(307, far.address.replace('127.0.0.1', 'localhost')))
  await refused()
  expect(other.heard).toEqual([])
  // The key is not reported either where the server quotes it.
  far.answer(odd.redirects(307, `http://${key}.example/`))
  expect(await refused()).not.toContain(key)
  for (const nowhere of ['http://', 'file:///etc/passwd', 'data:audio/wav;base64,AAAA']) {
    far.answer(odd.redirects(307, nowhere))
    await refused()
  }
})
