import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createToken } from '../src/accounts/access-tokens.ts'
import { routeKinds } from '../src/http/access/route-access.ts'
import type { Role } from '../src/novel/person.ts'
import { keptBy } from '../src/storage/queries/kept-novel-queries.ts'
import { saveImportOutcome } from '../src/storage/queries/import-queries.ts'
import { insertSmallNovel } from './fixtures/small-novel.ts'
import { Browser } from './program/account-browser.ts'
import type { AddedNovel } from './program/api-client.ts'
import { enteredPerson } from './program/entered-person.ts'
import { beginImport, importDone, sendFile } from './program/import-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'
import { WebhookReceiver } from './program/webhook-receiver.ts'

// Novels that somebody keeps to themselves: every route of the table, asked by others.

const audiobookshelf = await temporaryFolder()
const receiver = await WebhookReceiver.start()
const here = await startApplication({
  settings: { NIGHTJAR_AUTH: 'accounts', NIGHTJAR_AUDIOBOOKSHELF: audiobookshelf.path },
})
afterAll(async () => {
  await here[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
  await audiobookshelf[Symbol.asyncDispose]()
})
const { db } = here.application

const title = 'The Hidden Diary'
/** `what`: makes it another book. */
const book = (what: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(
    `${title}\n\n\nChapter 1\n\nThe ${what} was read by one alone, late in the evening, when the house was quiet. ` +
      `Nobody else knew where the ${what} was kept, and nobody asked for it. ` +
      `She put the ${what} back behind the others before they came home.\n`,
  )

const people = new Map<string, { browser: Browser; id: string; listener: string }>()

async function enter(name: string, role: Role): Promise<Browser> {
  const { browser, person } = await enteredPerson(here, name, role)
  people.set(name, { browser, id: person.id, listener: person.listener })
  return browser
}

const root = await enter('Root', 'admin')
const ada = await enter('Ada', 'editor')
const ben = await enter('Ben', 'editor')
const cy = await enter('Cy', 'listener')
const { secret } = await createToken(db, { name: 'of the house', scopes: ['admin', 'listen'] })
const program = new Browser(here.api.address)
const asProgram = (path: string, init: RequestInit = {}): Promise<Response> =>
  program.fetch(path, {
    ...init,
    headers: { ...Object.fromEntries(new Headers(init.headers)), authorization: `Bearer ${secret}` },
  })

let kept: AddedNovel
let progressId = ''

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code?: string }).code ?? ''
}

async function addKept(by: Browser, name: string): Promise<AddedNovel> {
  const form = new FormData()
  form.append('file', new Blob([book(name)]), `${name}.txt`)
  const response = await by.fetch('/api/novels?kept=true&separate=true', { method: 'POST', body: form })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as AddedNovel
}

beforeAll(async () => {
  expect((await root.post('/api/webhooks', { url: receiver.url() })).status).toBe(201)
  kept = await addKept(ada, 'letter')
  const asked = await ada.post('/api/worker/generate/all', { novelId: kept.novel.id })
  if (!asked.ok) throw new Error(await asked.text())
  progressId = ((await asked.json()) as { progressId: string }).progressId
  await waitUntil(async () => {
    const { progress } = await ada.json<{ progress: { status: string } }>(
      `/api/worker/progress/${progressId}`,
    )
    return progress.status === 'completed'
  })
})

