import OpenAI, { BadRequestError, NotFoundError } from 'openai'
import { afterAll, expect, test } from 'vitest'
import { decodeAdts } from '../src/audio/codec/aac.ts'
import { demux } from './fixtures/demuxed.ts'
import { peakOf, toInt16 } from '../src/audio/samples.ts'
import type { Health } from '../src/http/contract/health-contract.ts'
import { speechTypes } from '../src/http/contract/openai-speech-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

// The speech API, used through OpenAI's own client library.

const folder = await temporaryFolder()
const server = await ServerProcess.start({ data: folder.path, speakers: 1 })
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})
const apiKey = 'sk-a-key-that-nobody-asked-for'
const openai = new OpenAI({ baseURL: `${server.address}/v1`, apiKey, maxRetries: 0 })

const quick = { model: 'tts-1', voice: 'espeak:en-us' }
const input = 'The lamp went out at ten. Nobody in the house had noticed it!\n\nThen the old clock struck.'
const many = (sentences: number) => new TextDecoder().decode(longStory(1, sentences))

async function spoken(body: Partial<OpenAI.Audio.SpeechCreateParams> = {}): Promise<Uint8Array> {
  return (await openai.audio.speech.create({ ...quick, input, ...body })).bytes()
}

/** The number of sentences that were sent to a speech worker for the speech API, from the log. */
const handedOut = () => server.log.split('\n').filter((line) => line.includes('for the speech API')).length

const health = () => server.json<Health>('/api/health')

/** 24 kHz, 16 bits: the reference for all formats. */
const pcm = await spoken({ response_format: 'pcm' })
const samples = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2)

test('a text is spoken audibly and at a natural pace', () => {
  const seconds = samples.length / 24_000
  const letters = input.match(/\p{L}/gu)?.length ?? 0
  expect(letters / seconds).toBeGreaterThan(7)
  expect(letters / seconds).toBeLessThan(28)
  expect(peakOf(Float32Array.from(samples, (sample) => sample / 32768))).toBeGreaterThan(0.2)
})

test.for(['wav', 'flac'] as const)('%s has the same samples', async (format) => {
  const found = demux(await spoken({ response_format: format }))
  expect(found).toMatchObject({ format, codecRate: 24_000, channels: 1 })
  expect(toInt16(found.samples)).toEqual(samples)
})

test('AAC consists of the frames of the voice’s clips', async () => {
  const bytes = await spoken({ response_format: 'aac' })
  expect(toInt16(decodeAdts(bytes))).toEqual(samples)
  expect(demux(bytes)).toMatchObject({ format: 'aac', codecRate: 24_000, channels: 1 })
})

test('Opus has the same length to the sample', async () => {
  const found = demux(await spoken({ response_format: 'opus' }))
  expect(found).toMatchObject({ format: 'ogg', codecRate: 48_000, channels: 1 })
  expect(found.samples).toHaveLength(samples.length * 2)
})

test('the default format is MP3, of the same length except for the encoder’s delay', async () => {
  const found = demux(await spoken())
  expect(found).toMatchObject({ format: 'mp3', codecRate: 24_000, channels: 1 })
  expect(found.samples.length - samples.length).toBeGreaterThanOrEqual(1105)
  expect(found.samples.length - samples.length).toBeLessThan(1105 + 2 * 576)
})

test.for(Object.entries(speechTypes))('%s has the media type %s', async ([format, type]) => {
  const response = await openai.audio.speech.create({
    ...quick,
    input: 'Yes, of course.',
    response_format: format as keyof typeof speechTypes,
  })
  expect(response.headers.get('content-type')).toBe(type)
  expect((await response.bytes()).length).toBeGreaterThan(1000)
})

