import { afterAll, expect, test } from 'vitest'
import type { Progress } from '../src/http/contract/generation-contract.ts'
import type { Novel, TrashedNovel } from '../src/http/contract/novel-contract.ts'
import { emptyOldTrash } from '../src/jobs/import/novel-trash.ts'
import { jpegCover } from './fixtures/cover.ts'
import { buildEpub } from './fixtures/epub.ts'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api, application } = here
const sound = { voice: 'odd:hum' }
const title = 'The Vanishing Lamp'

const book = buildEpub({
  title,
  pages: ['One', 'Two'].map((name) => ({
    name: `${name}.xhtml`,
    body: `<h1>${name}</h1><p>The lamp was lit in chapter ${name}. Nobody saw it.</p>`,
  })),
  nav: '<ol><li><a href="One.xhtml">One</a></li><li><a href="Two.xhtml">Two</a></li></ol>',
  manifest: '<item id="cover" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>',
  files: { 'OEBPS/cover.jpg': jpegCover },
})

interface Added {
  readonly webhook: { readonly id: string }
}

interface Seen {
  readonly status: number
  readonly text: string
}

/** What every GET address of the API says, asked for this novel and its generation, feed and chapters. */
async function everywhere(
  of: { readonly novelId: string; readonly progressId: string; readonly feed: string },
  skipped: readonly string[] = [],
): Promise<Map<string, Seen>> {
  const { paths } = await api.json<{ paths: Record<string, Record<string, unknown>> }>('/api/openapi.json')
  const values: Record<string, string> = {
    ...of,
    number: '1',
    chapterNumber: '1',
    index: '0',
    token: /\/feeds\/([^./]+)/.exec(of.feed)?.[1] ?? '',
    stem: '1',
  }
  const seen = new Map<string, Seen>()
  for (const [path, methods] of Object.entries(paths)) {
    if (!('get' in methods) || skipped.includes(path)) continue
    const filled = path.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
      name === 'id' && path.startsWith('/api/novels/') ? of.novelId : (values[name] ?? whole),
    )
    if (filled.includes('{')) continue
    const needed = /search|plan/.test(path) ? '?q=lamp&voice=odd:hum' : '?voice=odd:hum'
    const response = await api.fetch(filled + (path.startsWith('/api/novels/{id}/') ? needed : ''))
    seen.set(filled, { status: response.status, text: await response.text() })
  }
  return seen
}

/** The events that a new client of the event stream is sent first, without those that only say which novel has changed. */
async function firstEvents(): Promise<string> {
  const abort = new AbortController()
  const response = await api.fetch('/api/worker/events', { signal: abort.signal })
  const timer = setTimeout(() => abort.abort(), 800)
  let text = ''
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) text += chunk
  } catch {
    // The end of the look.
  }
  clearTimeout(timer)
  return text
    .split('\n\n')
    .filter((event) => !event.includes('\nevent: novel\n'))
    .join('\n\n')
}

async function trash(of: Api): Promise<readonly TrashedNovel[]> {
  return (await of.json<{ novels: TrashedNovel[] }>('/api/trash')).novels
}

