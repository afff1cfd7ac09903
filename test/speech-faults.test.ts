import OpenAI, { InternalServerError, RateLimitError } from 'openai'
import { afterAll, expect, test } from 'vitest'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'

// What goes wrong in the middle of speech for another program, with a voice that misbehaves on request.

const fine = 'This is a sentence that is spoken quite well.'
const hangs = 'Here the speaker hangs until somebody ends it.'
const refuses = 'Here the engine refuses to say anything.'
const stumbles = 'Here the engine stumbles over its own words.'

async function studioFor() {
  const here = await startApplication({ settings: { NIGHTJAR_SPEAKERS: '1' } })
  const openai = new OpenAI({ baseURL: `${here.api.address}/v1`, apiKey: 'none', maxRetries: 0 })
  const speak = (input: string, more: Partial<OpenAI.Audio.SpeechCreateParams> = {}, signal?: AbortSignal) =>
    openai.audio.speech.create(
      { model: 'nightjar', voice: 'Hum', input, response_format: 'wav', ...more },
      signal && { signal },
    )
  return { ...here, speak, [Symbol.asyncDispose]: () => here[Symbol.asyncDispose]() }
}

/** For faults that leave the speaker as it was. */
const lasting = await studioFor()
afterAll(() => lasting[Symbol.asyncDispose]())

test.for([
  ['wav', 'audio'],
  ['mp3', 'audio'],
  ['opus', 'audio'],
  ['flac', 'audio'],
  ['pcm', 'audio'],
  ['aac', 'audio'],
  ['mp3', 'sse'],
] as const)(
  'the first sentence is heard as %s, %s, while the last cannot be spoken',
  async ([format, stream]) => {
    await using here = await studioFor()
    const abort = new AbortController()
    const more = { response_format: format, stream_format: stream }
    const response = await here.speak(`${fine}\n\n${hangs}`, more, abort.signal)
    let bytes = 0
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length
      // More than any header has.
      if (bytes > 1000) break
    }
    expect(bytes).toBeGreaterThan(1000)
    abort.abort()
  },
)

/** What came before the end or the break, and whether it was whole. */
async function received(response: Response): Promise<{ bytes: Buffer; whole: boolean }> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of response.body ?? []) chunks.push(chunk)
    return { bytes: Buffer.concat(chunks), whole: true }
  } catch {
    return { bytes: Buffer.concat(chunks), whole: false }
  }
}

test.for(['wav', 'mp3', 'opus', 'flac', 'pcm', 'aac'] as const)(
  'a sentence that cannot be spoken cuts %s off: nothing is passed off as it',
  async (format) => {
    const [alone, broken] = [
      await received(await lasting.speak(fine, { response_format: format })),
      await received(await lasting.speak(`${fine}\n\n${refuses}\n\n${fine}`, { response_format: format })),
    ]
    expect(alone.whole).toBe(true)
    expect(broken.whole).toBe(false)
    expect(broken.bytes.length).toBeGreaterThan(100)
    // At most what is before it, with the longer pause of a paragraph.
    expect(broken.bytes.length).toBeLessThan(alone.bytes.length * 1.5)
  },
)

test('events that break off do not tell that they are done', async () => {
  const response = await lasting.speak(`${fine}\n\n${refuses}`, { stream_format: 'sse' })
  const { bytes, whole } = await received(response)
  expect(whole).toBe(false)
  expect(bytes.toString()).toContain('speech.audio.delta')
  expect(bytes.toString()).not.toContain('speech.audio.done')
})

test.for(['wav', 'aac'] as const)(
  'a voice that cannot speak the first sentence is an error of the server (%s)',
  async (format) => {
    const speaking = lasting.speak(`${refuses}\n\n${fine}`, { response_format: format })
    const error: unknown = await speaking.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InternalServerError)
    expect(error).toMatchObject({ status: 502, code: 'voice.silent', type: 'server_error' })
    expect((error as Error).message).toContain('I will not say that')
  },
)

test('a sentence that fails once is tried again, and nobody notices', async () => {
  const { bytes, whole } = await received(await lasting.speak(`${fine}\n\n${stumbles}\n\n${fine}`))
  expect(whole).toBe(true)
  const again = await received(await lasting.speak(`${fine}\n\n${stumbles}\n\n${fine}`))
  expect(bytes.equals(again.bytes)).toBe(true)
})

test('a sentence that takes its speaker along is tried once more with the next one, then given up', async () => {
  await using here = await studioFor()
  const speaking = here.speak('Here the speaker crashes without a word to anybody.')
  await expect(speaking).rejects.toMatchObject({
    status: 502,
    message: expect.stringContaining('SIGKILL') as unknown,
  })
  expect((await received(await here.speak(fine))).whole).toBe(true)
})

test('sixteen are listened to at once; the next is told when to come back, and let in when one has gone', async () => {
  await using here = await studioFor()
  const endless = Array(1000).fill(fine).join('\n\n')
  const guests = await Promise.all(
    Array.from({ length: 16 }, async () => {
      const abort = new AbortController()
      // Held, for an answer that is collected as garbage is hung up.
      const answer = await here.speak(endless, { response_format: 'aac' }, abort.signal)
      return { answer, abort: () => abort.abort() }
    }),
  )
  const another = () => here.speak(fine, { response_format: 'aac' }).catch((error: unknown) => error)
  const turnedAway = await another()
  expect(turnedAway).toBeInstanceOf(RateLimitError)
  expect(turnedAway).toMatchObject({ status: 429, code: 'speech.busy', type: 'rate_limit_error' })
  expect(Number((turnedAway as RateLimitError).headers.get('retry-after'))).toBeGreaterThan(0)
  guests[7]?.abort()
  await waitUntil(async () => {
    const answer = await another()
    return answer instanceof Response && (await received(answer)).whole
  })
  for (const guest of guests) guest.abort()
})

test('a server that stops cuts off what it was saying', async () => {
  const here = await studioFor()
  const response = await here.speak(`${fine}\n\n${hangs}`)
  const hearing = received(response)
  await here[Symbol.asyncDispose]()
  expect((await hearing).whole).toBe(false)
})
