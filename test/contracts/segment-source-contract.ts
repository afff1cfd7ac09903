import { describe, expect, test } from 'vitest'
import type { Lease } from '../../src/jobs/scheduler/leases.ts'
import { renewCasting } from '../../src/jobs/voices/generation-recipes.ts'
import { failureOf, saveFailure } from '../../src/storage/queries/clip-failure-queries.ts'
import { oddEngine, ownVoice, serverVoice, type SourceWorld } from '../program/source-world.ts'
import { waitUntil } from '../program/wait-until.ts'

/** What every source of segments promises the dispatcher, as tests. */
export function segmentSourceContract(name: string, open: () => Promise<SourceWorld>): void {
  describe(`the segment source ${name}`, () => {
    const texts = (leases: readonly Lease[]) => leases.map(({ segment }) => segment.spoken)

    test('hands out the highest priority first, then the oldest, each in reading order', async () => {
      await using world = await open()
      await world.request([['Old one.', 'Old two.'], ['Old three.']])
      const first = await world.lease()
      expect(first).toMatchObject({ segment: { spoken: 'Old one.', index: 0 }, attempts: 0 })
      expect(first?.chapter.number).toBe(1)
      await world.request([['New one.'], ['New two.']])
      await world.request([['Urgent one.', 'Urgent two.']], { priority: 5 })
      const rest = texts(await world.leaseAll())
      expect(rest.slice(0, 2)).toEqual(['Urgent one.', 'Urgent two.'])
      expect(rest.slice(2)).toEqual(['Old two.', 'Old three.', 'New one.', 'New two.'])
    })

    test('hands out first what was moved to the top of the queue, and last what was moved to its bottom', async () => {
      await using world = await open()
      const book = (name: string) => [1, 2, 3].map((number) => [`${name} ${number}.`, `${name} ${number} b.`])
      const createdAt = new Date(Date.now() - 3_600_000).toISOString()
      const a = await world.request(book('A'), { createdAt })
      // Asked for in the same minute.
      const b = await world.request(book('B'), { createdAt })
      const c = await world.request(book('C'), { createdAt })
      const d = await world.request(book('D'), { priority: 5 })
      expect((await world.lease())?.segment.spoken).toBe('D 1.')
      await world.move(c.generation.id, { at: 'top' })
      expect((await world.lease())?.segment.spoken).toBe('C 1.')
      await world.move(a.generation.id, { after: b.generation.id })
      await world.move(d.generation.id, { at: 'bottom' })
      const rest = texts(await world.leaseAll()).map((text) => text[0])
      expect(rest.join('')).toBe('CCCCCBBBBBBAAAAAADDDDD')
    })

    test('hands out first what a listener is about to hear, from his segment on', async () => {
      await using world = await open()
      await world.request([['Before one.']], { priority: 9 })
      const sentences = (chapter: number) => [0, 1, 2].map((index) => `Chapter ${chapter}, ${index}.`)
      const { novelId } = await world.request([sentences(1), sentences(2), sentences(3)])
      world.playbackPriorities.update(novelId, 2, 1, Date.now())
      expect(texts(await world.leaseAll())).toEqual([
        'Chapter 2, 1.',
        'Chapter 2, 2.',
        ...sentences(3),
        'Before one.',
        ...sentences(1),
        'Chapter 2, 0.',
      ])
    })

    test('hands out a text once, in whatever novel it stands, and none that was spoken', async () => {
      await using world = await open()
      await world.request([['The same.', 'One.', 'The same.'], ['The same.']])
      await world.request([['Two.', 'The same.']])
      const leases = await world.leaseAll()
      expect(texts(leases)).toEqual(['The same.', 'One.', 'Two.'])
      expect(new Set(leases.map(({ id }) => id)).size).toBe(3)
      for (const lease of leases) await world.spoken(lease)
      await world.request([['Two.', 'Three.', 'One.']])
      expect(texts(await world.leaseAll())).toEqual(['Three.'])
    })

    test('hands out again what was given back, with its failed attempts', async () => {
      await using world = await open()
      await world.request([['One.', 'Two.', 'Three.']])
      const [one, two] = [(await world.lease())!, (await world.lease())!]
      await world.released(one)
      expect(await world.lease()).toMatchObject({ segment: { spoken: 'One.' }, attempts: 0 })
      await saveFailure(world.db, two.key, { attempts: 1, reason: 'none', setAside: false, nextAt: 0 })
      await world.released(two)
      expect(await world.lease()).toMatchObject({ segment: { spoken: 'Two.' }, attempts: 1 })
      expect(texts(await world.leaseAll())).toEqual(['Three.'])
    })

    test('what failed waits, and goes out again; after three attempts it does not', async () => {
      await using world = await open()
      await world.request([['One.', 'Two.']])
      const one = (await world.lease())!
      await world.failed(one)
      expect((await failureOf(world.db, one.key))?.attempts).toBe(1)
      expect(texts(await world.leaseAll())).toEqual(['Two.'])
      await saveFailure(world.db, one.key, { attempts: 2, reason: 'none', setAside: false, nextAt: 0 })
      world.source.requeue(one.key.recipe, [{ chapterId: one.chapter.id, role: 0, times: 1 }])
      let again: Lease | undefined
      await waitUntil(async () => (again = await world.lease()) !== undefined)
      expect(again).toMatchObject({ segment: { spoken: 'One.' }, attempts: 2 })
      await world.failed(again!)
      expect((await failureOf(world.db, one.key))?.setAside).toBe(true)
      world.source.reset()
      expect(await world.leaseAll()).toEqual([])
    })

    test('hands out nothing that is paused or cancelled, and goes on when it is resumed', async () => {
      await using world = await open()
      const { generation } = await world.request([['One.', 'Two.', 'Three.']])
      await world.request([['Other.']])
      await world.spoken((await world.lease())!)
      await world.control(generation.id, 'paused')
      expect(texts(await world.leaseAll())).toEqual(['Other.'])
      await world.control(generation.id, 'run')
      expect(await world.lease()).toMatchObject({ segment: { spoken: 'Two.' } })
      await world.control(generation.id, 'cancelled')
      expect(await world.leaseAll()).toEqual([])
    })

    test('what was asked for first keeps its turn when it is paused and resumed', async () => {
      await using world = await open()
      const createdAt = new Date(Date.now() - 3_600_000).toISOString()
      const { generation } = await world.request([['Old one.', 'Old two.']], { createdAt })
      await world.request([['New one.'], ['New two.'], ['New three.']])
      await world.spoken((await world.lease())!)
      await world.control(generation.id, 'paused')
      expect(texts([(await world.lease())!])).toEqual(['New one.'])
      await world.control(generation.id, 'run')
      expect(texts(await world.leaseAll())).toEqual(['Old two.', 'New two.', 'New three.'])
    })

    test('gives each role to its own backend, and waits for one that has none', async () => {
      await using world = await open()
      await world.request([['Own one.', 'Hers one.', 'Own two.', 'Hers two.']], { roles: [[0, 1, 0, 1]] })
      expect(texts(await world.leaseAll([serverVoice]))).toEqual(['Hers one.', 'Hers two.'])
      const own = await world.leaseAll([ownVoice])
      expect(texts(own)).toEqual(['Own one.', 'Own two.'])
      expect(own[0]).toMatchObject({ recipe: { voice: ownVoice }, backend: world.backends.get(ownVoice)! })
      expect(await world.leaseAll()).toEqual([])
    })

    test('a voice without a backend holds up no other', async () => {
      await using world = await open()
      await world.request([['Both one.', 'Hers.', 'Both two.']], { roles: [[0, 1, 0]], priority: 3 })
      await world.request([['Later.']])
      expect(texts(await world.leaseAll([ownVoice]))).toEqual(['Both one.', 'Both two.', 'Later.'])
      expect(texts(await world.leaseAll())).toEqual(['Hers.'])
    })

    test('tells of a generation whose voice has changed, and hands out nothing of it before', async () => {
      await using world = await open()
      const { generation } = await world.request([['One.', 'Two.']])
      const other = await world.request([['Other.']], { roles: [[1]] })
      await world.spoken((await world.lease())!)
      const before = world.recipeOf(ownVoice)
      world.voices.engines = [{ ...oddEngine, version: 'odd-2' }]
      await world.voices.reload()
      const found = await world.next()
      if (typeof found !== 'object' || !('outdated' in found)) throw new Error('it did not tell')
      expect(found.outdated.generation.id).toBe(generation.id)
      world.source.withhold(found)
      const second = await world.next()
      if (typeof second !== 'object' || !('outdated' in second)) throw new Error('it did not tell')
      expect(second.outdated.generation.id).toBe(other.generation.id)
      world.source.withhold(second)
      // Of the other the speech server's voice can be spoken.
      expect(texts(await world.leaseAll())).toEqual(['Other.'])
      expect(await renewCasting(world, found.outdated.generation)).toBe(true)
      const renewed = await world.activeGenerations.reloadOne(generation.id)
      world.source.include(renewed!)
      await world.plan(generation.id)
      const leases = await world.leaseAll()
      expect(texts(leases)).toEqual(['One.', 'Two.'])
      expect(leases[0]?.recipe).toEqual({ ...before, engine: 'odd-2' })
    })
  })
}