test('as server-sent events, the audio is the same in chunks, followed by a done event', async () => {
  const response = await openai.audio.speech.create({
    ...quick,
    input,
    response_format: 'pcm',
    stream_format: 'sse',
  })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const events = (await response.text())
    .split('\n\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text.replace(/^data: /, '')) as { type: string; audio?: string })
  const pieces = events.slice(0, -1)
  expect(new Set(pieces.map(({ type }) => type))).toEqual(new Set(['speech.audio.delta']))
  expect(events.at(-1)?.type).toBe('speech.audio.done')
  const sound = Buffer.concat(pieces.map(({ audio }) => Buffer.from(audio ?? '', 'base64')))
  expect(sound.equals(pcm)).toBe(true)
})

test('the speed is applied, and clamped to what voices support', async () => {
  const lengthAt = async (speed: number) => (await spoken({ response_format: 'pcm', speed })).length
  const [slow, slowest, fast, fastest] = [
    await lengthAt(0.5),
    await lengthAt(0.25),
    await lengthAt(2),
    await lengthAt(4),
  ]
  expect(slow).toBeGreaterThan(pcm.length * 1.3)
  expect(fast).toBeLessThan(pcm.length / 1.3)
  expect([slowest, fastest]).toEqual([slow, fast])
})

test('Heart is found by id, by name, and by OpenAI’s voice names', async () => {
  const body = { model: 'gpt-4o-mini-tts', input: 'Come in, it is open.', response_format: 'aac' } as const
  const heart = await spoken({ ...body, voice: 'hibari:heart' })
  expect(decodeAdts(heart).length / 24_000).toBeGreaterThan(0.8)
  for (const voice of ['Heart', 'HEART', 'alloy', 'marin', { id: 'heart' }]) {
    expect(Buffer.from(await spoken({ ...body, voice })).equals(heart), JSON.stringify(voice)).toBe(true)
  }
})

test('voices are listed with id, name and language, all or of one language', async () => {
  const { voices: all } = await server.json<{ voices: { id: string; language: string }[] }>(
    '/v1/audio/voices',
  )
  expect(all).toContainEqual(
    expect.objectContaining({ id: 'hibari:heart', name: 'Heart', language: 'en-US', default: true }),
  )
  const { voices: own } = await server.json<{ voices: { id: string }[] }>('/api/voices')
  expect(all.map(({ id }) => id)).toEqual(own.map(({ id }) => id))
  const { voices: some } = await server.json<{ voices: typeof all }>('/v1/audio/voices?language=vi&limit=2')
  expect(some.length).toBeGreaterThan(0)
  for (const { language } of some) expect(language).toMatch(/^vi/)
})

test('models are listed and found by name', async () => {
  const names = (await openai.models.list()).data.map(({ id }) => id)
  expect(names).toEqual(['nightjar', 'tts-1', 'tts-1-hd', 'gpt-4o-mini-tts'])
  for (const name of names) expect(await openai.models.retrieve(name)).toMatchObject({ id: name })
})

test.for([
  ['an unknown voice', { voice: 'nobody' }, 'voice.unknown', 'voice', /no voice nobody/],
  ['an unknown format', { response_format: 'ogg' }, 'request.invalid', 'response_format', /"mp3"/],
  ['no text', { input: '' }, 'speech.nothing-to-speak', 'input', /letters or digits/],
  ['nothing but marks', { input: '…!\n\n* * *' }, 'speech.nothing-to-speak', 'input', /letters or digits/],
  ['too much text', { input: 'Ah. '.repeat(25_001) }, 'speech.too-long', 'input', /100004 .* 100000/],
  ['too high a speed', { speed: 4.1 }, 'request.invalid', 'speed', /0\.25 to 4/],
  ['too low a speed', { speed: 0.2 }, 'request.invalid', 'speed', /0\.25 to 4/],
  ['a text that is none', { input: 7 as unknown as string }, 'request.invalid', 'input', /expected string/],
] as const)('%s is a bad request that says what to do', async ([, body, code, param, message]) => {
  const error: unknown = await spoken(body as object).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(BadRequestError)
  expect(error).toMatchObject({ status: 400, code, param, type: 'invalid_request_error' })
  expect((error as Error).message).toMatch(message)
})

test('an unknown model, and an unknown address, are not found', async () => {
  const requests = [() => spoken({ model: 'whisper-1' }), () => openai.models.retrieve('whisper-1')]
  for (const request of requests) {
    const error: unknown = await request().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NotFoundError)
    expect(error).toMatchObject({ code: 'speech.no-model', param: 'model' })
  }
  await expect(openai.files.list()).rejects.toBeInstanceOf(NotFoundError)
})

