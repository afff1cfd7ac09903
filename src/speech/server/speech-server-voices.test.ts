import { afterEach, beforeEach, expect, test } from 'vitest'
import * as odd from '../../../test/program/fake-speech-server.ts'
import { listServerVoices } from './speech-server-client.ts'
import { SpeechServerError } from './speech-server-error.ts'

let far: odd.OddSpeechServer
beforeEach(async () => {
  far = await odd.oddSpeechServer()
})
afterEach(() => far.close())

const list = (signal = new AbortController().signal): Promise<string[] | undefined> =>
  listServerVoices(
    {
      name: 'k',
      title: 'Kokoro',
      address: far.address,
      key: 'sk-1',
      model: 'm',
      parallel: 1,
      charactersPerRequest: 500,
    },
    signal,
  )
const missing = odd.sendsJson(404, { detail: 'Not Found' })

test.each([
  ['names', { voices: ['af_heart', 'am_adam'] }, ['af_heart', 'am_adam']],
  ['a bare list', ['tara', 'leo'], ['tara', 'leo']],
  [
    'objects',
    { voices: [{ id: 'a', name: 'Anna' }, { voice_id: 'b', name: 'Ben' }, { name: 'Cy' }] },
    ['a', 'b', 'Cy'],
  ],
  ['none yet', { voices: [] }, []],
  ['the same twice', ['tara', 'tara'], ['tara']],
  ['odd things among them', { voices: [' x ', '', null, 7, {}, { id: 3 }, ['y']] }, ['x']],
  [
    'names that no voice has',
    ['a\nb', 'c\u0000', 'd\u202e', '\ud800', 'x'.repeat(300), 'fine:name (2)'],
    ['fine:name (2)'],
  ],
])('voices are listed by %s', async (_, body, voices) => {
  far.answer(odd.sendsJson(200, body))
  expect(await list()).toEqual(voices)
  expect(far.heard.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/audio/voices'])
  expect(far.heard[0]?.headers.authorization).toBe('Bearer sk-1')
})

test('Nightjar’s own list is read', async () => {
  far.answer(
    odd.sendsJson(200, {
      voices: [
        { id: 'hibari:heart', name: 'Heart' },
        { id: 'espeak:vi', name: 'vi' },
      ],
    }),
  )
  expect(await list()).toEqual(['hibari:heart', 'espeak:vi'])
})

test('the list may be at /voices', async () => {
  far.answer(missing, odd.sendsJson(200, ['tara']))
  expect(await list()).toEqual(['tara'])
  expect(far.heard.map(({ path }) => path)).toEqual(['/v1/audio/voices', '/v1/voices'])
})

test.each([
  ['answers 404', missing],
  ['answers 405', odd.sends('', {}, 405)],
  ['sends a page', odd.sends('<html></html>')],
  ['sends something else', odd.sendsJson(200, { object: 'list' })],
  ['sends null', odd.sendsJson(200, null)],
])('there is no list where a server %s', async (_, answer) => {
  far.answer(answer)
  expect(await list()).toBeUndefined()
})

test.each([
  ['refuses the key', odd.sendsJson(401, { detail: 'no' }), { kind: 'refused', wholeServer: true }],
  ['fails', odd.sendsJson(500, { detail: 'no' }), { kind: 'unreachable' }],
  ['is busy', odd.sendsJson(429, {}), { kind: 'busy' }],
  ['hangs up', odd.hangsUp, { kind: 'unreachable' }],
  ['sends a list without end', odd.sends(JSON.stringify(Array(500_000).fill('x'))), { kind: 'bad-audio' }],
])('an error is reported where a server %s', async (_, answer, error) => {
  far.answer(answer)
  const failed: unknown = await list().catch((reason: unknown) => reason)
  expect(failed).toBeInstanceOf(SpeechServerError)
  expect(failed).toMatchObject(error)
})

test('the request can be aborted', async () => {
  far.answer(odd.hangs)
  await expect(list(AbortSignal.timeout(100))).rejects.toHaveProperty('name', 'TimeoutError')
})
