import { expect, test } from 'vitest'
import type { SpeechServerView } from '../src/http/contract/voice-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { type Answer, oddSpeechServer } from './program/fake-speech-server.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'
import { hums } from './program/speech-desk.ts'

const key = 'sk-secret-0123456789'
const path = '/api/speech-servers'

const speaks = hums('bella')

/** Answers like `speaks`, but only when `open` is called. */
function heldBack() {
  const gate = Promise.withResolvers<void>()
  const answer: Answer = (response, heard) => void gate.promise.then(() => speaks(response, heard))
  return { answer, open: gate.resolve }
}

async function sent(api: Api, method: string, where: string, body?: object) {
  const response = await api.fetch(where, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const { server, ...rest } = (await response.json()) as { server: SpeechServerView; code?: string }
  return { ...rest, status: response.status, server }
}

const add = (api: Api, address: string, more: object = {}) =>
  sent(api, 'POST', path, { title: 'Desk PC', address, key, ...more })

async function servers(api: Api): Promise<SpeechServerView[]> {
  return (await api.json<{ servers: SpeechServerView[] }>(path)).servers
}

test('a stored key is not sent to another address; the same address written otherwise keeps it', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using stranger = await oddSpeechServer(speaks)
  await using here = await startApplication()
  await add(here.api, desk.address)
  const same = await sent(here.api, 'PATCH', `${path}/desk-pc`, { address: desk.address.replace('/v1', '/') })
  expect(same.server.hasKey).toBe(true)
  const moved = await sent(here.api, 'PATCH', `${path}/desk-pc`, { address: stranger.address })
  expect(moved.server).toMatchObject({ hasKey: false, address: stranger.address })
  await sent(here.api, 'POST', `${path}/desk-pc/voices`)
  expect(stranger.heard.map(({ headers }) => headers.authorization)).toEqual([undefined])
  const together = { address: desk.address, key: 'sk-other' }
  expect((await sent(here.api, 'PATCH', `${path}/desk-pc`, together)).server.hasKey).toBe(true)
})

test('a server that is removed while it is asked for its voices does not come back with its key', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await startApplication()
  await add(here.api, desk.address)
  const held = heldBack()
  desk.answer(held.answer)
  const asking = sent(here.api, 'POST', `${path}/desk-pc/voices`)
  await waitUntil(() => desk.heard.length === 2)
  expect((await sent(here.api, 'DELETE', `${path}/desk-pc`)).status).toBe(200)
  held.open()
  expect(await asking).toMatchObject({ status: 404, code: 'speech-server.unknown' })
  expect(await servers(here.api)).toEqual([])
})

test('what is edited while a server is asked for its voices stays edited', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await startApplication()
  await add(here.api, desk.address, { voices: ['typed'] })
  const held = heldBack()
  desk.answer(held.answer)
  const asking = sent(here.api, 'POST', `${path}/desk-pc/voices`)
  await waitUntil(() => desk.heard.length === 1)
  await sent(here.api, 'PATCH', `${path}/desk-pc`, {
    title: 'Cellar',
    key: null,
    model: 'kokoro',
    parallel: 5,
  })
  held.open()
  expect((await asking).status).toBe(200)
  const [server] = await servers(here.api)
  expect(server).toMatchObject({ title: 'Cellar', hasKey: false, model: 'kokoro', parallel: 5 })
  expect(server).toMatchObject({ voices: ['bella'], voicesListed: true })
})

test('voices that are typed, and an address that is entered, while the old one is asked are not overwritten', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await startApplication()
  await add(here.api, desk.address)
  for (const edit of [{ voices: ['typed'] }, { address: 'http://127.0.0.1:9/v1', voices: ['typed'] }]) {
    const held = heldBack()
    desk.answer(held.answer)
    const before = desk.heard.length
    const asking = sent(here.api, 'POST', `${path}/desk-pc/voices`)
    await waitUntil(() => desk.heard.length > before)
    await sent(here.api, 'PATCH', `${path}/desk-pc`, edit)
    held.open()
    expect((await asking).server.voices).toEqual(['typed'])
    await sent(here.api, 'PATCH', `${path}/desk-pc`, { address: desk.address, voices: ['bella'] })
  }
})

test('two servers of the same title that are added at once are two servers', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await startApplication()
  const both = await Promise.all([
    add(here.api, desk.address),
    add(here.api, desk.address, { model: 'other' }),
  ])
  expect(both.map(({ status }) => status)).toEqual([201, 201])
  expect((await servers(here.api)).map(({ name }) => name).toSorted()).toEqual(['desk-pc', 'desk-pc-2'])
})

test('eight requests at a time together never send more characters than a month has', async () => {
  const held = heldBack()
  await using desk = await oddSpeechServer((response, heard) => {
    // The first text of a voice is the one that it is measured with.
    if (String(heard.body?.['input']).includes('window')) return speaks(response, heard)
    return heard.path.endsWith('/speech') ? held.answer(response, heard) : speaks(response, heard)
  })
  await using here = await startApplication()
  await add(here.api, desk.address, { charactersPerMonth: 600, parallel: 8 })
  const { novel } = await here.api.add(longStory(1, 20), 'story.txt')
  await here.api.generate(novel.id, undefined, { voice: 'server:desk-pc:bella' })
  await waitUntil(async () => (await servers(here.api))[0]?.state === 'spent')
  held.open()
  const charactersOf = (text: unknown): number => (typeof text === 'string' ? text.length : 0)
  const texts = () => desk.heard.reduce((sum, { body }) => sum + charactersOf(body?.['input']), 0)
  await waitUntil(() => here.application.dispatcher.segmentsInFlight().length === 0)
  expect(texts()).toBeLessThanOrEqual(600)
  expect((await servers(here.api))[0]?.charactersThisMonth).toBe(texts())
})

test('what certainly never reached the server is not counted as sent', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await startApplication()
  await add(here.api, desk.address, { charactersPerMonth: 1000 })
  await desk.close()
  const { novel } = await here.api.add(longStory(1, 4), 'story.txt')
  const id = await here.api.generate(novel.id, undefined, { voice: 'server:desk-pc:bella' })
  await here.api.until(id, ({ waiting }) => waiting !== null)
  await waitUntil(() => here.application.dispatcher.segmentsInFlight().length === 0)
  expect((await servers(here.api))[0]).toMatchObject({ state: 'resting', charactersThisMonth: 0 })
})
