import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodedAudio } from '../../../test/fixtures/encoded-audio.ts'
import { speechLike } from '../../../test/fixtures/speech-like.ts'
import * as odd from '../../../test/program/fake-speech-server.ts'
import { waitUntil } from '../../../test/program/wait-until.ts'
import { decodeAudio } from '../../audio/codec/decode-audio.ts'
import { writeWav } from '../../audio/codec/wav.ts'
import type { SpeechServer } from '../../novel/speech-server.ts'
import { requestSpeech, speechTimeoutMs } from './speech-server-client.ts'
import { SpeechServerError } from './speech-server-error.ts'

const sampleRate = 24_000
const samples = speechLike(1, sampleRate)
const wav = writeWav(samples, sampleRate)
const key = 'sk-secret-0123456789'

let far: odd.OddSpeechServer
beforeEach(async () => {
  far = await odd.oddSpeechServer(odd.sends(wav, { 'content-type': 'audio/wav' }))
})
afterEach(() => far.close())

const kokoro = (rest: Partial<SpeechServer> = {}): SpeechServer => ({
  name: 'kokoro',
  title: 'Kokoro on the desk PC',
  address: far.address,
  key,
  model: 'kokoro',
  parallel: 2,
  charactersPerRequest: 500,
  ...rest,
})

