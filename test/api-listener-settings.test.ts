import { afterAll, expect, test } from 'vitest'
import { longStory } from './fixtures/long-story.ts'
import { EventStream } from './program/event-stream.ts'
import { startApplication } from './program/in-process-application.ts'

const here = await startApplication({ work: false })
afterAll(() => here[Symbol.asyncDispose]())
const { api, application } = here

const mine = '/api/listener/settings'

const patch = (path: string, body: unknown) =>
  api.fetch(path, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const read = async (path: string) => (await api.json<{ settings: unknown }>(path)).settings

test('settings are merged field by field, taken back with null, and told to other devices', async () => {
  expect(await read(mine)).toEqual({})
  await using events = await EventStream.open(api)
  await patch(mine, { locale: 'vi', reading: { size: 22, theme: 'sepia' } })
  const changed = await patch(mine, { locale: null, reading: { theme: 'dark' }, player: { rate: 1.5 } })
  const settings = { reading: { size: 22, theme: 'dark' }, player: { rate: 1.5 } }
  expect(await changed.json()).toEqual({ success: true, settings })
  expect(await read(mine)).toEqual(settings)
  await events.until((event) => event.kind === 'listener' && event.data.about === 'settings')
  await patch(mine, { reading: null })
  expect(await read(mine)).toEqual({ player: { rate: 1.5 } })

  for (const wrong of [{ colour: 'red' }, { reading: { colour: 'red' } }, { player: { rate: 9 } }, []])
    expect((await patch(mine, wrong)).status, JSON.stringify(wrong)).toBe(400)

  // A value that a later version knows, or an earlier one knew.
  const stored = { reading: { theme: 'aubergine', size: 20 }, smell: 'paper' }
  await application.db
    .updateTable('listenerSettings')
    .set({ settings: JSON.stringify(stored) })
    .execute()
  expect(await read(mine)).toEqual({ reading: { size: 20 } })
})

test('changes at once lose nothing', async () => {
  await patch(mine, { locale: null, reading: null, player: null, notify: null })
  const changes = [
    { reading: { size: 20 } },
    { reading: { theme: 'dark' } },
    { player: { rate: 2 } },
    { player: { volume: 0.5 } },
    { notify: { browser: true } },
  ]
  await Promise.all(changes.map((change) => patch(mine, change)))
  expect(await read(mine)).toEqual({
    reading: { size: 20, theme: 'dark' },
    player: { rate: 2, volume: 0.5 },
    notify: { browser: true },
  })
})

test('a novel has settings of its own, which go with it', async () => {
  const { novel } = await api.add(longStory(1, 3), 'settings.txt')
  const own = `/api/novels/${novel.id}/settings`
  await patch(own, { player: { rate: 1.25 } })
  expect(await read(own)).toEqual({ player: { rate: 1.25 } })
  expect(await read(mine)).not.toHaveProperty('player.rate', 1.25)
  expect((await patch(own, { reading: { size: 20 } })).status).toBe(400)
  expect((await api.fetch('/api/novels/01990000-0000-7000-8000-000000000000/settings')).status).toBe(404)

  await api.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })
  await expect.poll(() => application.db.selectFrom('novelSettings').selectAll().execute()).toEqual([])
})
