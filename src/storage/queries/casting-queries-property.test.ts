import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel, someClip } from '../../../test/fixtures/small-novel.ts'
import { onPostgres } from '../../../test/program/test-storage.ts'
import { payloadBytes } from '../../audio/codec/adts.ts'
import { type Casting, castingOf, recipeForRole, recipesOf } from '../../novel/casting.ts'
import { type Clip, type ClipKey, type Recipe, recipeHash, textHash } from '../../novel/clip.ts'
import type { SegmentClip } from '../clip-store.ts'
import { RowClipStore } from '../clips/row-clip-store.ts'
import { castSegments, castingById } from './casting-queries.ts'
import { chaptersOf } from './chapter-queries.ts'
import {
  clearFailures,
  type FailedClip,
  failureOf,
  saveFailure,
  segmentsSetAside,
} from './clip-failure-queries.ts'
import { clipLayouts, clipLengths, clipsInOrder, clipWordTimes, frameSizesOf } from './clip-queries.ts'
import { bytesToHash } from './column-values.ts'
import { insertGeneration } from './generation-queries.ts'
import {
  castingIsUsed,
  countClips,
  countClipsOfChapters,
  countRemade,
  missingSegments,
} from './progress-queries.ts'

const texts = Array.from({ length: 9 }, (_, at) => `Sentence ${at}.`)
const wordsOf = (text: string) => textHash(text, 'paragraph')
const recipes = [1, 1.25, 1.5, 1.75].map((speed): Recipe => ({
  voice: 'odd:hum',
  speed,
  engine: 'odd-1',
  studio: '1',
  pauses: { sentence: 0.25, paragraph: 0.6, section: 1.2 },
}))
const hashes = recipes.map(recipeHash)

