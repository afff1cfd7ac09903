import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { insertSmallNovel, emptyDatabase, someClip } from '../../../test/fixtures/small-novel.ts'
import { onPostgres } from '../../../test/program/test-storage.ts'
import { type Casting, castingOf, singleVoice } from '../../novel/casting.ts'
import { type Recipe, recipeHash } from '../../novel/clip.ts'
import type { Database } from '../database-tables.ts'
import { chaptersOf } from './chapter-queries.ts'
import {
  claimSegments,
  deleteLapsedClaims,
  rangeState,
  releaseClaims,
  releaseSpokenClaims,
  renewClaims,
  segmentsClaimedElsewhere,
} from './claim-queries.ts'
import { saveFailure } from './clip-failure-queries.ts'
import { completeGeneration } from './completion-queries.ts'
import { RowClipStore } from '../clips/row-clip-store.ts'
import { insertGeneration, updateGeneration } from './generation-queries.ts'
import { novelState } from '../novel-state.ts'

const recipeOf = (voice: string): Recipe => ({
  voice,
  speed: 1,
  engine: 'odd 1',
  studio: '1',
  pauses: { sentence: 0.2, paragraph: 0.5, section: 1 },
})
const recipes = [recipeOf('odd:hum'), recipeOf('odd:other')]
const [narrator, other] = recipes.map(recipeHash) as [string, string]
const sentences = ['One.', 'Two.', 'Three.', 'Four.']

/** A novel of one chapter that is asked for in a casting. */
async function requested(
  db: Database,
  casting: Casting,
  roles: readonly number[] = [],
  texts: readonly string[] = sentences,
) {
  const novelId = await insertSmallNovel(db, [texts], { roles: [roles] })
  const [chapter] = await chaptersOf(db, novelId)
  const generation = {
    id: randomUUID(),
    novelId,
    voice: 'odd:hum',
    speed: 1,
    casting,
    priority: 0,
    desiredState: 'run',
    createdAt: new Date().toISOString(),
  } as const
  await insertGeneration(db, generation, recipes, [chapter!.id])
  const all = { casting, chapterId: chapter!.id, from: 0, to: texts.length, recipes: [narrator, other] }
  const claimAll = (leases: readonly string[], leaseMs = 30_000, range: Partial<typeof all> = {}) =>
    claimSegments(db, { ...all, ...range }, { leases, server: 'here', leaseMs, now: Date.now() })
  const claim = async (more: Partial<typeof all> & { leaseMs?: number; lease?: string } = {}) => {
    const { leaseMs, lease = randomUUID(), ...range } = more
    return (await claimAll([lease], leaseMs, range))[0]
  }
  const state = (more: Partial<typeof all> = {}) => rangeState(db, { ...all, ...more }, Date.now())
  return { novelId, chapterId: chapter!.id, generation, claim, claimAll, state }
}

test('a segment is claimed once, in reading order, until its clip is there or it is given back', async () => {
  await using db = await emptyDatabase()
  const { claim, state, chapterId } = await requested(db, singleVoice(narrator))
  const first = await claim({ lease: 'first' })
  expect(first).toMatchObject({ index: 0, attempts: 0, key: { recipe: narrator } })
  expect(await claim({ to: 1 })).toBeUndefined()
  expect(await claim()).toMatchObject({ index: 1 })
  expect(await state()).toMatchObject({ wanted: true, missing: 4, free: 2 })
  expect(await segmentsClaimedElsewhere(db, 'there')).toMatchObject([
    { chapterId, index: 0, voice: 'odd:hum', recipe: narrator },
    { chapterId, index: 1 },
  ])
  expect(await segmentsClaimedElsewhere(db, 'here')).toEqual([])
  expect(await renewClaims(db, ['first', 'nothing'], 30_000)).toEqual(['first'])
  await releaseClaims(db, ['first'])
  expect(await claim({ lease: 'second' })).toMatchObject({ index: 0 })
  await new RowClipStore(db).put([{ key: first!.key, clip: someClip(3) }])
  // In the same commit, where there may be several servers.
  if (onPostgres) expect(await renewClaims(db, ['second'], 30_000)).toEqual([])
  expect(await claim({ to: 1 })).toBeUndefined()
  expect(await claim()).toMatchObject({ index: 2 })
  expect(await state()).toMatchObject({ missing: 3, free: 1 })
  const { waitMs } = await state({ to: 3 })
  expect(waitMs).toBeGreaterThan(0)
  expect(waitMs).toBeLessThanOrEqual(30_000)
})