test('its keeper sees it everywhere, and nobody else anywhere', async () => {
  const { id } = kept.novel
  expect(await ada.json(`/api/novels/${id}`)).toMatchObject({ novel: { kept: true, mayKeep: true, title } })
  const unknown = '01990000-0000-7000-8000-000000000000'
  /** Of a route with this id in it, as far as it does not tell of the id itself. */
  const answer = async (ask: typeof asProgram, route: string, novelId: string, generation: string) => {
    const [method = '', pattern = ''] = route.split(' ')
    const url = pattern
      .replace(/(?<=novels\/|trash\/):id/, novelId)
      .replace(':novelId', novelId)
      .replace(':progressId', generation)
      .replaceAll(/:(number|index|chapterNumber)\b/g, '1')
      .replaceAll(/:\w+/g, unknown)
    const body = /generate\//.test(url)
      ? { novelId, chapterNumber: 1, chapterNumbers: [1] }
      : method === 'GET' || method === 'DELETE'
        ? undefined
        : {}
    const init: RequestInit = body
      ? { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      : { method }
    const response = await ask(url, init)
    const text = await response.text()
    return { status: response.status, text: text.replaceAll(novelId, '').replaceAll(generation, '') }
  }
  const named = [...routeKinds.keys()].filter((route) =>
    /\/(novels|trash)\/:id|:novelId|:progressId|\/generate\//.test(route),
  )
  expect(named.length).toBeGreaterThan(90)
  const askers = [
    ['Root', (path: string, init?: RequestInit) => root.fetch(path, init)],
    ['Ben', (path: string, init?: RequestInit) => ben.fetch(path, init)],
    ['a token of the house', asProgram],
  ] as const
  for (const [who, ask] of askers) {
    const told: string[] = []
    for (const route of named) {
      const of = await answer(ask, route, id, progressId)
      const ofNone = await answer(ask, route, unknown, unknown)
      if (JSON.stringify(of) !== JSON.stringify(ofNone))
        told.push(`${route}: ${JSON.stringify(of)} ${JSON.stringify(ofNone)}`)
    }
    expect(told, who).toEqual([])
  }
  // It is as it was.
  expect(await ada.json(`/api/novels/${id}`)).toMatchObject({
    novel: { title, segmentsDone: kept.novel.segmentsTotal },
  })

  const lists = [...routeKinds].flatMap(([route, kind]) =>
    route.startsWith('GET ') &&
    !route.includes(':') &&
    !route.includes('*') &&
    kind !== 'public' &&
    !route.endsWith('/events')
      ? [route.slice('GET '.length)]
      : [],
  )
  expect(lists.length).toBeGreaterThan(30)
  const seen = async (ask: typeof asProgram): Promise<string[]> => {
    const found: string[] = []
    for (const path of [...lists, '/api/novels?search=hidden', '/opds/novels?query=diary']) {
      const text = await (await ask(path)).text()
      if (text.includes(title) || text.includes(id) || text.includes(progressId)) found.push(path)
    }
    return found
  }
  for (const [who, ask] of askers) expect(await seen(ask), who).toEqual([])
  expect(await seen((path) => cy.fetch(path))).toEqual([])
  const own = await seen((path) => ada.fetch(path))
  for (const path of [
    '/api/novels',
    '/opds/novels',
    '/opds/v2/new',
    '/api/worker/queue',
    '/api/novels?search=hidden',
  ])
    expect(own).toContain(path)
})

test('neither webhooks nor the folder of audiobookshelf are told of it', async () => {
  const text = `The Open Ledger\n\n\nChapter 1\n\nEverybody wrote in it, and said so when they came home in the evening.\n`
  const { novel } = await ben.add(new TextEncoder().encode(text), 'ledger.txt')
  await ben.finished(await ben.generate(novel.id))
  // What was ready before it is told before it.
  await waitUntil(() => receiver.received.some(({ event }) => event.type === 'generation.completed'))
  await waitUntil(
    async () => (await ben.json(`/api/novels/${novel.id}/audiobookshelf`))['state'] === 'written',
  )
  const told = receiver.received.map(({ body }) => body).join()
  expect(told).toContain(novel.id)
  expect(told).not.toContain(kept.novel.id)
  const { webhooks } = await root.json<{ webhooks: { id: string }[] }>('/api/webhooks')
  const log = await (await root.fetch(`/api/webhooks/${webhooks[0]?.id}/deliveries`)).text()
  expect(log).toContain('The Open Ledger')
  expect(log).not.toContain(title)
  const written = (await readdir(audiobookshelf.path, { recursive: true })).join()
  expect(written).toContain('The Open Ledger')
  expect(written).not.toContain(title)
  expect(await ada.json(`/api/novels/${kept.novel.id}/audiobookshelf`)).toMatchObject({ state: 'off' })
})

test('the same file, and another version of it, tell others nothing of the book', async () => {
  const again = await ben.upload(book('letter'), 'letter.txt')
  expect(again.status).toBe(201)
  const { novel: bens } = (await again.json()) as AddedNovel
  expect(bens.id).not.toBe(kept.novel.id)
  // Ben’s is there for all by now, so Ada’s cannot be too, until one of them is gone for good.
  const path = `/api/novels/${kept.novel.id}`
  const shared = await ada.send('PATCH', path, { kept: false })
  expect([shared.status, await codeOf(shared)]).toEqual([409, 'novel.twice'])
  expect((await ben.send('PATCH', `/api/novels/${bens.id}`, { kept: true })).status).toBe(200)
  expect((await ada.send('PATCH', path, { kept: false })).status).toBe(200)
  const taken = await ben.send('PATCH', `/api/novels/${bens.id}`, { kept: false })
  expect([taken.status, await codeOf(taken)]).toEqual([409, 'novel.twice'])
  expect((await ada.send('PATCH', path, { kept: true })).status).toBe(200)
  await ben.send('DELETE', `/api/novels/${bens.id}?forever=true`)
  const mine = await ada.upload(book('letter'), 'letter.txt', { separate: false })
  expect(mine.status).toBe(200)
  // Known by its title, if it could be seen.
  const longer = new TextEncoder().encode(
    `${new TextDecoder().decode(book('letter'))}\nChapter 2\n\nAnd then it was burnt.\n`,
  )
  const other = await ben.upload(longer, 'letter.txt', { separate: false })
  expect(other.status).toBe(201)
  await ben.send('DELETE', `/api/novels/${((await other.json()) as AddedNovel).novel.id}?forever=true`)
})

test('in the trash it stays its keeper’s', async () => {
  const { id } = kept.novel
  expect((await ada.send('DELETE', `/api/novels/${id}`)).status).toBe(200)
  expect(await (await root.fetch('/api/trash')).text()).not.toContain(title)
  const restored = await root.post(`/api/trash/${id}/restore`, {})
  expect([restored.status, await codeOf(restored)]).toEqual([404, 'novel.not-in-trash'])
  const again = await ben.upload(book('letter'), 'letter.txt')
  expect(again.status).toBe(201)
  const { novel: bens } = (await again.json()) as AddedNovel
  expect(bens.id).not.toBe(id)
  await ben.send('DELETE', `/api/novels/${bens.id}?forever=true`)
  const mine = await ada.upload(book('letter'), 'letter.txt')
  expect([mine.status, ((await mine.json()) as AddedNovel).novel.id]).toEqual([200, id])
})

test('who has added a book keeps it or shares it, and what others were given of it is theirs no more', async () => {
  const { novel } = await ben.add(book('poem'), 'poem.txt')
  const path = `/api/novels/${novel.id}`
  const feedOf = async (of: Browser): Promise<string> => {
    const { feed } = (await (await of.post(`${path}/feed`, {})).json()) as { feed: { address: string } }
    return new URL(feed.address).pathname
  }
  const [cyFeed, adaFeed] = [await feedOf(cy), await feedOf(ada)]
  for (const feed of [cyFeed, adaFeed]) expect((await cy.fetch(feed)).status).toBe(200)
  const revoked = (await (await cy.send('DELETE', `${path}/feed`)).json()) as { removal: string }
  expect(
    (await cy.send('PUT', `${path}/position`, { chapterNumber: 1, segment: 0, seconds: 0 })).status,
  ).toBe(200)
  expect(await (await cy.fetch('/api/listener/begun')).text()).toContain(novel.id)
  const foreign = await ada.send('PATCH', path, { kept: true })
  expect([foreign.status, await codeOf(foreign)]).toEqual([403, 'novel.not-keeper'])
  expect((await ben.send('PATCH', path, { kept: true })).status).toBe(200)
  expect((await cy.fetch(path)).status).toBe(404)
  // An address that is brought back opens nothing that its listener may not see.
  expect((await cy.post(`/api/removals/${revoked.removal}/undo`, {})).status).toBe(200)
  for (const feed of [cyFeed, adaFeed]) expect((await cy.fetch(feed)).status).toBe(404)
  expect(await (await cy.fetch('/api/listener/begun')).text()).not.toContain(novel.id)
  const { people: shown } = await root.json<{ people: { name: string; novelsKept: number }[] }>(
    '/api/accounts/people',
  )
  expect(shown.map(({ name, novelsKept }) => [name, novelsKept])).toEqual([
    ['Root', 0],
    ['Ada', 1],
    ['Ben', 1],
    ['Cy', 0],
  ])
  expect((await ben.send('PATCH', path, { kept: false })).status).toBe(200)
  // A place that was kept is there again, an address is not, unless it was revoked before and brought back.
  expect(await cy.json(`${path}/position`)).toMatchObject({ position: { chapterNumber: 1 } })
  expect((await cy.fetch(adaFeed)).status).toBe(404)
  expect((await cy.fetch(cyFeed)).status).toBe(200)
})

test('events of it are told to its keeper alone', async () => {
  const leaving = new AbortController()
  const listen = async (of: Browser): Promise<() => string> => {
    const response = await of.fetch('/api/worker/events', { signal: leaving.signal })
    let text = ''
    const read = async (): Promise<void> => {
      for await (const part of response.body ?? []) text += Buffer.from(part as Uint8Array).toString()
    }
    void read().catch(() => undefined)
    return () => text
  }
  const [toAda, toRoot] = [await listen(ada), await listen(root)]
  const { novel } = await addKept(ada, 'sketch')
  await ada.post('/api/worker/generate/all', { novelId: novel.id })
  await waitUntil(async () => toAda().includes('"status":"completed"'))
  const { novel: last } = await ben.add(book('sign'), 'sign.txt')
  await waitUntil(async () => toRoot().includes(last.id))
  leaving.abort()
  for (const kind of ['novel', 'segment', 'generation']) expect(toAda()).toContain(`event: ${kind}\n`)
  expect(toRoot()).not.toContain(novel.id)
  expect(toRoot()).not.toContain(title)
})

test('an import belongs to who has begun it: others do not find it, and what it brings in can be kept', async () => {
  const own = await beginImport(ada, { 'own.txt': book('will') }, { kept: true })
  const [file] = own.files
  const foreign = async (by: Pick<Browser, 'fetch'>): Promise<void> => {
    const list = (await (await by.fetch('/api/imports')).json()) as { imports?: { id: string }[] }
    expect((list.imports ?? []).map(({ id }) => id)).not.toContain(own.id)
    const asked = [
      by.fetch(`/api/imports/${own.id}`),
      by.fetch(`/api/imports/${own.id}/report.md`),
      by.fetch(`/api/imports/${own.id}/retry`, { method: 'POST' }),
      by.fetch(`/api/imports/${own.id}`, { method: 'DELETE' }),
      sendFile(by, own.id, file!.id, 'Chapter 1\n\nAnother text.'),
    ]
    for (const response of await Promise.all(asked)) expect(await codeOf(response)).toBe('import.unknown')
  }
  await foreign(ben)
  await foreign(root)
  await foreign({ fetch: asProgram })
  await foreign(cy)
  expect((await sendFile(ada, own.id, file!.id, book('will'))).status).toBe(200)
  const done = await importDone(ada, own.id)
  expect(done.files).toMatchObject([{ state: 'added', name: 'own.txt' }])
  const { novelId } = done.files[0]!
  expect(await codeOf(await ben.fetch(`/api/novels/${novelId}`))).toBe('novel.unknown')
  const { novel } = await ada.json<AddedNovel>(`/api/novels/${novelId}`)
  expect(novel.kept).toBe(true)
  // All of an import at once, also what is yet to come, by who has begun it alone.
  const patch = (by: Browser, kept: boolean): Promise<Response> =>
    by.fetch(`/api/imports/${own.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kept }),
    })
  expect(done).toMatchObject({ kept: true, mayKeep: true })
  expect(await codeOf(await patch(ben, false))).toBe('import.unknown')
  expect((await patch(ada, false)).status).toBe(200)
  expect((await ben.fetch(`/api/novels/${novelId}`)).status).toBe(200)
  expect(await (await patch(ada, true)).json()).toMatchObject({ import: { kept: true } })
  expect(await codeOf(await ben.fetch(`/api/novels/${novelId}`))).toBe('novel.unknown')
  // One that is being read at that moment is kept too.
  const [row] = await db.selectFrom('importFiles').selectAll().where('batch', '=', own.id).execute()
  const reading = {
    ...row!,
    id: '019ad000-0000-7000-8000-000000000009',
    state: 'reading',
    novelId: null,
  } as const
  const open = await ada.upload(
    new TextEncoder().encode('Ledger\n\nIt was a long list of sums.\n'),
    'ledger.txt',
  )
  const { novel: ledger } = (await open.json()) as AddedNovel
  await db.insertInto('importFiles').values(reading).execute()
  expect(await saveImportOutcome(db, reading.id, { state: 'added', novelId: ledger.id })).toBe(true)
  expect(await codeOf(await ben.fetch(`/api/novels/${ledger.id}`))).toBe('novel.unknown')
  // The same file from another is another book.
  const bens = await beginImport(ben, { 'bens.txt': book('will') })
  await sendFile(ben, bens.id, bens.files[0]!.id, book('will'))
  expect((await importDone(ben, bens.id)).files).toMatchObject([
    { state: 'added', novelId: expect.not.stringMatching(novelId!) as string },
  ])
})

test('with its keeper it goes, and nobody sees it before', async () => {
  const removed = await root.send('DELETE', `/api/accounts/people/${people.get('Ada')?.id}`)
  expect(removed.status).toBe(200)
  const rows = await db
    .selectFrom('novels')
    .select('id')
    .where('keeper', 'is not', null)
    .where('complete', '=', 1)
    .execute()
  expect(rows).toEqual([])
  expect(await (await root.fetch('/api/novels')).text()).not.toContain(kept.novel.id)
  expect(await (await root.fetch('/api/trash')).text()).not.toContain(kept.novel.id)
  expect(await db.selectFrom('importFiles').select('id').where('name', '=', 'own.txt').execute()).toEqual([])
  // Nor does what they were about to keep come in, nor is anything given to them.
  const late = insertSmallNovel(db, [['It came too late.']], { keeper: people.get('Ada')!.listener })
  await expect(late).rejects.toMatchObject({ code: 'account.unknown' })
  expect(await keptBy(db, people.get('Ada')!.listener)).toEqual([])
  // The file may be added anew.
  expect((await ben.upload(book('letter'), 'letter.txt')).status).toBe(201)
})
