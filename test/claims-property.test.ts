import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { randomFrom } from './fixtures/speech-like.ts'
import type { Lease } from '../src/jobs/scheduler/leases.ts'
import { emptyDatabase } from './fixtures/small-novel.ts'
import { sharedWorld, SourceWorld } from './program/source-world.ts'

/** So long that no claim is renewed, and none lapses but those of the dead. */
const leaseMs = 3_600_000

const keyOf = ({ key }: Lease): string => `${key.recipe}/${key.words}`

test.each([1, 2])(
  'seed %i: servers that speak, fail, give back and die leave nothing out, and speak nothing twice but for the dead',
  async (seed) => {
    const random = randomFrom(seed)
    await using db = await emptyDatabase()
    const shared = await sharedWorld(db)
    await using closing = new AsyncDisposableStack()
    let servers = 0
    const start = async () => {
      const server = `server ${++servers}`
      return closing.use(await SourceWorld.open(shared, 'claims', { server, leaseMs }))
    }
    const first = await start()
    // Some sentences are in several chapters and novels.
    const sentences = (novel: number, chapter: number) =>
      Array.from({ length: 25 }, (_, at) =>
        random() < 0.2 ? `Common ${Math.floor(random() * 8)}.` : `Novel ${novel}, ${chapter}, ${at}.`,
      )
    const requested = []
    for (const novel of [1, 2]) {
      const chapters = [1, 2].map((chapter) => sentences(novel, chapter))
      requested.push(await first.request(chapters, { priority: novel }))
    }
    /** By key: how often it was spoken to the end, by how many it was held when they died, how often it failed. */
    const [spoken, lost, failed] = [
      new Map<string, number>(),
      new Map<string, number>(),
      new Map<string, number>(),
    ]
    const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
    const held = new Set<string>()
    let deaths = 0

    /** A server of so many speakers; returns when all is done, or it died. */
    const serve = async (world: SourceWorld, isDone: () => Promise<boolean>): Promise<'done' | 'died'> => {
      const inHand: Lease[] = []
      for (;;) {
        if (random() < 0.02 && deaths < 4) {
          deaths++
          for (const lease of inHand) {
            held.delete(keyOf(lease))
            count(lost, keyOf(lease))
          }
          await world.die()
          return 'died'
        }
        const lease = inHand.length < 4 ? await world.lease() : undefined
        if (lease) {
          // It is in nobody else's hands.
          expect(held.has(keyOf(lease))).toBe(false)
          held.add(keyOf(lease))
          inHand.push(lease)
          continue
        }
        const [ended] = inHand.splice(Math.floor(random() * inHand.length), 1)
        if (!ended) {
          if (await isDone()) return 'done'
          await wait(50)
          continue
        }
        held.delete(keyOf(ended))
        const chance = random()
        if (chance < 0.75) {
          count(spoken, keyOf(ended))
          await world.spoken(ended)
        } else if (chance < 0.9) {
          count(failed, keyOf(ended))
          await world.failed(ended, { waits: false })
        } else await world.released(ended)
      }
    }

    const isDone = async () => {
      const rows = await db.selectFrom('generations').select('completedAt').execute()
      return rows.every(({ completedAt }) => completedAt !== null)
    }
    const serveForEver = async (world: SourceWorld): Promise<void> => {
      for (let server = world; (await serve(server, isDone)) === 'died';) server = await start()
    }
    await Promise.all([first, await start(), await start()].map(serveForEver))

    const segments = await db.selectFrom('segments').select('words').distinct().execute()
    const clips = await db.selectFrom('clips.clips').select('words').execute()
    const setAside = await db.selectFrom('failures').select('words').where('setAside', '=', 1).execute()
    expect(clips.length + setAside.length).toBe(segments.length)
    for (const [key, times] of spoken) {
      expect(times, key).toBeLessThanOrEqual(1 + (lost.get(key) ?? 0))
    }
    for (const times of failed.values()) expect(times).toBeLessThanOrEqual(3)
    expect(spoken.size).toBe(clips.length)
    expect(requested.length).toBe(2)
  },
)
