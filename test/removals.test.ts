import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import type { Database } from '../src/storage/database-tables.ts'
import { addFeed } from '../src/storage/queries/export-queries.ts'
import { longStory } from './fixtures/long-story.ts'
import { insertSmallNovel } from './fixtures/small-novel.ts'
import { startApplication } from './program/in-process-application.ts'
import { openTestStorage } from './program/open-storage.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

const here = await startApplication({ work: false })
afterAll(() => here[Symbol.asyncDispose]())
const { api, application } = here

const tables = [
  'feeds',
  'webhooks',
  'webhookDeliveries',
  'speechServers',
  'speechServerUse',
  'opdsSources',
  'opdsFetches',
] as const

async function contentOf(db: Database) {
  const rows = tables.map(async (table) => (await sql`SELECT * FROM ${sql.table(table)}`.execute(db)).rows)
  return await Promise.all(rows)
}

async function remove(path: string): Promise<string> {
  const response = await api.fetch(path, { method: 'DELETE' })
  expect(response.status).toBe(200)
  return ((await response.json()) as { removal: string }).removal
}

const undo = (id: string) => api.post(`/api/removals/${id}/undo`, {})

test('a feed, a webhook, a speech server and a catalogue come back exactly as they were, with their secrets and their log', async () => {
  const { novel } = await api.add(longStory(1, 3), 'fed.txt')
  const post = async <T>(path: string, body: object) => (await (await api.post(path, body)).json()) as T
  const { feed } = await post<{ feed: { address: string } }>(`/api/novels/${novel.id}/feed`, {})
  // Nobody listens there, so the trial stays in the log as it is.
  const { webhook } = await post<{ webhook: { id: string } }>('/api/webhooks', { url: 'http://127.0.0.1:9/' })
  await api.post(`/api/webhooks/${webhook.id}/test`, {})
  await api.fetch(`/api/webhooks/${webhook.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ active: false }),
  })
  const wanted = { title: 'Desk', address: 'http://127.0.0.1:9/v1', key: 'sk-1', voices: ['anna'] }
  const { server } = await post<{ server: { name: string } }>('/api/speech-servers', wanted)
  await application.db
    .insertInto('speechServerUse')
    .values({ server: server.name, month: new Date().toISOString().slice(0, 7), characters: 77 })
    .execute()
  const source = '019ad000-0000-7000-8000-000000000001'
  const createdAt = new Date().toISOString()
  await application.db
    .insertInto('opdsSources')
    .values({
      id: source,
      title: 'Box',
      address: 'http://127.0.0.1:9/opds',
      user: 'me',
      password: 'pw',
      createdAt,
    })
    .execute()
  await application.db
    .insertInto('opdsFetches')
    .values({
      id: '019ad000-0000-7000-8000-000000000002',
      source,
      address: 'http://127.0.0.1:9/1.epub',
      title: 'One',
      author: '',
      type: '',
      state: 'imported',
      novelId: novel.id,
      outcome: 'added',
      createdAt,
    })
    .execute()
  const before = await contentOf(application.db)
  for (const rows of before) expect(rows.length).toBeGreaterThan(0)

  const paths = [
    `/api/novels/${novel.id}/feed`,
    `/api/webhooks/${webhook.id}`,
    `/api/speech-servers/${server.name}`,
    `/api/opds-sources/${source}`,
  ]
  const removals: string[] = []
  for (const path of paths) removals.push(await remove(path))
  expect((await fetch(feed.address)).status).toBe(404)
  expect(await contentOf(application.db)).toEqual(tables.map(() => []))
  for (const removal of removals) expect((await undo(removal)).status).toBe(200)
  expect(await contentOf(application.db)).toEqual(before)
  expect((await fetch(feed.address)).status).toBe(200)
  const { servers } = await api.json<{ servers: unknown[] }>('/api/speech-servers')
  expect(servers).toMatchObject([{ name: server.name, hasKey: true, charactersThisMonth: 77 }])
  const voices = await api.json<{ voices: { id: string }[] }>('/api/voices')
  expect(voices.voices.map(({ id }) => id)).toContain(`server:${server.name}:anna`)
  for (const removal of removals) expect((await undo(removal)).status).toBe(404)

  // What has another in its place stays away; what is older than an hour is kept no longer.
  const revoked = await remove(paths[0]!)
  await api.post(paths[0]!, {})
  expect(await (await undo(revoked)).json()).toMatchObject({ code: 'removal.replaced' })
  const old = await remove(paths[1]!)
  const removedAt = new Date(Date.now() - 3_700_000).toISOString()
  await application.db.updateTable('removals').set({ removedAt }).execute()
  expect((await undo(old)).status).toBe(404)
  expect(await application.db.selectFrom('removals').selectAll().execute()).toEqual([])
})

test('what is removed is there or can be brought back, whenever its process is killed', async () => {
  await using folder = await temporaryFolder()
  const program = fileURLToPath(new URL('./program/removal-process.ts', import.meta.url))
  const made = await openTestStorage(folder.path)
  const novelId = await insertSmallNovel(made, [['One.']])
  await addFeed(made, { listener: 'home', novelId })
  const [[feed] = []] = await contentOf(made)
  await made.destroy()
  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, [program, folder.path, `home ${novelId}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let told = ''
    child.stdout.on('data', (chunk) => (told += String(chunk)))
    while (told.length < 8 + round) await once(child.stdout, 'data')
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
    const db = await openTestStorage(folder.path)
    const [feeds = []] = await contentOf(db)
    const removals = await db.selectFrom('removals').selectAll().execute()
    expect(feeds.length + removals.length).toBe(1)
    if (feeds.length > 0) expect(feeds).toEqual([feed])
    await db.destroy()
  }
})

