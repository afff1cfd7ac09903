import { afterAll, beforeAll, expect, test } from 'vitest'
import { createToken } from '../src/accounts/access-tokens.ts'
import { routeKinds } from '../src/http/access/route-access.ts'
import type { AccountState } from '../src/http/contract/account-contract.ts'
import { insertImportFiles } from '../src/storage/queries/import-queries.ts'
import type { Browser } from './program/account-browser.ts'
import type { AddedNovel } from './program/api-client.ts'
import { enteredPerson } from './program/entered-person.ts'
import { beginImport, importDone, sendFile } from './program/import-client.ts'
import { startApplication } from './program/in-process-application.ts'

// Books that listeners add for themselves alone: what they may do with these, and that nothing else is changed by it.

const here = await startApplication({ settings: { NIGHTJAR_AUTH: 'accounts' } })
afterAll(() => here[Symbol.asyncDispose]())
const { db } = here.application

const { browser: root } = await enteredPerson(here, 'Root', 'admin')
const { browser: ada } = await enteredPerson(here, 'Ada', 'editor')
const { browser: cy, person: ofCy } = await enteredPerson(here, 'Cy', 'listener')
const { browser: dee } = await enteredPerson(here, 'Dee', 'listener')
const { secret } = await createToken(db, { name: 'of Cy', scopes: ['edit'], person: ofCy.id })

const book = (what: string, chapters = 1): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(
    Array.from(
      { length: chapters },
      (_, at) =>
        `Chapter ${at + 1}\n\nIn chapter ${at + 1} the ${what} was taken out of the box and looked at. ` +
        `Everybody had heard of the ${what} before. Then the ${what} was put away again.`,
    ).join('\n\n\n'),
  )

async function add(by: Browser, what: string, chapters?: number, query = ''): Promise<Response> {
  const form = new FormData()
  form.append('file', new Blob([book(what, chapters)]), `${what}.txt`)
  return by.fetch(`/api/novels${query}`, { method: 'POST', body: form })
}

const codeOf = async (response: Response): Promise<[number, string | undefined]> => [
  response.status,
  ((await response.json()) as { code?: string }).code,
]
const forbidden = [403, 'account.forbidden']

let house: AddedNovel
let own: AddedNovel

beforeAll(async () => {
  house = (await (await add(ada, 'lantern')).json()) as AddedNovel
  own = (await (await add(cy, 'compass')).json()) as AddedNovel
})

test('a listener adds a book for themselves alone, and has it spoken, whatever else they ask', async () => {
  expect(own.novel.kept).toBe(true)
  expect(own.novel.mayKeep).toBeUndefined()
  const path = `/api/novels/${own.novel.id}`
  for (const by of [root, ada, dee]) expect((await by.fetch(path)).status).toBe(404)
  expect(await codeOf(await cy.send('PATCH', path, { kept: false }))).toEqual(forbidden)
  expect((await cy.send('PATCH', path, { title: 'The Compass', kept: true })).status).toBe(200)
  const openly = (await (await add(cy, 'almanac', 1, '?kept=false')).json()) as AddedNovel
  expect(openly.novel.kept).toBe(true)

  const progressId = await cy.generate(own.novel.id, undefined, { priority: 50 })
  expect((await cy.progress(progressId)).priority).toBe(0)
  expect((await cy.finished(progressId)).status).toBe('completed')

  // Another version of it is offered to it, and taken over.
  const { novel, version } = (await (await add(cy, 'compass', 2)).json()) as AddedNovel & {
    version: { id: string }
  }
  expect(novel.id).toBe(own.novel.id)
  const taken = await cy.post(`${path}/versions/${version.id}/take`, {})
  expect(taken.status).toBe(200)
  expect(await cy.json(path)).toMatchObject({ novel: { title: 'The Compass', chapterCount: 2, kept: true } })
})