test('a deleted novel is seen nowhere, and restored it has all that it had', async () => {
  const bytes = await book
  const { novel } = await api.add(bytes, 'lamp.epub')
  const path = `/api/novels/${novel.id}`
  const done = await api.generate(novel.id, [1], sound)
  await api.finished(done)
  const listened = { sitting: 'one', wallSeconds: 60, audioSeconds: 60 }
  for (const [at, body] of [
    ['position', { chapterNumber: 1, segment: 1, seconds: 0 }],
    [`bookmarks/${crypto.randomUUID()}`, { chapterNumber: 1, segment: 1, note: 'Here.' }],
    ['listened', { ...listened, day: new Date().toISOString().slice(0, 10) }],
  ] as const) {
    const init = {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
    expect((await api.fetch(`${path}/${at}`, init)).ok, at).toBe(true)
  }
  const hook = (await (await api.post('/api/webhooks', { url: 'http://127.0.0.1:9/' })).json()) as Added
  const events = `/api/webhooks/${hook.webhook.id}/deliveries`
  const { feed } = (await (await api.post(`${path}/feed`, {})).json()) as { feed: { address: string } }
  await api.finished(await api.generate(novel.id, [1], { ...sound, speed: 1.5 }))
  await waitUntil(async () => (await (await api.fetch(events)).text()).includes(novel.id))
  const progressId = await api.generate(novel.id, [2], sound)
  await api.post(`/api/worker/progress/${progressId}/pause`, {})
  // What speakers held then is counted in the views below.
  await waitUntil(() => application.dispatcher.segmentsInFlight().length === 0)
  const ids = { novelId: novel.id, progressId: done, feed: new URL(feed.address).pathname }
  const stream = '/api/worker/events'
  const views = async () => [
    await api.json<{ novel: Novel }>(path),
    await api.json<{ progress: Progress }>(`/api/worker/progress/${done}`),
    await api.json<{ progress: Progress }>(`/api/worker/progress/${progressId}`),
  ]
  const [before, viewsBefore] = [await everywhere(ids, [stream]), await views()]
  expect(before.get(`${path}/chapters/1/audio.m4a`)?.status).toBe(200)
  expect(before.get(ids.feed)?.status).toBe(200)
  expect(before.size).toBeGreaterThan(30)
  const lists = ['/api/novels', '/api/worker/queue', '/api/listener/bookmarks', '/api/listener/hours']
  for (const list of lists) expect(before.get(list)?.text, list).toContain(novel.id)
  expect([...before].some(([at, { text }]) => at.startsWith('/opds') && text.includes(novel.id))).toBe(true)

  expect((await api.fetch(path, { method: 'DELETE' })).status).toBe(200)
  const hidden = await everywhere(ids, [stream, '/api/trash'])
  for (const [address, { status, text }] of hidden) {
    for (const name of [title, novel.id, done, progressId]) {
      if (!address.includes(name)) expect(text, address).not.toContain(name)
    }
    if (address.includes(novel.id) || address.includes(done) || address.includes('/feeds/'))
      expect(status, address).toBe(404)
  }
  expect(await firstEvents()).not.toContain(novel.id)
  expect(await (await api.fetch(events)).text()).not.toContain(novel.id)
  for (const [verb, at] of [
    ['DELETE', path],
    ['POST', `/api/worker/progress/${progressId}/resume`],
  ] as const)
    expect((await api.fetch(at, { method: verb })).status, at).toBe(404)
  expect((await api.post('/api/worker/generate/all', { novelId: novel.id, ...sound })).status).toBe(404)
  const [kept] = await trash(api)
  expect(kept).toMatchObject({ id: novel.id, title, chapterCount: 2 })
  expect(kept!.bytes).toBeGreaterThan(1000)
  const days = (Date.parse(kept!.goneAt) - Date.parse(kept!.deletedAt)) / 86_400_000
  expect(days).toBe(30)

  expect((await api.post(`/api/trash/${novel.id}/restore`, {})).status).toBe(200)
  expect(await views()).toEqual(viewsBefore)
  const after = await everywhere(ids, [stream])
  // What is encoded on request may be done by now.
  const statuses = (seen: ReadonlyMap<string, Seen>) =>
    [...seen].map(([at, { status }]) => [at, status === 202 ? 200 : status])
  expect(statuses(after)).toEqual(statuses(before))
  expect((await api.post(`/api/trash/${novel.id}/restore`, {})).status).toBe(404)

  // The same file again brings it back, too.
  expect((await api.fetch(path, { method: 'DELETE' })).status).toBe(200)
  const again = await api.upload(bytes, 'other-name.epub')
  expect(again.status).toBe(200)
  expect(await again.json()).toMatchObject({ restored: true, novel: { id: novel.id } })
  expect(await views()).toEqual(viewsBefore)
  expect(await trash(api)).toEqual([])
})

test('what was being spoken stops, and goes on when its novel is restored; deleted for good, nothing is left', async () => {
  const { novel } = await api.add(longStory(2, 20), 'story.txt')
  const progressId = await api.generate(novel.id, undefined, sound)
  await api.until(progressId, ({ segmentsDone }) => segmentsDone > 3)
  const path = `/api/novels/${novel.id}`
  expect((await api.fetch(path, { method: 'DELETE' })).status).toBe(200)
  await waitUntil(() => application.dispatcher.segmentsInFlight().length === 0)
  const clips = async () => (await application.db.selectFrom('clips.clips').select('id').execute()).length
  const atRest = await clips()
  await emptyOldTrash(application, Date.now())
  application.deletions.work()
  expect((await api.post(`/api/trash/${novel.id}/restore`, {})).status).toBe(200)
  expect(await clips()).toBeGreaterThanOrEqual(atRest)
  const progress = await api.finished(progressId)
  expect(progress).toMatchObject({ status: 'completed', segmentsDone: progress.segmentsTotal })

  const rowsOf = async () => {
    const rows = application.db.selectFrom('novels').select('id').where('id', '=', novel.id)
    return (await rows.execute()).length
  }
  expect((await api.fetch(path, { method: 'DELETE' })).status).toBe(200)
  await emptyOldTrash(application, Date.now() + 31 * 86_400_000)
  await waitUntil(async () => (await rowsOf()) === 0)
  expect(await trash(api)).toEqual([])
  expect((await api.post(`/api/trash/${novel.id}/restore`, {})).status).toBe(404)

  const { novel: other } = await api.add(longStory(1, 3), 'other.txt')
  expect(other.id).not.toBe(novel.id)
  expect((await api.fetch(`/api/novels/${other.id}`, { method: 'DELETE' })).status).toBe(200)
  expect((await api.fetch(`/api/novels/${other.id}?forever=true`, { method: 'DELETE' })).status).toBe(200)
  expect(await trash(api)).toEqual([])
})