/**
 * Every deletion of the API, and what the page does so that nothing is lost by one press: an undo beside it, or a question
 * that says that there is none.
 */
const deletions: Readonly<Record<string, { readonly page: string; readonly says: RegExp }>> = {
  '/api/novels/{id}': { page: 'shelf/shelf-page.tsx', says: /offerRestore\(/ },
  '/api/novels/{id}?forever=true': { page: 'settings/trash.tsx', says: /This cannot be undone\./ },
  '/api/novels/{id}/bookmarks/{bookmarkId}': { page: 'listener/bookmarks-page.tsx', says: /offerUndo\(/ },
  '/api/imports/{id}': {
    page: 'imports/import-list.tsx',
    says: /<LateConfirm[^]*the list cannot be brought\s+back/,
  },
  '/api/novels/{id}/versions/{versionId}': {
    page: 'versions/version-page.tsx',
    says: /<Confirm[^]*This cannot be undone/,
  },
  '/api/novels/{id}/feed': { page: 'novel/take-podcast.tsx', says: /offerBack\(/ },
  '/api/webhooks/{id}': { page: 'settings/webhook-line.tsx', says: /offerBack\(/ },
  '/api/speech-servers/{name}': { page: 'voices/speech-server.tsx', says: /offerBack\(/ },
  '/api/opds-sources/{id}': { page: 'catalogues/catalogues.tsx', says: /offerBack\(/ },
  '/api/voices/{id}': { page: 'voices/remove-voice.tsx', says: /<Confirm[^]*this cannot be undone/ },
  '/api/machines/{id}': {
    page: 'machines/speaker-machine.tsx',
    says: /<Confirm[^]*This\s+cannot\s+be\s+undone/,
  },
  '/api/accounts/people/{id}': {
    page: 'account/person-line.tsx',
    says: /<Confirm[^]*This\s+cannot\s+be\s+undone/,
  },
  '/api/accounts/tokens/{id}': {
    page: 'account/tokens.tsx',
    says: /<Confirm[^]*It\s+cannot\s+be\s+brought\s+back/,
  },
  '/api/accounts/provider/connect': {
    page: 'account/provider.tsx',
    says: /<Confirm[^]*sign in with your password from then on/,
  },
  // What is no DELETE, and yet takes something away.
  '/api/webhooks/{id}/secret': {
    page: 'settings/webhook-line.tsx',
    says: /<Confirm[^]*new one\. This cannot be undone\./,
  },
  '/api/worker/progress/{progressId}/cancel': {
    page: 'generation/generation-controls.tsx',
    says: /<Confirm[^]*unless you ask for it again/,
  },
  '/api/novels/{id}/heard/marks': { page: 'listener/heard-marks.ts', says: /offerUndo\(/ },
  '/api/novels/{id}/begun': { page: 'listener/begun.ts', says: /offerUndo\(/ },
}

/** What can be had again at once: a wish that the same request brings back, another invitation, signing in again. */
const hadAgain = [
  '/api/novels/{id}/ahead',
  '/api/opds-fetches/{fetchId}',
  '/api/accounts/invitations/{id}',
  '/api/accounts/people/{id}/sessions',
  '/api/accounts/sessions',
  '/api/accounts/sessions/{id}',
]

test('every deletion has an undo beside it, or a question that says that it cannot be undone', async () => {
  const { paths } = await api.json<{ paths: Record<string, Record<string, unknown>> }>('/api/openapi.json')
  const speakers = /^\/api\/speakers\//
  const found = Object.entries(paths).flatMap(([path, verbs]) => (verbs['delete'] ? [path] : []))
  expect(found.length).toBeGreaterThan(6)
  const listed = [...Object.keys(deletions), ...hadAgain]
  for (const path of found) if (!speakers.test(path)) expect(listed).toContain(path)
  for (const [path, { page, says }] of Object.entries(deletions))
    expect(readFileSync(new URL(`../web/${page}`, import.meta.url), 'utf8'), path).toMatch(says)
})