test('a claim that lapsed is another’s, and its server cannot renew it any more', async () => {
  await using db = await emptyDatabase()
  const { claim } = await requested(db, singleVoice(narrator))
  await claim({ lease: 'dead', leaseMs: -1, to: 1 })
  expect(await segmentsClaimedElsewhere(db, 'there')).toEqual([])
  expect(await claim({ lease: 'heir', to: 1 })).toMatchObject({ index: 0 })
  expect(await renewClaims(db, ['dead', 'heir'], 30_000)).toEqual(['heir'])
  await claim({ lease: 'forgotten', leaseMs: -10 })
  await deleteLapsedClaims(db, 5)
  expect(await renewClaims(db, ['heir', 'forgotten'], 30_000)).toEqual(['heir'])
})

test('what is paused, cancelled, finished or hidden is claimed by nobody', async () => {
  await using db = await emptyDatabase()
  const { claim, state, generation, novelId } = await requested(db, singleVoice(narrator))
  const { id } = generation
  for (const change of [
    { desiredState: 'paused' },
    { desiredState: 'cancelled' },
    { desiredState: 'run', completedAt: '2026-11-29' },
  ] as const) {
    await updateGeneration(db, id, change)
    expect(await claim()).toBeUndefined()
    expect(await state()).toMatchObject({ wanted: false })
  }
  await updateGeneration(db, id, { completedAt: null })
  expect(await state()).toMatchObject({ wanted: true, free: 4 })
  await db.updateTable('novels').set({ complete: novelState.hidden }).where('id', '=', novelId).execute()
  expect(await claim()).toBeUndefined()
  expect(await state()).toMatchObject({ wanted: false })
})

test('what failed waits until it is due, and what is set aside is not claimed', async () => {
  await using db = await emptyDatabase()
  const { claim, state } = await requested(db, singleVoice(narrator))
  const [one, two] = [await claim({ lease: 'one' }), await claim({ lease: 'two' })]
  await releaseClaims(db, ['one', 'two'])
  const failed = { attempts: 1, reason: 'none', setAside: false, nextAt: Date.now() + 60_000 }
  await saveFailure(db, one!.key, failed)
  await saveFailure(db, two!.key, { ...failed, attempts: 3, setAside: true, nextAt: 0 })
  expect(await claim({ to: 2 })).toBeUndefined()
  const { waitMs, ...rest } = await state({ to: 2 })
  expect(rest).toEqual({ wanted: true, missing: 1, free: 0 })
  expect(waitMs).toBeGreaterThan(50_000)
  await saveFailure(db, one!.key, { ...failed, nextAt: Date.now() - 1 })
  expect(await claim({ to: 2 })).toMatchObject({ index: 0, attempts: 1 })
})

test('each role is claimed in its own recipe, and only in those that can be spoken', async () => {
  await using db = await emptyDatabase()
  const casting = castingOf(narrator, [{ role: 1, recipe: other }])
  const { claim, state } = await requested(db, casting, [0, 1, 0, 1])
  expect(await claim({ recipes: [other] })).toMatchObject({ index: 1, key: { recipe: other } })
  expect(await claim({ recipes: [narrator] })).toMatchObject({ index: 0, key: { recipe: narrator } })
  expect(await state({ recipes: [other] })).toMatchObject({ missing: 2, free: 1 })
  expect(await claim()).toMatchObject({ index: 2, key: { recipe: narrator } })
  expect(await claim()).toMatchObject({ index: 3, key: { recipe: other } })
  expect(await claim()).toBeUndefined()
})