interface TestRequest extends Partial<SpeechServer> {
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

function request({
  signal = new AbortController().signal,
  timeoutMs,
  ...server
}: TestRequest = {}): Promise<Uint8Array> {
  const utterance = { text: 'She opened the window.', voice: 'af_heart', speed: 1.25 }
  return requestSpeech(kokoro(server), utterance, { signal, ...(timeoutMs !== undefined && { timeoutMs }) })
}

/** The error of a failed request, whose message is for users. */
async function failure(options: TestRequest = {}): Promise<SpeechServerError> {
  const error: unknown = await request(options).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(SpeechServerError)
  const { message } = error as SpeechServerError
  expect(message).toMatch(/^Kokoro on the desk PC [^\n]+; [^\n]+\.$/)
  expect(message).not.toContain(key)
  expect(message.length).toBeLessThan(500)
  return error as SpeechServerError
}

test('the request has the common form of these servers', async () => {
  expect(Buffer.from(await request()).equals(wav)).toBe(true)
  expect(far.heard).toEqual([
    {
      method: 'POST',
      path: '/v1/audio/speech',
      headers: expect.objectContaining({
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
      }) as unknown,
      body: {
        model: 'kokoro',
        input: 'She opened the window.',
        voice: 'af_heart',
        response_format: 'wav',
        speed: 1.25,
        stream: false,
      },
    },
  ])
})

test('a server without a key is sent none', async () => {
  const { key: _, ...open } = kokoro()
  await requestSpeech(open, { text: 'No!', voice: 'x', speed: 1 }, { signal: new AbortController().signal })
  expect(far.heard[0]?.headers).not.toHaveProperty('authorization')
})

test('a key that is invalid in a header is neither sent nor reported', async () => {
  const error = await failure({ key: `${key}\nx-more: 1` })
  expect(error).toMatchObject({ kind: 'refused', wholeServer: true })
  expect(error).not.toHaveProperty('cause')
  expect(far.heard).toEqual([])
})

describe('sound', () => {
  test.each(['mp3', 'opus', 'vorbis', 'flac', 'adts', 'm4a'] as const)(
    'is accepted as %s under a wrong Content-Type, and can be decoded',
    async (kind) => {
      const file = encodedAudio(kind, samples, sampleRate)
      far.answer(odd.sends(file, { 'content-type': 'audio/wav' }))
      const bytes = await request()
      expect(Buffer.from(bytes).equals(file)).toBe(true)
      expect(decodeAudio(bytes).samples.length).toBeGreaterThan(sampleRate * 0.9)
    },
  )

  test('is accepted as WAV under a text Content-Type', async () => {
    far.answer(odd.sends(wav, { 'content-type': 'text/html' }))
    expect(await request()).toHaveLength(wav.length)
  })

  test.each([0xffffffff, 0x7fffffff, 0])('is accepted as a WAV that claims %d bytes', async (claimed) => {
    const piped = Buffer.from(wav)
    piped.writeUInt32LE(claimed, 4)
    piped.writeUInt32LE(claimed, 40)
    far.answer(odd.sends(piped))
    expect(decodeAudio(await request()).samples).toHaveLength(samples.length)
    far.answer(odd.endsByClosing(piped))
    expect(decodeAudio(await request()).samples).toHaveLength(samples.length)
  })

  test('is accepted as concatenated sentences with placeholder sizes', async () => {
    far.answer((response) => {
      const head = Buffer.from(wav.subarray(0, 44))
      head.writeUInt32LE(0xffffffff, 4)
      head.writeUInt32LE(0xffffffff, 40)
      response.writeHead(200, { 'content-type': 'audio/wav' })
      response.write(head, () =>
        response.write(wav.subarray(44, 20_000), () => response.end(wav.subarray(20_000))),
      )
    })
    expect(decodeAudio(await request())).toEqual(decodeAudio(wav))
    expect(far.heard).toHaveLength(1)
  })

  test('is accepted as raw PCM only where its rate is known', async () => {
    const raw = wav.subarray(44)
    far.answer(odd.sends(raw, { 'content-type': 'audio/wav' }))
    const { kind, message } = await failure()
    expect({ kind, message }).toEqual({
      kind: 'bad-audio',
      message: expect.stringContaining('no format that is known') as string,
    })
    expect(decodeAudio(await request({ pcmRate: 22_050 }), { pcmRate: 22_050 }).sampleRate).toBe(22_050)
    far.answer(odd.sendsJson(200, { error: { message: 'out of memory' } }))
    expect(await failure({ pcmRate: 22_050 })).toMatchObject({ kind: 'bad-audio' })
    far.answer(odd.sends(''))
    expect(await failure({ pcmRate: 22_050 })).toMatchObject({ kind: 'bad-audio' })
  })
})

describe('a 200 without audio', () => {
  test.each([
    ['JSON', odd.sendsJson(200, { error: { message: 'CUDA out of memory' } }), '(CUDA out of memory)'],
    [
      'a web page',
      odd.sends('<!doctype html><title>Sign in</title>', { 'content-type': 'audio/wav' }),
      '(Sign in)',
    ],
    ['text', odd.sends('no voice loaded'), '(no voice loaded)'],
    ['nothing', odd.sends(''), 'an empty answer'],
    ['no content', odd.sends('', {}, 204), 'an empty answer'],
    ['noise', odd.sends(Uint8Array.of(1, 2, 3, 250, 251, 252)), 'no format that is known'],
    ['a WAV without sound', odd.sends(wav.subarray(0, 44)), 'no sound'],
    ['the head of a WAV', odd.sends(wav.subarray(0, 30)), 'no data'],
    ['a WAV that ends early', odd.sends(wav.subarray(0, 20_000)), `${wav.length - 20_000} bytes`],
    ['a WAV that the connection’s end cuts', odd.endsByClosing(wav.subarray(0, 20_000)), 'broke off'],
  ])('is an error when it is %s', async (_, answer, words) => {
    far.answer(answer)
    const error = await failure()
    expect(error.kind).toBe('bad-audio')
    expect(error.message).toContain(words)
  })

  test('is a quota error when it says so', async () => {
    far.answer(odd.sendsJson(200, { error: { message: 'You exceeded it', code: 'insufficient_quota' } }))
    expect(await failure()).toMatchObject({ kind: 'quota' })
  })

  test('is refused while receiving when it is too large', async () => {
    let sent = 0
    far.answer((response) => {
      const part = Buffer.alloc(1_000_000)
      const more = (): void => {
        sent++
        if (!response.destroyed) response.write(part, more)
      }
      response.writeHead(200).write(wav.subarray(0, 44), more)
    })
    expect((await failure()).message).toContain('more than 100 MB')
    await waitUntil(() => far.connections === 0)
    expect(sent).toBeLessThan(200)
  })
})

describe('an incomplete answer', () => {
  test.each([
    ['is shorter than it said', odd.breaksOff(wav, 10_000), 'broke off'],
    ['stops between chunks', odd.breaksOffChunked(wav), 'broke off'],
    ['is none at all', odd.hangsUp, 'broke off'],
    ['is of another protocol', odd.speaksNonsense, 'does not speak HTTP'],
  ])('is retried later when it %s', async (_, answer, words) => {
    far.answer(answer)
    const error = await failure()
    expect(error).toMatchObject({ kind: 'unreachable', status: undefined })
    expect(error.message).toContain(words)
  })

  test.each([
    ['nothing comes', odd.hangs],
    ['it stops in the middle', odd.stallsAfter(wav.subarray(0, 1000))],
  ])('times out when %s, and closes the connection', async (_, answer) => {
    far.answer(answer)
    const error = await failure({ timeoutMs: 200 })
    expect(error.kind).toBe('unreachable')
    expect(error.summary).toBe('Kokoro on the desk PC gave no answer within 1 s')
    await waitUntil(() => far.connections === 0)
  })

  test('is retried later when the port is closed', async () => {
    // Not a port that was just closed: another test may get it meanwhile.
    const address = far.address.replace('127.0.0.1', '127.0.0.2')
    expect(await failure({ address })).toMatchObject({
      kind: 'unreachable',
      summary: 'Kokoro on the desk PC does not answer (the connection is refused)',
    })
  })

  test('is retried later when the host name is unknown', async () => {
    expect(await failure({ address: `http://${'a'.repeat(70)}.invalid/v1` })).toMatchObject({
      kind: 'unreachable',
    })
  })

  test('is retried later when https is used for an http server', async () => {
    const error = await failure({ address: far.address.replace('http:', 'https:') })
    expect(error.summary).toContain('does not speak https')
  })
})

test.each([
  ['nothing has come', odd.hangs],
  ['it comes', odd.stallsAfter(wav.subarray(0, 1000))],
])('a request aborted while %s ends with the signal’s reason', async (_, answer) => {
  far.answer(answer)
  const stop = new AbortController()
  const pending = request({ signal: stop.signal })
  await waitUntil(() => far.heard.length === 1)
  const reason = new Error('the client has disconnected')
  stop.abort(reason)
  await expect(pending).rejects.toBe(reason)
  await waitUntil(() => far.connections === 0)
})

test('the time-out is minutes for a first request, later in proportion to the text', () => {
  expect(speechTimeoutMs(kokoro(), 10, false)).toBeGreaterThanOrEqual(240_000)
  expect(speechTimeoutMs(kokoro({ parallel: 1 }), 100, true)).toBe(60_000)
  expect(speechTimeoutMs(kokoro({ parallel: 2 }), 100, true)).toBe(90_000)
  expect(speechTimeoutMs(kokoro(), 100_000, true)).toBe(speechTimeoutMs(kokoro(), 10, false))
})
