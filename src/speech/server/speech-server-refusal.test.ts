import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as odd from '../../../test/program/fake-speech-server.ts'
import { waitUntil } from '../../../test/program/wait-until.ts'
import type { SpeechServer } from '../../novel/speech-server.ts'
import { requestSpeech } from './speech-server-client.ts'
import { SpeechServerError } from './speech-server-error.ts'
import { parseRetryAfter } from './speech-server-refusal.ts'

const key = 'sk-secret-0123456789'
let far: odd.OddSpeechServer
beforeEach(async () => {
  far = await odd.oddSpeechServer()
})
afterEach(() => far.close())

async function failure(rest: Partial<SpeechServer> = {}): Promise<SpeechServerError> {
  const server = {
    name: 'openai',
    title: 'OpenAI',
    address: far.address,
    key,
    model: 'tts-1',
    parallel: 1,
    charactersPerRequest: 4096,
    ...rest,
  }
  const error: unknown = await requestSpeech(
    server,
    { text: 'No!', voice: 'alloy', speed: 1 },
    { signal: new AbortController().signal },
  ).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(SpeechServerError)
  expect((error as Error).message).not.toContain('secret')
  return error as SpeechServerError
}

describe('the server’s own message is found', () => {
  test.each([
    [
      'error.message',
      { error: { message: 'Invalid voice', type: 'invalid_request_error' } },
      'Invalid voice',
    ],
    ['detail.message', { detail: { error: 'validation_error', message: 'Bad voice' } }, 'Bad voice'],
    ['detail.error.message', { detail: { error: { message: 'Worse voice' } } }, 'Worse voice'],
    ['detail', { detail: 'No such voice.' }, 'No such voice'],
    [
      'detail as a list',
      { detail: [{ loc: ['body', 'input'], msg: 'Field required' }, { msg: 'Too long' }] },
      'input: Field required, Too long',
    ],
    ['error', { error: 'model is missing' }, 'model is missing'],
    ['message', { message: 'slow down' }, 'slow down'],
  ])('in %s', async (_, body, words) => {
    far.answer(odd.sendsJson(400, body))
    expect((await failure()).message).toContain(`(400: ${words})`)
  })

  test('in a page and in text, but not in unknown JSON', async () => {
    far.answer(odd.sends('<html><head><title>502 Bad Gateway</title></head></html>', {}, 502))
    expect((await failure()).message).toContain('(502: 502 Bad Gateway)')
    far.answer(odd.sends('upstream\r\n\u0007gone', {}, 503))
    expect((await failure()).message).toContain('(503: upstream gone)')
    far.answer(odd.sendsJson(400, { trace: ['deep', 'inside'] }))
    expect((await failure()).message).toContain('OpenAI refuses this text (400);')
  })

  test('without a stack trace', async () => {
    const python =
      'Traceback (most recent call last):\n  File "/app/main.py", line 3, in f\n    g()\nRuntimeError: CUDA out of memory\n'
    far.answer(odd.sendsJson(500, { detail: python }))
    expect((await failure()).message).toContain('(500: RuntimeError: CUDA out of memory)')
    far.answer(odd.sends('Error: boom\n    at speak (/app/index.js:3:7)\n    at main', {}, 500))
    expect((await failure()).message).toContain('(500: Error: boom)')
  })

  test('truncated where it is long, even if it never ends', async () => {
    far.answer(odd.sendsJson(400, { error: { message: `a${'𝒳'.repeat(500)}` } }))
    const { message } = await failure()
    expect(message.length).toBeLessThan(400)
    expect(message.isWellFormed()).toBe(true)
    let sent = 0
    far.answer((response) => {
      const more = (): void => {
        sent++
        if (!response.destroyed) response.write('no '.repeat(10_000), more)
      }
      response.writeHead(500)
      more()
    })
    expect((await failure()).message).toContain('(500: no no')
    await waitUntil(() => far.connections === 0)
    expect(sent).toBeLessThan(1000)
  })

  test('without the key, wherever it occurs', async () => {
    const echoes = [
      `Incorrect API key provided: ${key}`,
      // Truncation inside the key would leave half of it.
      `${'x'.repeat(190)} ${key}`,
      `Authorization was "Bearer ${key}"`,
    ]
    for (const message of echoes) {
      far.answer(odd.sendsJson(401, { error: { message } }))
      expect((await failure()).message).not.toContain('sk-')
    }
    far.answer(odd.sends(`<title>${key}</title>`, { 'content-type': 'text/html' }))
    await failure()
    const odder = 'secret/with+signs='
    far.answer(odd.sends(`no access to /?key=${encodeURIComponent(odder)}`, {}, 403))
    expect((await failure({ key: odder })).message).toContain('no access to /?key=…')
  })
})