test('every route that changes a book refuses a listener the house’s, and none their own', async () => {
  const named = [...routeKinds].flatMap(([route, kind]) =>
    kind === 'keeping' && /\/(novels|trash)\/:id|:progressId|\/generate\//.test(route) ? [route] : [],
  )
  expect(named.length).toBeGreaterThan(45)
  const withToken = (path: string, init: RequestInit = {}): Promise<Response> =>
    here.api.fetch(path, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init.headers)), authorization: `Bearer ${secret}` },
    })
  const ask = async (by: typeof withToken, route: string, novelId: string, progressId: string) => {
    const [method = '', pattern = ''] = route.split(' ')
    const url = pattern
      .replace('/:id', `/${novelId}`)
      .replace(':progressId', progressId)
      .replaceAll(/:(number|index)\b/g, '1')
      .replaceAll(/:\w+/g, '01990000-0000-7000-8000-000000000000')
    // Of a body nothing is valid but the novel: what cannot be done is not done, whoever asks.
    const body = method === 'GET' || method === 'DELETE' ? undefined : JSON.stringify({ novelId })
    return codeOf(
      await by(url, { method, ...(body && { body, headers: { 'content-type': 'application/json' } }) }),
    )
  }
  const ofHouse = await ada.generate(house.novel.id)
  await ada.finished(ofHouse)
  const ofOwn = await cy.generate(own.novel.id)
  await cy.finished(ofOwn)
  const before = await ada.json(`/api/novels/${house.novel.id}`)
  const wrong: string[] = []
  for (const route of named) {
    for (const by of [(path: string, init?: RequestInit) => cy.fetch(path, init), withToken]) {
      const refused = await ask(by, route, house.novel.id, ofHouse)
      if (String(refused) !== String(forbidden)) wrong.push(`${route}: the house’s ${String(refused)}`)
    }
  }
  // Last, what ends the novel.
  for (const route of named.toSorted((a, b) => Number(endsNovel(a)) - Number(endsNovel(b)))) {
    const [status] = await ask((path, init) => cy.fetch(path, init), route, own.novel.id, ofOwn)
    if (status === 401 || status === 403) wrong.push(`${route}: their own ${status}`)
  }
  expect(wrong).toEqual([])
  expect(await ada.json(`/api/novels/${house.novel.id}`)).toEqual(before)
})

const endsNovel = (route: string): boolean => route === 'DELETE /api/novels/:id'

test('the words of all books and the order of the queue are not a listener’s', async () => {
  const { novel } = (await (await add(cy, 'sextant')).json()) as AddedNovel
  const entries = `/api/novels/${novel.id}/lexicon/entries`
  const put = [{ written: 'sextant', words: 'seks tant' }]
  for (const scope of ['series', 'all'])
    expect(await codeOf(await cy.post(entries, { scope, put }))).toEqual(forbidden)
  expect((await cy.post(entries, { scope: 'novel', put })).status).toBe(200)
  expect(await codeOf(await cy.post(`/api/novels/${novel.id}/lexicon/undo`, { scope: 'all' }))).toEqual(
    forbidden,
  )
  const pls = new FormData()
  pls.append('file', new Blob(['<lexicon/>']), 'words.pls')
  const sent = await cy.fetch(`/api/novels/${novel.id}/lexicon.pls?scope=all`, { method: 'POST', body: pls })
  expect(await codeOf(sent)).toEqual(forbidden)
  const progressId = await cy.generate(novel.id)
  expect(
    await codeOf(await cy.send('PUT', `/api/worker/progress/${progressId}/place`, { place: 'first' })),
  ).toEqual(forbidden)
})

test('a file of the house’s is the house’s book, which stays as it was', async () => {
  const same = await add(cy, 'lantern')
  expect(same.status).toBe(200)
  expect(((await same.json()) as AddedNovel).novel).toMatchObject({ id: house.novel.id })
  // Another version that was offered to it is not taken out of it.
  const offered = (await (await add(ada, 'lantern', 2)).json()) as { version: { id: string } }
  const taken = (await (await add(cy, 'lantern', 2, '?separate=true')).json()) as AddedNovel
  expect(taken.novel.id).toBe(house.novel.id)
  expect(await ada.json(`/api/novels/${house.novel.id}/versions`)).toMatchObject({
    versions: [{ id: offered.version.id }],
  })
  // A longer one of a listener's is a book of their own.
  const longer = (await (await add(cy, 'lantern', 3)).json()) as AddedNovel
  expect(longer.novel.id).not.toBe(house.novel.id)
  expect(longer.novel.kept).toBe(true)

  await ada.send('DELETE', `/api/novels/${house.novel.id}`)
  expect(await (await cy.fetch('/api/trash')).text()).not.toContain(house.novel.id)
  // What lies in the house's trash a listener does not bring back, but has for themselves.
  for (const version of [undefined, 2]) {
    const copy = (await (await add(cy, 'lantern', version)).json()) as AddedNovel
    expect(copy.novel).toMatchObject({ kept: true })
    expect([house.novel.id, offered.version.id]).not.toContain(copy.novel.id)
  }
  expect((await ada.fetch(`/api/novels/${house.novel.id}`)).status).toBe(404)
  expect(await codeOf(await cy.post(`/api/trash/${house.novel.id}/restore`, {}))).toEqual(forbidden)
  await cy.send('DELETE', `/api/novels/${longer.novel.id}`)
  expect(await (await cy.fetch('/api/trash')).text()).toContain(longer.novel.id)
  expect((await cy.post(`/api/trash/${longer.novel.id}/restore`, {})).status).toBe(200)
})

