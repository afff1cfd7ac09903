import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { SpotList } from '../src/http/contract/spot-contract.ts'
import type { Api } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

// What becomes of sentences whose sound is not right: the engine of the tests speaks some of them four times too fast.

const sound = { voice: 'odd:hum' }
const mended = 'This sentence rushes past whoever listens, but only when it is spoken first.'
const stubborn = 'This sentence rushes badly past whoever listens, however often it is spoken.'
const patient = 'This sentence rushes thrice past whoever listens, until somebody asks for it.'
const book = (...texts: readonly string[]) =>
  new TextEncoder().encode(
    ['Chapter 1', 'A first sentence that is quite all right.', ...texts, 'And a last one.'].join('\n\n'),
  )

const spotsAt = (api: Api, novelId: string) => api.json<SpotList>(`/api/novels/${novelId}/spots`)
const stateOf = ({ spots }: SpotList, text: string) => spots.find((spot) => spot.text === text)?.state

async function change(api: Api, method: string, path: string, body?: unknown): Promise<SpotList> {
  const response = await api.fetch(path, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  expect(response.status).toBe(200)
  return (await response.json()) as SpotList
}

test('a suspicious sentence is taken again; the best take is kept and the spot is listed, until it is fine', async () => {
  await using here = await startApplication({ settings: { NIGHTJAR_SPEAKERS: '1' } })
  const { api } = here
  const bytes = book(mended, stubborn, patient)
  const { novel } = await api.add(bytes, 'rushing.txt')
  const progress = await api.finished(await api.generate(novel.id, undefined, sound))
  expect(progress.status).toBe('completed')
  const found = await spotsAt(api, novel.id)
  expect(found.spots.map(({ text }) => text)).toEqual([stubborn, patient])
  expect(found.open).toBe(2)
  expect(found.spots[0]).toMatchObject({ chapterNumber: 1, voice: 'Hum', takes: 3, state: 'open' })
  expect(found.spots[0]?.reasons).not.toEqual([])

  const pathOf = (text: string) =>
    `/api/novels/${novel.id}/spots/${found.spots.find((spot) => spot.text === text)?.id}`
  const audio = async () => {
    const response = await api.fetch(`/api/novels/${novel.id}/chapters/1/audio.m4a?voice=odd:hum`)
    return { etag: response.headers.get('etag'), bytes: Buffer.from(await response.arrayBuffer()) }
  }
  const before = await audio()
  const heard = await api.fetch(`${pathOf(patient)}/audio.m4a`)
  expect(heard.headers.get('content-type')).toBe('audio/mp4')
  const first = Buffer.from(await heard.arrayBuffer())

  // Fine as it is, and taken back.
  const fine = await change(api, 'PUT', pathOf(stubborn), { fine: true })
  expect([fine.open, stateOf(fine, stubborn)]).toEqual([1, 'fine'])
  expect((await change(api, 'PUT', pathOf(stubborn), { fine: false })).open).toBe(2)

  // Another take that is right replaces the clip everywhere; one that is not stays on the list.
  const retaken = await change(api, 'POST', `${pathOf(patient)}/retake`)
  expect([retaken.open, stateOf(retaken, patient)]).toEqual([1, 'retaken'])
  expect(Buffer.from(await (await api.fetch(`${pathOf(patient)}/audio.m4a`)).arrayBuffer())).not.toEqual(
    first,
  )
  const after = await audio()
  expect(after.etag).not.toBe(before.etag)
  expect(after.bytes).not.toEqual(before.bytes)
  // Taken back, every byte is as before; taken back again, as after.
  expect(retaken.spots.find(({ text }) => text === patient)?.undo).toBe(true)
  const undone = await change(api, 'POST', `${pathOf(patient)}/undo`)
  expect([undone.open, stateOf(undone, patient)]).toEqual([2, 'open'])
  expect((await audio()).bytes).toEqual(before.bytes)
  const redone = await change(api, 'POST', `${pathOf(patient)}/undo`)
  expect([redone.open, stateOf(redone, patient)]).toEqual([1, 'retaken'])
  expect((await audio()).bytes).toEqual(after.bytes)
  expect((await api.post(`${pathOf(stubborn)}/undo`, {})).status).toBe(409)
  const again = await change(api, 'POST', `${pathOf(stubborn)}/retake`)
  expect(again.spots.find(({ text }) => text === stubborn)).toMatchObject({ state: 'open' })
  expect(again.spots.find(({ text }) => text === stubborn)?.takes).toBeGreaterThan(3)
  expect((await api.fetch(`/api/novels/${novel.id}/spots/${'0'.repeat(64)}/audio.m4a`)).status).toBe(404)

  // Spots go with their novel.
  await api.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })
  const { novel: added } = await api.add(bytes, 'rushing.txt')
  expect(await spotsAt(api, added.id)).toMatchObject({ open: 0, spots: [] })
})

