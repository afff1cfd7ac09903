import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, test } from 'vitest'
import { openOffline, type OfflineDatabase, type Outgoing } from './offline-database.ts'
import { Outbox } from './outbox.ts'

class Refused extends Error {}

let db: OfflineDatabase
let sent: Outgoing[]
let refused: string[]
/** What the server does. */
let server: (outgoing: Outgoing) => Promise<unknown>

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory()
  db = await openOffline('')
  sent = []
  refused = []
  server = () => Promise.reject(new Error('away'))
})

/** An outbox as a tab has it. */
function outbox(): Outbox {
  return new Outbox({
    open: () => Promise.resolve(db),
    send: async (outgoing) => {
      const answer = await server(outgoing)
      sent.push(outgoing)
      return answer
    },
    mayPass: (error) => !(error instanceof Refused),
    alone: (work) => work(),
    onRefused: ({ key }) => refused.push(key),
  })
}

let stamps = 0
const about = (key: string, at: number, ...bodies: object[]): Outgoing => ({
  key,
  novelId: 'n',
  method: 'PUT',
  path: `/${key}`,
  bodies,
  at,
  stamp: String(stamps++),
})

test('what arrives leaves nothing behind', async () => {
  server = () => Promise.resolve('stored')
  expect(await outbox().deliver(about('position/n', 1))).toBe('stored')
  expect(await outbox().entries()).toEqual([])
})

test('what cannot be sent is there after the tab is closed, and is sent in its order, once', async () => {
  const first = outbox()
  expect(await first.deliver(about('bookmark/b', 3, { note: 'later' }))).toBeUndefined()
  await first.deliver(about('bookmark/a', 2, { note: 'sooner' }))
  server = () => Promise.resolve({})
  const second = outbox()
  await second.send()
  await second.send()
  expect(sent.map(({ key }) => key)).toEqual(['bookmark/a', 'bookmark/b'])
  expect(await second.entries()).toEqual([])
})

test('of what is about the same the later one alone is sent', async () => {
  const box = outbox()
  await box.deliver(about('position/n', 10, { segment: 3 }))
  await box.deliver(about('position/n', 20, { segment: 7 }))
  expect(await box.entries()).toMatchObject([{ at: 20, bodies: [{ segment: 7 }] }])
})

test('what was heard of a chapter is added up until it arrives', async () => {
  const box = outbox()
  await box.deliver(about('heard/n/1', 1, { from: 0, to: 2 }))
  await box.deliver(about('heard/n/1', 2, { from: 8, to: 9 }))
  const both = [
    { from: 0, to: 4 },
    { from: 8, to: 9 },
  ]
  await box.deliver(about('heard/n/1', 3, { from: 3, to: 4 }))
  expect(await box.entries()).toMatchObject([{ bodies: both }])
  server = () => Promise.resolve({})
  await box.deliver(about('heard/n/1', 4, { from: 5, to: 5 }))
  expect(sent.at(-1)?.bodies).toEqual([
    { from: 0, to: 5 },
    { from: 8, to: 9 },
  ])
  expect(await box.entries()).toEqual([])
})

test('what was changed while it was on its way is sent again', async () => {
  const box = outbox()
  let arrive: (answer: unknown) => void = () => undefined
  server = () => new Promise((resolve) => (arrive = resolve))
  const first = box.deliver(about('bookmark/a', 1, { note: 'one' }))
  server = () => Promise.reject(new Error('away'))
  await box.deliver(about('bookmark/a', 2, { note: 'two' }))
  arrive({})
  await first
  expect(await box.entries()).toMatchObject([{ bodies: [{ note: 'two' }] }])
})

test('what the server refuses is dropped and told of; the rest is sent', async () => {
  const box = outbox()
  await box.deliver(about('bookmark/gone', 1))
  await box.deliver(about('position/n', 2))
  server = ({ key }) => (key === 'bookmark/gone' ? Promise.reject(new Refused()) : Promise.resolve({}))
  await box.send()
  expect(refused).toEqual(['bookmark/gone'])
  expect(sent.map(({ key }) => key)).toEqual(['position/n'])
  expect(await box.entries()).toEqual([])
})

test('when the server goes away in the middle the rest waits', async () => {
  const box = outbox()
  for (const at of [1, 2, 3]) await box.deliver(about(`bookmark/${at}`, at))
  server = ({ at }) => (at < 2 ? Promise.resolve({}) : Promise.reject(new Error('away')))
  await box.send()
  expect((await box.entries()).map(({ key }) => key)).toEqual(['bookmark/2', 'bookmark/3'])
})
