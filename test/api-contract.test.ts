import { request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { longStory } from './fixtures/long-story.ts'
import { startApplication } from './program/in-process-application.ts'

// The OpenAPI document matches the server; test/long/schemathesis.test.ts tests every operation.

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here
const { novel } = await api.add(longStory(2, 3), 'small.txt')
await api.finished(await api.generate(novel.id, undefined, { voice: 'odd:hum' }))
const path = `/api/novels/${novel.id}`

interface Described {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly responses: Readonly<Record<string, { readonly content?: object }>>
            readonly requestBody?: {
              readonly required?: boolean
              readonly content: Readonly<Record<string, { readonly schema: object }>>
            }
          }
        >
      >
    >
  >
}
const { paths } = await api.json<Described>('/api/openapi.json')

/** A request with a method or headers that `fetch` does not send. */
function ask(method: string, target: string, headers: Record<string, string> = {}, body = '') {
  return new Promise<{ status: number | undefined; allow: string | undefined; code: unknown }>(
    (resolve, reject) => {
      const asked = request(new URL(target, api.address), { method, headers }, (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        answer.on('end', () => {
          const { code } = (text.startsWith('{') ? JSON.parse(text) : {}) as { code?: unknown }
          resolve({ status: answer.statusCode, allow: answer.headers.allow, code })
        })
      })
      asked.on('error', reject)
      asked.end(body)
    },
  )
}

test('every operation documents its failures, and its media type if it sends a file', () => {
  for (const [address, methods] of Object.entries(paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      const statuses = Object.keys(responses).map((status) => status.toLowerCase())
      expect(statuses, `${method} ${address}`).toEqual(expect.arrayContaining(['4xx', '5xx']))
    }
  }
  const audio = paths['/api/novels/{id}/chapters/{number}/audio.mp3']?.['get']?.responses ?? {}
  expect(Object.keys(audio)).toEqual(expect.arrayContaining(['200', '202', '206', '304']))
  expect(Object.keys(audio['200']?.content ?? {})).toEqual(['audio/mpeg'])
})

test.for([
  ['/api/novels', 'file', ['file']],
  // Of a voice of Kokoro, the table of styles alone.
  ['/api/voices/files', 'model', undefined],
] as const)(
  '%s documents its upload and refuses a body without parts',
  async ([address, field, required]) => {
    const schema = paths[address]?.['post']?.requestBody?.content['multipart/form-data']?.schema
    expect(schema).toMatchObject({
      ...(required && { required }),
      properties: { [field]: { format: 'binary' } },
    })
    for (const [type, body] of [
      ['multipart/form-data', ''],
      ['multipart/form-data; boundary=', ''],
      ['multipart/form-data; boundary=b', '--b\r\n-65141--b--\r\n'],
      ['multipart/form-data; boundary=b', ''],
    ] as const) {
      const { status } = await ask('POST', address, { 'content-type': type }, body)
      expect(status, `${type} ${body}`).toBe(400)
    }
  },
)

test('an unsupported method is 405 with the supported ones in Allow', async () => {
  for (const [method, address, allow] of [
    ['POST', path, 'DELETE, GET, HEAD, PATCH'],
    ['QUERY', '/api/novels', 'GET, HEAD, POST'],
    ['OPTIONS', '/api/voices/files', 'POST'],
    ['PATCH', '/api/novels/address', 'POST'],
    ['DELETE', '/api/novels/address', 'POST'],
    ['DELETE', `${path}/chapters/1/audio.m4a?speed=1`, 'GET, HEAD'],
    ['PUT', '/opds/v2', 'GET, HEAD'],
  ] as const) {
    expect(await ask(method, address), `${method} ${address}`).toEqual({
      status: 405,
      allow,
      code: 'request.wrong-method',
    })
  }
  // The speech API answers in OpenAI's format.
  expect(await ask('GET', '/v1/audio/speech')).toMatchObject({ status: 405, allow: 'POST' })
  expect(await ask('POST', '/api/nowhere')).toMatchObject({ status: 404, allow: undefined })
})

test('an unknown feed token of any length is 404, never the page', async () => {
  for (const length of [5, 101, 299, 400, 4000]) {
    for (const rest of ['.xml', '/cover', '/chapters/1.m4a']) {
      const { status, code } = await ask('GET', `/feeds/${'x'.repeat(length)}${rest}`, {
        accept: 'text/html',
      })
      expect([status, typeof code], `${length}${rest}`).toEqual([404, 'string'])
    }
  }
})

