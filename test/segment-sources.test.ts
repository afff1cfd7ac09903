import { expect, test, vi } from 'vitest'
import { segmentSourceContract } from './contracts/segment-source-contract.ts'
import { emptyDatabase } from './fixtures/small-novel.ts'
import { serverVoice, sharedWorld, SourceWorld } from './program/source-world.ts'
import { waitUntil } from './program/wait-until.ts'

segmentSourceContract('of one server', async () =>
  SourceWorld.open(await sharedWorld(await emptyDatabase()), 'pending'),
)
segmentSourceContract('of several servers', async () =>
  SourceWorld.open(await sharedWorld(await emptyDatabase()), 'claims'),
)

test('the runs of a long book that was paused do not hold up another', async () => {
  const shared = await sharedWorld(await emptyDatabase())
  await using world = await SourceWorld.open(shared, 'claims')
  const chapters = Array.from({ length: 100 }, (_, number) => [`Long ${number}.`])
  const createdAt = new Date(Date.now() - 3_600_000).toISOString()
  const { generation } = await world.request(chapters, { createdAt })
  await world.control(generation.id, 'paused')
  await world.request([['Other one.'], ['Other two.']])
  const take = vi.spyOn(shared.jobs, 'take')
  expect((await world.lease())?.segment.spoken).toBe('Other one.')
  expect((await world.lease())?.segment.spoken).toBe('Other two.')
  expect(take.mock.calls.length).toBeLessThan(20)
  const { waiting, active } = (await shared.jobs.counts()).get('speak-run')!
  expect(waiting + active).toBe(2)
})

test('runs that a crash of the database has taken are planned again, and all is handed out', async () => {
  const shared = await sharedWorld(await emptyDatabase())
  await using world = await SourceWorld.open(shared, 'claims', { lookEveryMs: 200 })
  await world.request([['One.', 'Two.'], ['Three.']])
  for (const run of await shared.jobs.take('speak-run', 100)) await run.complete()
  const spoken = new Set<string>()
  await waitUntil(async () => {
    const lease = await world.lease()
    if (lease) spoken.add(lease.segment.spoken)
    return spoken.size === 3
  })
  expect([...spoken].toSorted()).toEqual(['One.', 'Three.', 'Two.'])
})

test('a long book that is paused while it is planned is planned no further', async () => {
  const shared = await sharedWorld(await emptyDatabase())
  await using world = await SourceWorld.open(shared, 'claims')
  const sendAll = shared.jobs.sendAll.bind(shared.jobs)
  let runs = 0
  vi.spyOn(shared.jobs, 'sendAll').mockImplementation(async (name, jobs, options) => {
    if (name === 'speak-run' && runs++ === 0)
      await world.db.updateTable('generations').set({ wish: 'paused' }).execute()
    return sendAll(name, jobs, options)
  })
  await world.request(Array.from({ length: 100 }, (_, number) => [`Long ${number}.`]))
  expect(runs).toBe(1)
})

test('where several places are free several segments are claimed at once, and given back if nobody takes them', async () => {
  await using world = await SourceWorld.open(await sharedWorld(await emptyDatabase()), 'claims')
  await world.request([['One.', 'Two.', 'Three.', 'Four.']])
  const claimed = async () => {
    const rows = await world.db.selectFrom('claims').select('idx').orderBy('idx').execute()
    return rows.map(({ idx }) => idx)
  }
  const first = await world.lease()
  expect(first?.segment.spoken).toBe('One.')
  expect(await claimed()).toEqual([0, 1, 2, 3])
  expect((await world.lease())?.segment.spoken).toBe('Two.')
  await waitUntil(async () => (await claimed()).length === 2)
  expect(await claimed()).toEqual([0, 1])
  expect((await world.lease())?.segment.spoken).toBe('Three.')
})

test('plans that come together are made by few statements, and one that cannot be made keeps back no other', async () => {
  const shared = await sharedWorld(await emptyDatabase())
  await using world = await SourceWorld.open(shared, 'claims')
  const novels = Array.from({ length: 7 }, (_, number) => [`Text ${number}.`])
  const requested = []
  for (const novel of novels) requested.push(await world.request([novel]))
  requested.push(await world.request([['With another voice.']], { roles: [[1]] }))
  await Promise.all((await world.leaseAll()).map((lease) => world.released(lease)))
  const sends = vi.spyOn(shared.jobs, 'sendAll')
  const runsSent = () => sends.mock.calls.filter(([name]) => name.startsWith('speak-run')).length
  // The first is planned alone.
  const ids = requested.map(({ generation }) => generation.id)
  await world.plan(...ids)
  expect(runsSent()).toBeLessThanOrEqual(3)
  sends.mockClear()
  world.backends.delete(serverVoice)
  await world.source.plan?.(ids)
  await waitUntil(() => runsSent() >= 7)
})