const program = fileURLToPath(new URL('./program/serve-with-faulty-engine.ts', import.meta.url))

test('killed between a take and its commit, and later, nothing that is suspicious is forgotten', async () => {
  await using folder = await temporaryFolder()
  const start = () => ServerProcess.start({ data: folder.path, program: [program], speakers: 1 })
  const texts = Array.from({ length: 12 }, (_, at) =>
    at === 5 ? patient : `${stubborn.slice(0, -1)}, number ${at}.`,
  )
  let [novelId, generation] = ['', '']
  {
    await using server = await start()
    const api: Api = server
    novelId = (await api.add(book(...texts), 'rushing.txt')).novel.id
    generation = await api.generate(novelId, undefined, sound)
    await api.until(generation, ({ segmentsDone }) => segmentsDone > 1)
    await server.kill()
  }
  {
    await using server = await start()
    const api: Api = server
    const progress = await api.until(generation, ({ completedAt }) => completedAt !== null)
    expect(progress.status).toBe('completed')
    const { spots } = await spotsAt(api, novelId)
    expect(spots.map(({ text }) => text)).toEqual(texts)
    const pathOf = (at: number) => `/api/novels/${novelId}/spots/${spots[at]?.id}`
    await change(api, 'PUT', pathOf(3), { fine: true })
    // A take that is asked for is killed somewhere on its way: the clip is the one before or the one behind, whole.
    const asked = api.fetch(`${pathOf(5)}/retake`, { method: 'POST' }).catch(() => undefined)
    await server.kill()
    await asked
  }
  {
    await using server = await start()
    const api: Api = server
    const { spots } = await spotsAt(api, novelId)
    expect(['open', 'retaken']).toContain(spots[5]?.state)
    const pathOf = (at: number) => `/api/novels/${novelId}/spots/${spots[at]?.id}`
    expect((await api.fetch(`${pathOf(5)}/audio.m4a`)).status).toBe(200)
    expect((await api.fetch(`/api/novels/${novelId}/chapters/1/audio.m4a?voice=odd:hum`)).status).toBe(200)
    if (spots[5]?.state === 'open') await change(api, 'POST', `${pathOf(5)}/retake`)
    // And so is bringing the take before back.
    const last = api.fetch(`${pathOf(5)}/undo`, { method: 'POST' }).catch(() => undefined)
    await server.kill()
    await last
  }
  await using server = await start()
  const api: Api = server
  const { open, spots } = await spotsAt(api, novelId)
  expect(spots[3]?.state).toBe('fine')
  // Either take, whole.
  expect([
    [texts.length - 2, 'retaken'],
    [texts.length - 1, 'open'],
  ]).toContainEqual([open, spots[5]?.state])
  const audio = await api.fetch(`/api/novels/${novelId}/spots/${spots[5]?.id}/audio.m4a`)
  expect(audio.status).toBe(200)
})
