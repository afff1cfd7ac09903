import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel } from '../../../test/fixtures/small-novel.ts'
import { singleVoice } from '../../novel/casting.ts'
import { type Recipe, recipeHash } from '../../novel/clip.ts'
import type { Generation } from '../../novel/generation.ts'
import { chaptersByGeneration, chaptersOf } from '../../storage/queries/chapter-queries.ts'
import {
  generationsById,
  insertGeneration,
  unfinishedGenerations,
  updateGeneration,
} from '../../storage/queries/generation-queries.ts'
import { ActiveGenerations } from './active-generations.ts'

const recipes = ['odd:hum', 'odd:buzz'].map((voice): Recipe => ({
  voice,
  speed: 1,
  engine: 'odd-1',
  studio: '1',
  pauses: { sentence: 0.25, paragraph: 0.6, section: 1.2 },
}))

/** Reproducible pseudo-random numbers in [0, 1) (Park and Miller, 1988). */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

test.each([1, 2, 3])(
  'seed %i: those that were added, changed and removed one by one are those that are read at once',
  async (seed) => {
    const random = seededRandom(seed)
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
    const db = await emptyDatabase()
    const novelId = await insertSmallNovel(db, [['One.'], ['Two.'], ['Three.'], ['Four.']])
    const chapters = await chaptersOf(db, novelId)
    const active = new ActiveGenerations(db)
    const ids: string[] = []

    const add = async () => {
      const recipe = pick(recipes)
      const some = chapters.filter(() => random() < 0.5)
      if (some.length === 0) return
      const generation: Generation = {
        id: uuidv7(),
        novelId,
        voice: recipe.voice,
        speed: 1,
        casting: singleVoice(recipeHash(recipe)),
        priority: Math.floor(random() * 3),
        desiredState: 'run',
        createdAt: new Date(Date.UTC(2026, 0, 1, 0, Math.floor(random() * 10))).toISOString(),
      }
      const same = await insertGeneration(
        db,
        generation,
        [recipe],
        some.map(({ id }) => id),
      )
      if (same) return
      ids.push(generation.id)
      const isRead = random() < 0.5
      await active.reloadOne(generation.id, isRead ? { chapters: some, made: generation } : undefined)
    }
    const change = async () => {
      if (ids.length === 0) return
      const id = pick(ids)
      const completedAt = random() < 0.3 ? new Date().toISOString() : null
      const desiredState = random() < 0.2 ? 'cancelled' : pick(['run', 'paused'] as const)
      await updateGeneration(db, id, { priority: Math.floor(random() * 3), desiredState, completedAt })
      // Whoever has made it says so late: others have read what it is now.
      const [made] = await generationsById(db, [id])
      const isKnown = active.byId(id) !== undefined
      const old = {
        chapters: await chaptersByGeneration(db, id),
        made: { ...made!, desiredState: 'run' as const },
      }
      await active.reloadOne(id, isKnown && random() < 0.3 ? old : undefined)
    }

    for (let step = 0; step < 60; step++) {
      await (random() < 0.5 ? add() : change())
      const stored = await unfinishedGenerations(db)
      expect(active.all().map(({ generation }) => generation)).toEqual(stored)
      expect([...active.voices()].toSorted()).toEqual(
        [...new Set(stored.map(({ voice }) => voice))].toSorted(),
      )
      for (const hash of recipes.map(recipeHash)) {
        for (const { id } of chapters) {
          const waiting = active.all().filter((each) => each.chapters.some((chapter) => chapter.id === id))
          expect(active.waitingFor(hash, id)).toEqual(
            waiting.filter(({ generation }) => generation.casting.id === hash),
          )
        }
      }
    }
    await db.destroy()
  },
)