/** Always the same numbers from 0 up to 1 for the same seed (Park and Miller, 1988). */
function numbers(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

test.each([1, 2, 3, 4, 5, 6])(
  'run %i: every query finds for a casting what is found segment by segment',
  async (seed) => {
    const random = numbers(seed)
    const whole = (below: number) => Math.floor(random() * below)
    const pick = <T>(from: readonly T[]): T => from[whole(from.length)]!
    const db = await emptyDatabase()
    const chapters = [1, 2, 3].map(() => Array.from({ length: 1 + whole(12) }, () => pick(texts)))
    const roles = chapters.map((chapter) => chapter.map(() => whole(4)))
    const novelId = await insertSmallNovel(db, chapters, { roles })
    const rows = await chaptersOf(db, novelId)

    const clips = hashes.flatMap((recipe) => texts.map((text) => ({ recipe, words: wordsOf(text) })))
    const put = clips.filter(() => random() < 0.4).map((key) => ({ key, clip: someClip(1 + whole(20)) }))
    if (put.length > 0) await new RowClipStore(db).put(put)
    for (const key of clips) {
      const attempts = 1 + whole(3)
      const failed = { attempts, reason: 'silence', setAside: attempts === 3, nextAt: whole(9) }
      if (random() < 0.4) await saveFailure(db, key, failed)
    }

    const castings: Casting[] = [
      ...hashes.map((hash) => castingOf(hash, [])),
      ...[1, 2, 3, 4].map(() => {
        const parts = [1, 2, 3].filter(() => random() < 0.7)
        return castingOf(
          pick(hashes),
          parts.map((role) => ({ role, recipe: pick(hashes) })),
        )
      }),
    ]
    // Equal requests are one generation.
    const distinct = [...new Map(castings.map((casting) => [casting.id, casting])).values()]
    const spokenAt = new Map<string, Set<number>>()
    for (const [at, casting] of distinct.entries()) {
      const generation = {
        id: `${novelId}-${at}`,
        novelId,
        voice: 'odd:hum',
        speed: 1,
        casting,
        priority: 0,
        desiredState: 'run' as const,
        createdAt: '2026-01-01T00:00:00.000Z',
      }
      const chapterIds = rows.map(({ id }) => id)
      await insertGeneration(db, generation, recipes, chapterIds)
      expect(await castingById(db, casting.id)).toEqual(casting)

      const setAside = []
      for (const [chapterAt, { id, number }] of rows.entries()) {
        const segments = chapters[chapterAt]!.map((text, index) => {
          const role = roles[chapterAt]![index]!
          return { index, text, role, key: { recipe: recipeForRole(casting, role), words: wordsOf(text) } }
        })
        const found: { key: ClipKey; clip: Clip | undefined; failed: FailedClip | undefined }[] = []
        for (const { key } of segments) {
          const clip = await new RowClipStore(db).get(key)
          if (clip === 'damaged') throw new Error('a clip is damaged')
          found.push({ key, clip, failed: await failureOf(db, key) })
        }
        const spoken = found.flatMap(({ key, clip }, index) => (clip ? [{ index, key, clip }] : []))
        spokenAt.set(`${casting.id}/${id}`, new Set(spoken.map(({ index }) => index)))
        const frames = spoken.reduce((sum, { clip }) => sum + clip.frameSizes.length, 0)

        expect(await clipLayouts(db, id, casting)).toEqual(
          spoken.map(({ index, key, clip }) => ({ index, key, frameSizes: clip.frameSizes })),
        )
        expect(await clipsInOrder(db, id, casting)).toEqual(
          spoken.map(({ key, clip }) => ({ ...key, frames: clip.frameSizes.length })),
        )
        expect(await clipLengths(db, id, casting)).toEqual(found.map(({ clip }) => clip?.frameSizes.length))
        expect(await clipWordTimes(db, id, casting)).toEqual(
          new Map(spoken.map(({ index, clip }) => [index, clip.words])),
        )
        const [from, to] = [whole(3), 3 + whole(9)]
        const range: SegmentClip[] = []
        for await (const each of new RowClipStore(db).range(id, casting, from, to)) range.push(each)
        expect(range.map(({ key }) => key)).toEqual(found.slice(from, to).map(({ key }) => key))
        expect(range.map(({ clip }) => clip !== undefined && clip !== 'damaged' && clip.adts)).toEqual(
          found.slice(from, to).map(({ clip }) => clip !== undefined && clip.adts),
        )
        expect(await frameSizesOf(db, id, casting, from, to)).toEqual(
          found.slice(from, to).map(({ clip }) => Uint16Array.from(clip?.frameSizes ?? [])),
        )
        const aside = found.filter(({ clip, failed }) => !clip && failed?.setAside).length
        const adtsBytes = spoken.reduce((sum, { clip }) => sum + clip.adts.length, 0)
        expect(await countClips(db, id, casting)).toMatchObject({
          done: spoken.length,
          frames,
          bytes: payloadBytes(adtsBytes, frames),
          setAside: aside,
        })
        expect(await missingSegments(db, id, casting)).toEqual(
          segments.flatMap(({ index, text, role, key }) => {
            const { clip, failed } = found[index]!
            if (clip || failed?.setAside) return []
            const nextAt = failed?.nextAt ?? 0
            return [
              {
                index,
                spoken: text,
                pause: 'paragraph',
                textHash: key.words,
                recipe: key.recipe,
                role,
                nextAt,
              },
            ]
          }),
        )
        for (const { index, text, key } of segments) {
          const { failed } = found[index]!
          if (!failed?.setAside) continue
          const { attempts, reason, nextAt } = failed
          setAside.push({
            chapterId: id,
            chapterNumber: number,
            index,
            attempts,
            reason,
            nextAt,
            setAside: true,
            text,
          })
          expect(recipesOf(casting)).toContain(key.recipe)
        }
      }
      expect(await segmentsSetAside(db, generation.id, casting, 1000)).toEqual(setAside)
      const used = recipesOf(casting)
      const anything =
        put.some(({ key }) => used.includes(key.recipe)) ||
        (await db.selectFrom('failures').select('recipe').execute()).some(({ recipe }) =>
          used.includes(bytesToHash(recipe)),
        )
      expect(await castingIsUsed(db, casting)).toBe(anything)
    }

    const ids = rows.map(({ id }) => id)
    for (const from of distinct) {
      const counted = await countClipsOfChapters(db, ids, from)
      for (const id of ids) expect(counted.get(id)).toEqual(await countClips(db, id, from))
      for (const to of distinct) {
        const remade = ids.map((id) => {
          const there = spokenAt.get(`${to.id}/${id}`)
          return [id, [...spokenAt.get(`${from.id}/${id}`)!].filter((at) => !there?.has(at)).length] as const
        })
        expect(await countRemade(db, ids, from, to)).toEqual(new Map(remade.filter(([, count]) => count > 0)))
      }
      // What somebody only thinks of is stored nowhere.
      const thoughtOf = castingOf(
        pick(hashes),
        [1, 2, 3].map((role) => ({ role, recipe: pick(hashes) })),
      )
      const remade = rows.map(({ id }, chapterAt) => {
        const spoken = [...spokenAt.get(`${from.id}/${id}`)!]
        const missing = spoken.filter((at) => {
          const recipe = recipeForRole(thoughtOf, roles[chapterAt]![at]!)
          const words = wordsOf(chapters[chapterAt]![at]!)
          return !put.some(({ key }) => key.recipe === recipe && key.words === words)
        })
        return [id, missing.length] as const
      })
      expect(await countRemade(db, ids, from, thoughtOf)).toEqual(
        new Map(remade.filter(([, count]) => count > 0)),
      )
    }

    // A retry forgives exactly those failures that a segment of the generation stands for.
    for (const [at, casting] of castings.entries()) {
      const keys = chapters.flatMap((chapter, chapterAt) =>
        chapter.map((text, index) => ({
          recipe: recipeForRole(casting, roles[chapterAt]![index]!),
          words: wordsOf(text),
        })),
      )
      const left = new Map<string, boolean>()
      const forgiven = new Set<string>()
      for (const key of clips) {
        const failed = await failureOf(db, key)
        if (!failed) continue
        const inIt = keys.some(({ recipe, words }) => recipe === key.recipe && words === key.words)
        if (inIt) forgiven.add(`${key.recipe}/${key.words}/${failed.setAside}`)
        else left.set(`${key.recipe}/${key.words}`, failed.setAside)
      }
      const cleared = await clearFailures(db, `${novelId}-${at}`, casting)
      expect(new Set(cleared.map(({ key, setAside }) => `${key.recipe}/${key.words}/${setAside}`))).toEqual(
        forgiven,
      )
      expect(cleared).toHaveLength(forgiven.size)
      const after = await db.selectFrom('failures').select(['recipe', 'words']).execute()
      expect(after.map((row) => `${bytesToHash(row.recipe)}/${bytesToHash(row.words)}`).sort()).toEqual(
        [...left.keys()].sort(),
      )
    }
  },
)

test.each([
  ['a single voice', castingOf(hashes[0]!, [])],
  ['several voices', castingOf(hashes[0]!, [{ role: 1, recipe: hashes[1]! }])],
])('clips of %s are found by their key', async (_, casting) => {
  const db = await emptyDatabase()
  const { segments, recipe } = castSegments(db, casting)
  const query = segments
    .leftJoin('clips.clips as clip', (join) =>
      join.on('clip.recipe', '=', recipe).onRef('clip.words', '=', 'segments.words'),
    )
    .leftJoin('failures', (join) =>
      join.on('failures.recipe', '=', recipe).onRef('failures.words', '=', 'segments.words'),
    )
    .select(['segments.idx', 'clip.id', 'failures.nextAt'])
    .where('segments.chapterId', '=', 1)
  const { sql: text, parameters } = query.compile()
  expect(text.includes('castingParts')).toBe(casting.parts.length > 0)
  // A planner that knows how few rows an empty table has would choose otherwise.
  if (onPostgres) return
  const plan = await db.executeQuery<{ detail: string }>({
    ...sql`${sql.raw('EXPLAIN QUERY PLAN')}`.compile(db),
    sql: `EXPLAIN QUERY PLAN ${text}`,
    parameters,
  })
  const steps = plan.rows.map(({ detail }) => detail)
  expect(steps.some((step) => /clip USING.*\(recipe=\? AND words=\?\)/.test(step))).toBe(true)
  expect(steps.some((step) => /failures USING.*\(recipe=\? AND words=\?\)/.test(step))).toBe(true)
  expect(steps.filter((step) => step.startsWith('SCAN'))).toEqual([])
})