test('a request that is not JSON, or too long, gets a failure in OpenAI’s format', async () => {
  const post = (body: string) =>
    server.fetch('/v1/audio/speech', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
  const broken = await post('{"input": "never cl')
  expect(broken.status).toBe(400)
  expect(await broken.json()).toMatchObject({ error: { code: 'request.invalid', param: null } })
  const endless = await post(JSON.stringify({ input: 'x'.repeat(1024 * 1024) }))
  expect(endless.status).toBe(413)
  expect(await endless.json()).toMatchObject({ error: { code: 'request.too-long' } })
})

test('pages of other origins are refused here too', async () => {
  const headers = { origin: 'https://elsewhere.example' }
  const response = await server.fetch('/v1/audio/voices', { headers })
  expect(response.status).toBe(403)
  expect(await response.json()).toMatchObject({ error: { code: 'request.foreign-origin' } })
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
})

test('a client that disconnects frees the workers, and its remaining sentences are not spoken', async () => {
  const before = handedOut()
  const abort = new AbortController()
  const sentences = 300
  const body = { ...quick, input: many(sentences), response_format: 'wav' } as const
  const { body: stream } = await openai.audio.speech.create(body, { signal: abort.signal })
  for await (const chunk of stream ?? []) {
    expect((chunk as Uint8Array).length).toBeGreaterThan(0)
    break
  }
  abort.abort()
  await waitUntil(async () => (await health()).speakers.busy === 0)
  const after = handedOut()
  await spoken({ input: 'The next one, please.' })
  expect(after - before).toBeLessThan(sentences / 2)
  expect(handedOut() - after).toBe(1)
})

test('a short request does not wait for the end of a long one, and a novel goes on meanwhile', async () => {
  const { novel } = await server.add(longStory(2, 300), 'novel.txt')
  const progressId = await server.generate(novel.id, undefined, { voice: 'espeak:en-us' })
  const done: string[] = []
  const began = Promise.withResolvers<void>()
  const long = async () => {
    const body = { ...quick, input: many(25), response_format: 'pcm' } as const
    for await (const chunk of (await openai.audio.speech.create(body)).body ?? []) {
      expect((chunk as Uint8Array).length).toBeGreaterThan(0)
      began.resolve()
    }
    done.push('long')
  }
  const short = async () => {
    await spoken({ input: 'Only this one sentence.' })
    done.push('short')
  }
  const talking = long()
  await began.promise
  const { segmentsDone } = await server.progress(progressId)
  await short()
  await talking
  const later = await server.progress(progressId)
  expect(done).toEqual(['short', 'long'])
  expect(later.segmentsDone).toBeGreaterThan(segmentsDone)
  expect(later.segmentsDone).toBeLessThan(later.segmentsTotal)
  await server.post(`/api/worker/progress/${progressId}/cancel`, {})
})

test('the API key of a request is not logged', () => {
  expect(handedOut()).toBeGreaterThan(10)
  expect(server.log).not.toContain(apiKey)
})

test('the speech API is in the OpenAPI document', async () => {
  const { paths } = await server.json<{ paths: Record<string, object> }>('/api/openapi.json')
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/v1/audio/speech', '/v1/audio/voices', '/v1/models', '/v1/models/{id}']),
  )
})
