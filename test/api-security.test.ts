import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { insertedStyles } from '../src/http/protocol/request-security.ts'
import { startApplication } from './program/in-process-application.ts'

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here
const page = existsSync(fileURLToPath(new URL('../dist/web/index.html', import.meta.url)))

interface OpenApi {
  readonly openapi: string
  readonly info: { readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary?: string }>>>>
}

test.for(['/api/health', '/api/nothing', '/api/worker/events', '/api/docs/', '/api/novels/%zz', '/'])(
  '%s answers with the headers that keep other pages out',
  async (path) => {
    const abort = new AbortController()
    const { headers } = await api.fetch(path, { signal: abort.signal })
    abort.abort()
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('content-security-policy')).toMatch(/default-src '(self|none)'/)
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('x-powered-by')).toBeNull()
  },
)

/** A request with headers that `fetch` does not allow to be set. */
function ask(path: string, headers: Record<string, string>, method = 'GET'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, api.address), { headers, method }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', reject)
    asked.end()
  })
}

test('requests of a page of another origin are refused, those of the own page and of programs are not', async () => {
  const own = new URL(api.address)
  for (const [headers, status] of [
    [{ origin: 'https://elsewhere.example' }, 403],
    [{ origin: `http://${own.hostname}:1` }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
    [{ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, 403],
    [{ origin: own.origin }, 200],
    [{ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }, 200],
    [{ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, 200],
    [{}, 200],
  ] as const) {
    expect(await ask('/api/novels', headers), JSON.stringify(headers)).toBe(status)
  }
})

test('another origin cannot modify anything, not even by a form', async () => {
  const form = { origin: 'https://elsewhere.example', 'content-type': 'text/plain' }
  for (const [method, path] of [
    ['POST', '/api/worker/generate/all'],
    ['POST', '/api/novels'],
    ['DELETE', '/api/novels/01990000-0000-7000-8000-000000000000'],
    ['OPTIONS', '/api/novels'],
  ] as const) {
    expect(await ask(path, form, method), `${method} ${path}`).toBe(403)
  }
})

test('the OpenAPI document lists every route of the API', async () => {
  const { openapi, info, paths } = await api.json<OpenApi>('/api/openapi.json')
  expect(openapi).toMatch(/^3\.1/)
  expect(info.version).toMatch(/^\d+\.\d+\.\d+/)
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
  const chapter = '/api/novels/{id}/chapters/{number}'
  expect(described).toEqual(
    expect.arrayContaining([
      'post /api/novels',
      'get /api/novels',
      'get /api/novels/{id}',
      'patch /api/novels/{id}',
      'delete /api/novels/{id}',
      'get /api/novels/{id}/cover',
      'get /api/novels/{id}/chapters/{number}/images/{name}',
      'get /api/novels/{id}/anchors/{anchor}',
      'put /api/novels/{id}/position',
      'get /api/novels/{id}/position',
      'put /api/novels/{id}/heard',
      'get /api/novels/{id}/heard',
      'get /api/novels/{id}/search',
      'post /api/novels/{id}/heard/marks',
      'put /api/novels/{id}/heard/marks',
      'put /api/novels/{id}/bookmarks/{bookmarkId}',
      'get /api/novels/{id}/spots',
      'put /api/novels/{id}/spots/{spotId}',
      'post /api/novels/{id}/spots/{spotId}/retake',
      'post /api/novels/{id}/spots/{spotId}/undo',
      'get /api/novels/{id}/spots/{spotId}/audio.m4a',
      'delete /api/novels/{id}/bookmarks/{bookmarkId}',
      'get /api/novels/{id}/bookmarks',
      'get /api/novels/{id}/bookmarks.md',
      'get /api/listener/bookmarks',
      'get /api/listener/bookmarks.md',
      'put /api/novels/{id}/listened',
      'get /api/listener/begun',
      'put /api/novels/{id}/begun',
      'post /api/removals/{id}/undo',
      'get /api/listener/hours',
      'get /api/pronunciation',
      'get /api/listener/settings',
      'patch /api/listener/settings',
      'get /api/novels/{id}/settings',
      'patch /api/novels/{id}/settings',
      `get ${chapter}`,
      `get ${chapter}/audio.m4a`,
      `get ${chapter}/timeline`,
      `get ${chapter}/words`,
      `get ${chapter}/init.mp4`,
      `get ${chapter}/segments/{index}.m4s`,
      'get /api/voices',
      'post /api/voices/{id}/sample',
      'post /api/worker/generate/chapter',
      'post /api/worker/generate/batch',
      'post /api/worker/generate/all',
      'post /api/novels/{id}/plan',
      ...['put', 'get', 'delete'].map((method) => `${method} /api/novels/{id}/ahead`),
      'get /api/novels/{id}/review',
      'get /api/novels/{id}/cast',
      'put /api/novels/{id}/cast',
      ...['analysis', 'questions', 'questions/stop', 'plan', 'apply', 'undo', 'redo'].map(
        (verb) => `post /api/novels/{id}/cast/${verb}`,
      ),
      'get /api/novels/{id}/cast/chapters/{number}',
      'put /api/novels/{id}/cast/chapters/{number}',
      'put /api/novels/{id}/cast/sentences/{sentence}',
      'put /api/novels/{id}/chapters/{number}/segments/{index}/voice',
      'get /api/novels/{id}/lexicon',
      ...['entries', 'plan', 'hear', 'undo', 'redo', 'apply'].map(
        (verb) => `post /api/novels/{id}/lexicon/${verb}`,
      ),
      'get /api/novels/{id}/lexicon.pls',
      'post /api/novels/{id}/lexicon.pls',
      'get /api/novels/{id}/names',
      'put /api/novels/{id}/names/fine',
      'get /api/novels/{id}/versions',
      ...['get', 'delete'].map((method) => `${method} /api/novels/{id}/versions/{versionId}`),
      ...['take', 'separate'].map((verb) => `post /api/novels/{id}/versions/{versionId}/${verb}`),
      'get /api/novels/{id}/coverage',
      'get /api/novels/{id}/skips',
      'post /api/novels/{id}/edits',
      'get /api/novels/{id}/headings',
      'post /api/novels/{id}/headings/outline',
      'post /api/novels/{id}/headings/preview',
      ...['preview', 'undo', 'redo'].map((verb) => `post /api/novels/{id}/edits/${verb}`),
      'get /api/worker/progress/{progressId}',
      ...['pause', 'resume', 'cancel', 'retry'].map(
        (verb) => `post /api/worker/progress/{progressId}/${verb}`,
      ),
      'put /api/worker/progress/{progressId}/place',
      'get /api/worker/status/{novelId}/{chapterNumber}',
      'get /api/worker/queue',
      'get /api/worker/events',
      'get /api/machines',
      'delete /api/machines/{id}',
      'post /api/machines/{id}/drain',
      'post /api/machines/{id}/resume',
      ...['get', 'post'].map((method) => `${method} /api/imports`),
      ...['get', 'delete'].map((method) => `${method} /api/imports/{id}`),
      'put /api/imports/{id}/files/{fileId}',
      'get /api/imports/{id}/report.md',
      'post /api/imports/{id}/retry',
      'get /api/inbox',
      'post /api/inbox/retry',
      'get /api/chat-model',
      'patch /api/chat-model',
      'post /api/chat-model/test',
      'get /api/opds-sources',
      'post /api/opds-sources',
      'patch /api/opds-sources/{id}',
      'delete /api/opds-sources/{id}',
      'get /api/opds-sources/{id}/page',
      'post /api/opds-sources/{id}/fetches',
      'get /api/opds-fetches',
      'post /api/opds-fetches/{fetchId}/retry',
      'delete /api/opds-fetches/{fetchId}',
      'get /api/trash',
      'post /api/trash/{id}/restore',
      'get /api/webhooks',
      'post /api/webhooks',
      'patch /api/webhooks/{id}',
      'delete /api/webhooks/{id}',
      'post /api/webhooks/{id}/secret',
      'post /api/webhooks/{id}/test',
      'get /api/webhooks/{id}/deliveries',
      'post /api/webhooks/{id}/deliveries/{deliveryId}/send',
      'get /api/health',
      'get /livez',
      'get /metrics',
      'get /readyz',
    ]),
  )
  for (const methods of Object.values(paths)) {
    for (const { summary } of Object.values(methods)) expect(summary).toBeTruthy()
  }
})

test('every reference in the OpenAPI document resolves', async () => {
  const text = await (await api.fetch('/api/openapi.json')).text()
  const description: unknown = JSON.parse(text)
  for (const [, reference = ''] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
    expect(reference).toMatch(/^#\//)
    const found = reference
      .slice(2)
      .split('/')
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], description)
    expect(found, reference).toBeDefined()
  }
})

test('the style elements that are allowed by their hashes are those that React Aria inserts', () => {
  const sources = ['interactions/usePress.mjs', 'overlays/usePreventScroll.mjs'].map((file) =>
    readFileSync(new URL(`../node_modules/react-aria/dist/private/${file}`, import.meta.url), 'utf8'),
  )
  const inserted = sources.flatMap((source) => {
    const attribute = /_ATTRIBUTE = '([\w-]+)'/.exec(source)?.[1] ?? ''
    return [...source.matchAll(/textContent = `([^`]*)`/g)].map(([, text = '']) =>
      text.replace(/\$\{[^}]*_ATTRIBUTE\}/, attribute).trim(),
    )
  })
  expect(insertedStyles).toEqual(inserted)
})

test('the page that documents the API loads from this server alone, within its own policy', async () => {
  const docs = await api.fetch('/api/docs/')
  expect(docs.status).toBe(200)
  const html = await docs.text()
  const policy = docs.headers.get('content-security-policy') ?? ''
  expect(policy).not.toContain('unsafe')
  expect([...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([^<]*)/g)]).toEqual([])
  expect(html).not.toMatch(/<style|style="/)
  const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address)
  expect(assets.length).toBeGreaterThan(2)
  for (const asset of assets) {
    const response = await api.fetch(new URL(asset, new URL('/api/docs/', api.address)).href)
    expect(response.url.startsWith(api.address), asset).toBe(true)
    expect(response.status, asset).toBe(200)
    await response.arrayBuffer()
  }
})

test('an unknown path below /api/ is a failure in JSON, also for a browser', async () => {
  const response = await api.fetch('/api/nowhere', { headers: { accept: 'text/html' } })
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ success: false, code: 'request.not-found' })
})

test.skipIf(!page)('any other path is the page, for a browser (needs the built page)', async () => {
  for (const path of ['/', '/novels/123', '/generations/abc']) {
    const response = await api.fetch(path, { headers: { accept: 'text/html' } })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(response.headers.get('cache-control')).toBe('no-cache')
  }
  const index = await (await api.fetch('/', { headers: { accept: 'text/html' } })).text()
  const script = /<script[^>]*src="([^"]+)"/.exec(index)?.[1] ?? ''
  const asset = await api.fetch(script)
  expect(asset.status).toBe(200)
  expect(asset.headers.get('cache-control')).toContain('immutable')
  const missing = await api.fetch('/assets/nothing.js', { headers: { accept: '*/*' } })
  expect(missing.status).toBe(404)
})