describe('the meaning of a status', () => {
  test.each([500, 502, 503, 504, 408])('%d is retried later', async (status) => {
    far.answer(odd.sendsJson(status, { detail: 'oh' }, { 'retry-after': '7' }))
    expect(await failure()).toMatchObject({
      kind: 'unreachable',
      status,
      retryAfterMs: 7000,
      wholeServer: false,
    })
  })

  test('429 asks for a pause, in seconds or until a date', async () => {
    far.answer(odd.sendsJson(429, { error: { message: 'Rate limit reached' } }, { 'retry-after': '12' }))
    expect(await failure()).toMatchObject({ kind: 'busy', retryAfterMs: 12_000 })
    const date = new Date(Date.now() + 3_600_000).toUTCString()
    far.answer(odd.sendsJson(429, {}, { 'retry-after': date }))
    const { retryAfterMs = 0 } = await failure()
    expect(retryAfterMs).toBeGreaterThan(3_000_000)
    expect(retryAfterMs).toBeLessThanOrEqual(3_600_000)
    far.answer(odd.sendsJson(429, {}))
    expect(await failure()).toMatchObject({ kind: 'busy', retryAfterMs: undefined })
  })

  test.each([
    [
      429,
      {
        error: { message: 'You exceeded your quota', type: 'insufficient_quota', code: 'insufficient_quota' },
      },
    ],
    [429, { detail: { error: { code: 'insufficient_quota' } } }],
    [400, { error: { message: 'Limit', code: 'billing_hard_limit_reached' } }],
    [401, { detail: { status: 'quota_exceeded', message: 'No credits' } }],
    [402, 'Payment Required'],
  ])('%d can mean that the quota is used up', async (status, body) => {
    far.answer(odd.sendsJson(status, body, { 'retry-after': '1' }))
    expect(await failure()).toMatchObject({ kind: 'quota', retryAfterMs: undefined })
  })

  test.each([401, 403])('%d concerns the whole server', async (status) => {
    far.answer(odd.sendsJson(status, { error: { message: 'Incorrect key' } }))
    const error = await failure()
    expect(error).toMatchObject({ kind: 'refused', wholeServer: true, status })
    expect(error.message).toBe(`OpenAI refuses the key (${status}: Incorrect key); enter the right one.`)
    expect((await failure({ key: '' })).message).toContain('OpenAI wants a key')
  })

  test.each([400, 422, 413, 415])('%d concerns this text only', async (status) => {
    far.answer(odd.sendsJson(status, { detail: 'Input is too long' }))
    expect(await failure()).toMatchObject({ kind: 'refused', wholeServer: false, status })
  })

  test('404 concerns the whole server, unless it is about a voice', async () => {
    far.answer(odd.sendsJson(404, { detail: 'Not Found' }))
    const error = await failure()
    expect(error).toMatchObject({ kind: 'refused', wholeServer: true })
    expect(error.message).toContain(`has no speech at ${far.address} (404: Not Found)`)
    far.answer(odd.sendsJson(404, { error: { message: 'The model `tts-9` does not exist' } }))
    expect(await failure()).toMatchObject({ kind: 'refused', wholeServer: true })
    far.answer(odd.sendsJson(404, { detail: "Voice 'x' not found" }))
    expect(await failure()).toMatchObject({ kind: 'refused', wholeServer: false })
  })
})

test.each([
  ['7', 7000],
  [' 1.5 ', 1500],
  ['0', 0],
  ['Thu, 01 Jan 1970 00:01:00 GMT', 60_000 - 1000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['-3', undefined],
  ['2', 2000],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('Retry-After "%s" is %s ms from the first second of 1970', (header, ms) => {
  expect(parseRetryAfter(header, 1000)).toBe(ms)
})