test('of many claims at once each gets its own segment, or nothing', async () => {
  await using db = await emptyDatabase()
  const { claim, state } = await requested(db, singleVoice(narrator))
  const claimed = new Set<number>()
  for (let round = 0; claimed.size < sentences.length && round < 10; round++) {
    for (const got of await Promise.all(Array.from({ length: 6 }, () => claim()))) {
      if (!got) continue
      expect(claimed.has(got.index)).toBe(false)
      claimed.add(got.index)
    }
  }
  expect(claimed.size).toBe(sentences.length)
  expect(await state()).toMatchObject({ missing: 4, free: 0 })
})

test('a generation is completed once, by whoever asks first, and only if nothing of it is missing', async () => {
  await using db = await emptyDatabase()
  const casting = castingOf(narrator, [{ role: 1, recipe: other }])
  const { claim, generation, chapterId } = await requested(db, casting, [0, 1, 0, 1])
  const complete = () => completeGeneration(db, generation.id, [{ id: chapterId }], casting)
  const claimed = [await claim(), await claim(), await claim(), await claim()]
  const clips = claimed.slice(0, 3).map((found) => ({ key: found!.key, clip: someClip(1) }))
  await new RowClipStore(db).put(clips)
  expect(await complete()).toBe(false)
  const failed = { attempts: 3, reason: 'none', nextAt: 0 }
  await saveFailure(db, claimed[3]!.key, { ...failed, setAside: false })
  expect(await complete()).toBe(false)
  await saveFailure(db, claimed[3]!.key, { ...failed, setAside: true })
  expect(await completeGeneration(db, generation.id, [{ id: chapterId }], singleVoice(narrator))).toBe(false)
  const outcomes = await Promise.all([complete(), complete(), complete()])
  expect(outcomes.filter(Boolean)).toHaveLength(1)
})

test('several segments are claimed at once, each text of them once', async () => {
  await using db = await emptyDatabase()
  const texts = ['One.', 'Two.', 'One.', 'Three.', 'Four.', 'Five.']
  const { claimAll, state } = await requested(db, singleVoice(narrator), [], texts)
  const leases = ['a', 'b', 'c', 'd']
  const first = await claimAll(leases)
  expect(first.map(({ index }) => index)).toEqual([0, 1, 3])
  expect(new Set(first.map(({ lease }) => lease)).size).toBe(3)
  for (const { lease } of first) expect(leases).toContain(lease)
  const rest = await claimAll(['e', 'f', 'g'])
  expect(rest.map(({ index }) => index)).toEqual([4, 5])
  expect(await claimAll(['h'])).toEqual([])
  expect(await state()).toMatchObject({ free: 0 })
  await releaseClaims(db, ['e', 'f', 'g'])
  expect(await claimAll(['i'])).toMatchObject([{ index: 4, lease: 'i' }])
})

test.runIf(onPostgres)('renewing claims does not wait for a commit that ends some of them', async () => {
  await using db = await emptyDatabase()
  const { claimAll } = await requested(db, singleVoice(narrator))
  await claimAll(['a', 'b', 'c'])
  await db.transaction().execute(async (commit) => {
    await releaseClaims(commit, ['b'])
    expect((await renewClaims(db, ['a', 'b', 'c'], 30_000)).toSorted()).toEqual(['a', 'c'])
  })
})

test.runIf(onPostgres)(
  'a claim that was made while its segment was spoken elsewhere is given up',
  async () => {
    await using db = await emptyDatabase()
    const { claimAll } = await requested(db, singleVoice(narrator))
    const claimed = await claimAll(['first', 'second'])
    const [spoken, missing] = claimed
    await new RowClipStore(db).put([{ key: spoken!.key, clip: someClip(3) }])
    // As by a statement that began before that commit: the claim of the other was gone, its clip not seen yet.
    await db
      .insertInto('claims')
      .values({
        recipe: Buffer.from(spoken!.key.recipe, 'hex'),
        words: Buffer.from(spoken!.key.words, 'hex'),
        lease: 'late',
        server: 'here',
        chapterId: 1,
        idx: 0,
        attempts: 0,
        until: Date.now() + 30_000,
      })
      .execute()
    expect(await releaseSpokenClaims(db, ['late', missing!.lease])).toEqual(new Set(['late']))
    const left = await db.selectFrom('claims').select('lease').execute()
    expect(left).toEqual([{ lease: missing!.lease }])
  },
)
