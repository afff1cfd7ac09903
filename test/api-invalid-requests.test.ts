import { readdir } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text as socketText } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { failure } from '../src/http/contract/field-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'
import { inBucket } from './program/test-storage.ts'

// Requests that are invalid, truncated, duplicated or concurrent with others.

const here = await startApplication({ settings: { NIGHTJAR_UPLOAD_LIMIT: '1' } })
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here
const sound = { voice: 'odd:hum' }
const json = { 'content-type': 'application/json' }
const text = (string: string) => new TextEncoder().encode(string)
const nobody = '01990000-0000-7000-8000-000000000000'
const { novel } = await api.add(longStory(2, 30), 'story.txt')
const keepingAlive = new Agent({ keepAlive: true, maxSockets: 1 })
const incoming = () => readdir(join(here.data, 'incoming'))

async function refused(response: Response, status: number, code: string): Promise<string> {
  const told = failure.parse(await response.json())
  expect({ status: response.status, code: told.code, error: told.error }).toMatchObject({ status, code })
  expect(told.error).toMatch(/^[A-Z].*\.$/)
  expect(told.error).not.toMatch(/\/(tmp|home|work|src|node_modules)\/|\bat \w+ \(|undefined/)
  return told.error
}

test.for([
  ['JSON that is broken', '{"novelId": ', 400, 'request.invalid'],
  ['no JSON at all', '', 400, 'request.invalid'],
  ['a list', '[]', 400, 'request.invalid'],
  ['nothing that is asked for', '{}', 400, 'request.invalid'],
  ['an id that is none', '{"novelId": "7"}', 400, 'request.invalid'],
  ['a number as a voice', `{"novelId": "${novel.id}", "voice": 7}`, 400, 'request.invalid'],
  ['a speed beyond measure', `{"novelId": "${novel.id}", "speed": 9}`, 400, 'request.invalid'],
  ['a word that nobody knows', `{"novelId": "${novel.id}", "colour": "red"}`, 400, 'request.invalid'],
  ['a prototype', `{"novelId": "${novel.id}", "__proto__": {"a": 1}}`, 400, 'request.invalid'],
  ['an unknown novel', `{"novelId": "${nobody}"}`, 404, 'novel.unknown'],
  ['an unknown voice', `{"novelId": "${novel.id}", "voice": "odd:nobody"}`, 404, 'voice.unknown'],
] as const)('a generation request with %s is refused', async ([, body, status, code]) => {
  const path = '/api/worker/generate/all'
  await refused(await api.fetch(path, { method: 'POST', headers: json, body }), status, code)
})

test('unknown chapters are named in the error, and an empty list is refused', async () => {
  const ask = (body: object) => api.post('/api/worker/generate/batch', { novelId: novel.id, ...body })
  const unknown = await ask({ chapterNumbers: [1, 99] })
  const told = await refused(unknown, 404, 'chapter.unknown')
  expect(told).toContain('99')
  expect(told).toContain('2')
  await refused(await ask({ chapterNumbers: [] }), 400, 'request.invalid')
  await refused(await ask({ chapterNumbers: [1.5] }), 400, 'request.invalid')
  await refused(await ask({ chapterNumbers: Array(200_000).fill(1) }), 413, 'request.too-long')
  await refused(await ask({ chapterNumbers: Array(20_000).fill(1) }), 400, 'request.invalid')
})

test('what Node cannot read as a request is answered as every failure is: headers without end, and what is no HTTP', async () => {
  const sent = async (bytes: string): Promise<Response> => {
    const { hostname, port } = new URL(api.address)
    await using socket = connect(Number(port), hostname)
    socket.end(bytes)
    const [head = '', body] = (await socketText(socket)).split('\r\n\r\n')
    const [status, ...lines] = head.split('\r\n')
    const headers = lines.map((line): [string, string] => [
      line.split(': ', 1)[0]!,
      line.replace(/^.*?: /, ''),
    ])
    return new Response(body, { status: Number(status?.split(' ')[1]), headers })
  }
  const long = await sent(`GET /api/novels?search=${'a'.repeat(20_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
  expect(long.headers.get('x-content-type-options')).toBe('nosniff')
  await refused(long, 431, 'request.too-long')
  await refused(await sent('how are you?\r\n\r\n'), 400, 'request.invalid')
})

test('a body of another media type is 415, and the error names the accepted one', async () => {
  const headers = { 'content-type': 'application/xml' }
  const post = (path: string) => api.fetch(path, { method: 'POST', headers, body: '<novel/>' })
  expect(await refused(await post('/api/worker/generate/all'), 415, 'request.wrong-type')).toContain('JSON')
  expect(await refused(await post('/api/novels'), 415, 'request.wrong-type')).toContain('multipart')
})

test('an upload without a file, or with it in another field, gets an error that names the field', async () => {
  const empty = new FormData()
  empty.append('title', 'Only words')
  const other = new FormData()
  other.append('book', new Blob([longStory(5, 800)]), 'book.txt')
  for (const body of [empty, other]) {
    const response = await api.fetch('/api/novels', { method: 'POST', body })
    expect(await refused(response, 400, 'request.no-file')).toContain('"file"')
  }
  await refused(await api.post('/api/novels', { file: 'C:/book.epub' }), 400, 'request.no-file')
  expect(await incoming()).toEqual([])
})

test('a file that is too large is refused with the limit and its setting, and leaves no file', async () => {
  const response = await api.upload(text('So many words. '.repeat(100_000)), 'large.txt')
  const error = await refused(response, 413, 'request.too-large')
  expect(error).toMatch(/1 MB.*NIGHTJAR_UPLOAD_LIMIT/)
  expect(await incoming()).toEqual([])
})

test('an upload that is answered before its end holds up nothing that comes behind it on the same connection', async () => {
  using _ = { agent: keepingAlive, [Symbol.dispose]: () => keepingAlive.destroy() }
  const asked = (
    method: string,
    path: string,
    type?: string,
    body?: Uint8Array,
  ): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const headers = type === undefined ? {} : { 'content-type': type, 'content-length': body?.length }
      const sent = request(new URL(path, api.address), { agent: keepingAlive, method, headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode))
      })
      sent.on('error', reject).end(body)
    })
  for (const [field, bytes, status] of [
    ['book', 300_000, 400],
    ['file', 1_200_000, 413],
  ] as const) {
    const form = new FormData()
    form.append(field, new Blob(['x'.repeat(bytes)]), 'book.txt')
    const body = new Response(form)
    const type = body.headers.get('content-type') ?? ''
    expect(await asked('POST', '/api/novels', type, await body.bytes())).toBe(status)
    expect(await asked('GET', '/api/novels')).toBe(200)
  }
})

test('an upload that is cut off leaves no file', async () => {
  for (const end of ['destroy', 'end'] as const) {
    const asked = request(new URL('/api/novels', api.address), {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=xx', 'transfer-encoding': 'chunked' },
    })
    asked.on('error', () => undefined)
    const answered = new Promise<number | undefined>((resolve) => {
      asked.on('response', (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      asked.on('close', () => resolve(undefined))
    })
    asked.write('--xx\r\ncontent-disposition: form-data; name="file"; filename="cut.txt"\r\n\r\n')
    asked.write(`Chapter 1\n\n${'Half a book. '.repeat(2000)}`)
    await waitUntil(async () => (await incoming()).length > 0)
    asked[end]()
    expect(await answered).toBe(end === 'end' ? 400 : undefined)
    await waitUntil(async () => (await incoming()).length === 0)
  }
  const { novels } = await api.json<{ novels: unknown[] }>('/api/novels')
  expect(novels).toHaveLength(1)
})

test('the same file uploaded twice at once is one novel', async () => {
  const bytes = text('Chapter 1\n\nA book that two people bring at the same moment.')
  const responses = await Promise.all([1, 2, 3].map(() => api.upload(bytes, 'twins.txt')))
  expect(responses.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 200, 201])
  const ids = await Promise.all(
    responses.map(async (response) => ((await response.json()) as { novel: { id: string } }).novel.id),
  )
  expect(new Set(ids).size).toBe(1)
  expect((await api.fetch(`/api/novels/${ids[0]}?forever=true`, { method: 'DELETE' })).status).toBe(200)
  await refused(
    await api.fetch(`/api/novels/${ids[0]}?forever=true`, { method: 'DELETE' }),
    404,
    'novel.unknown',
  )
})

test.skipIf(inBucket)('a novel deleted while it is spoken leaves no rows, clips or files', async () => {
  // It shares no sentence with the other novel, whose clips would stay.
  const story = new TextDecoder().decode(longStory(1, 200)).replace('Chapter 1', 'Chapter 7')
  const { novel: doomed } = await api.add(text(story), 'doomed.txt')
  const progressId = await api.generate(doomed.id, undefined, sound)
  await api.until(progressId, ({ segmentsDone }) => segmentsDone > 2)
  expect((await api.fetch(`/api/novels/${doomed.id}?forever=true`, { method: 'DELETE' })).status).toBe(200)
  await refused(await api.fetch(`/api/worker/progress/${progressId}`), 404, 'generation.unknown')
  await refused(await api.fetch(`/api/novels/${doomed.id}/chapters/1`), 404, 'novel.unknown')
  const clips = async () => (await api.json<{ database: { clips: number } }>('/api/health')).database.clips
  await waitUntil(async () => (await clips()) === 0)
  // Segments that were in flight have finished by now, and their clips were discarded.
  await api.finished(await api.generate(novel.id, [1], sound))
  const { segmentsDone } = await api
    .json<{ novel: { segmentsDone: number } }>(`/api/novels/${novel.id}`)
    .then((answer) => answer.novel)
  // They are counted once a while.
  await waitUntil(async () => (await clips()) === segmentsDone)
  expect(await readdir(join(here.data, 'sources'))).toHaveLength(2)
})

test.skipIf(inBucket)(
  'a file uploaded again while its novel is being deleted becomes a complete novel',
  async () => {
    const bytes = text('Chapter 1\n\nA book that one person deletes and another one brings.')
    let { novel: current } = await api.add(bytes, 'crossed.txt')
    for (let round = 0; round < 5; round++) {
      const [, response] = await Promise.all([
        api.fetch(`/api/novels/${current.id}?forever=true`, { method: 'DELETE' }),
        api.upload(bytes, 'crossed.txt'),
      ])
      expect([200, 201]).toContain(response.status)
      current = (await api.add(bytes, 'crossed.txt')).novel
      expect(await readdir(join(here.data, 'sources'))).toHaveLength(4)
    }
    await api.fetch(`/api/novels/${current.id}?forever=true`, { method: 'DELETE' })
  },
)