test('what a listener imports at once is kept too, also of what they began as an editor', async () => {
  const begun = await beginImport(cy, { 'chart.txt': book('chart') })
  expect(begun).toMatchObject({ kept: true })
  expect(begun).not.toHaveProperty('mayKeep')
  expect(await codeOf(await cy.send('PATCH', `/api/imports/${begun.id}`, { kept: false }))).toEqual(forbidden)
  expect((await sendFile(cy, begun.id, begun.files[0]!.id, book('chart'))).status).toBe(200)
  const [file] = (await importDone(cy, begun.id)).files
  expect(file).toMatchObject({ state: 'added' })
  expect((await cy.json<AddedNovel>(`/api/novels/${file!.novelId}`)).novel.kept).toBe(true)
  expect((await ada.fetch(`/api/novels/${file!.novelId}`)).status).toBe(404)

  // Of imports that were begun when nobody signed in they see none.
  const houses = '019ad000-0000-7000-8000-000000000001'
  await insertImportFiles(db, [
    { id: houses, batch: houses, listener: null, kept: 0, name: 'a', bytes: 1, state: 'sending' },
  ])
  expect((await ada.fetch(`/api/imports/${houses}`)).status).toBe(200)
  expect(await cy.json('/api/imports')).toMatchObject({ imports: [{ id: begun.id }] })
  expect((await cy.fetch(`/api/imports/${houses}`, { method: 'DELETE' })).status).toBe(404)

  const { browser: eve, person } = await enteredPerson(here, 'Eve', 'editor')
  const open = await beginImport(eve, { 'rope.txt': book('rope') })
  await root.send('PATCH', `/api/accounts/people/${person.id}`, { role: 'listener' })
  expect(await codeOf(await sendFile(eve, open.id, open.files[0]!.id, book('rope')))).toEqual(forbidden)
  expect((await eve.send('PATCH', `/api/imports/${open.id}`, { kept: true })).status).toBe(200)
  expect((await sendFile(eve, open.id, open.files[0]!.id, book('rope'))).status).toBe(200)
})

test('the house may not want it: then listeners add nothing more, and keep what they have', async () => {
  const mayAdd = async (by: Browser) => (await by.json<AccountState>('/api/accounts/session')).mayAdd
  expect([await mayAdd(cy), await mayAdd(ada)]).toEqual([true, true])
  expect(await codeOf(await cy.send('PATCH', '/api/house', { listenersAdd: false }))).toEqual(forbidden)
  expect((await root.send('PATCH', '/api/house', { listenersAdd: false })).status).toBe(200)
  expect(await root.json('/api/house')).toMatchObject({ house: { listenersAdd: false } })
  expect([await mayAdd(cy), await mayAdd(ada)]).toEqual([false, true])
  expect(await codeOf(await add(cy, 'barometer'))).toEqual(forbidden)
  const address = await cy.post('/api/novels/address', { address: 'https://books.example/one' })
  expect(await codeOf(address)).toEqual(forbidden)
  const { novels } = await cy.json<{ novels: { id: string; kept?: true }[] }>('/api/novels')
  const [kept] = novels.filter((novel) => novel.kept)
  expect((await cy.send('PATCH', `/api/novels/${kept!.id}`, { title: 'Mine' })).status).toBe(200)
  expect((await root.send('PATCH', '/api/house', { listenersAdd: true })).status).toBe(200)
  expect((await add(cy, 'barometer')).status).toBe(201)
})