test('a required body must be sent, and an optional one is documented as optional', async () => {
  const sample = paths['/api/voices/{id}/sample']?.['post']?.requestBody
  expect(sample?.required).toBe(false)
  expect(await ask('POST', '/api/voices/odd:hum/sample')).toMatchObject({ status: 200 })
  expect(paths['/api/novels/{id}']?.['patch']?.requestBody?.required).toBe(true)
  expect(await ask('PATCH', path)).toMatchObject({ status: 400 })
})

test('the documented patterns of a title and of a server address are those that the server accepts', async () => {
  const { schema } = paths['/api/speech-servers']?.['post']?.requestBody?.content['application/json'] ?? {}
  const { title, address } = (
    schema as { properties: Record<string, { pattern: string; maxLength: number }> }
  ).properties
  const servers = async (body: object) =>
    (await api.post('/api/speech-servers', { voices: ['x'], ...body })).status
  for (const [value, field] of [
    [' ', title],
    ['ftp://desk', address],
    ['http://desk?x', address],
    ['desk', address],
  ] as const) {
    expect(new RegExp(field?.pattern ?? '').test(value), value).toBe(false)
    const body =
      field === title ? { title: value, address: 'http://desk' } : { title: 'Desk', address: value }
    expect(await servers(body), value).toBe(400)
  }
})

test('a request whose If-Match does not match changes nothing', async () => {
  const seen = async () => (await api.fetch(path)).headers.get('etag') ?? ''
  const json = { 'content-type': 'application/json' }
  const patch = (etag: string, title: string) =>
    ask('PATCH', path, { ...json, 'if-match': etag }, JSON.stringify({ title }))
  const first = await seen()
  expect(first).toMatch(/^"/)
  expect(await patch(first, 'One')).toMatchObject({ status: 200 })
  expect(await patch(first, 'Two')).toEqual({
    status: 412,
    allow: undefined,
    code: 'request.changed-meanwhile',
  })
  expect(await patch('W/"weak"', 'Two')).toMatchObject({ status: 412 })
  expect(await patch('*', 'Three')).toMatchObject({ status: 200 })
  expect(await ask('DELETE', path, { 'if-match': first })).toMatchObject({ status: 412 })
  expect((await api.json<{ novel: { title: string } }>(path)).novel.title).toBe('Three')

  const sound = `${path}/chapters/1/audio.m4a?voice=odd:hum`
  const etag = (await api.fetch(sound, { method: 'HEAD' })).headers.get('etag') ?? ''
  const part = async (tag: string) => {
    const answer = await api.fetch(sound, { headers: { range: 'bytes=0-9', 'if-match': tag } })
    return [answer.status, (await answer.arrayBuffer()).byteLength === 10]
  }
  expect(await part(etag)).toEqual([206, true])
  expect(await part('"other"')).toEqual([412, false])

  // If-Match is evaluated before If-None-Match.
  for (const address of [path, sound, '/opds']) {
    const tag = (await api.fetch(address)).headers.get('etag') ?? ''
    const status = async (wanted: string) =>
      (await api.fetch(address, { headers: { 'if-none-match': tag, 'if-match': wanted } })).status
    expect([address, await status(tag), await status('"other"')]).toEqual([address, 304, 412])
  }

  // The refusal is not compressed and has no headers of the discarded response.
  for (const encoding of ['br', 'gzip']) {
    const headers = { 'if-match': '"other"', 'accept-encoding': encoding }
    const refused = await api.fetch('/api/openapi.json', { headers })
    expect([refused.status, refused.headers.get('content-encoding')]).toEqual([412, null])
    expect(await refused.json()).toMatchObject({ code: 'request.changed-meanwhile' })
  }
})

test('a failure adds no more listeners to its response than Node allows without a warning', async () => {
  const warnings: Error[] = []
  const note = (warning: Error) => void warnings.push(warning)
  process.on('warning', note)
  const body = JSON.stringify({ model: 'nightjar', voice: 'odd:hum', input: '…' })
  for (const path of ['/v1/audio/speech', '/api/worker/generate/all', '/api/novels']) {
    const response = await api.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect([response.status, await response.json()]).toEqual([400, expect.anything()])
  }
  // Warnings are emitted in the next turn of the event loop.
  await wait(10)
  process.off('warning', note)
  expect(warnings).toEqual([])
})
