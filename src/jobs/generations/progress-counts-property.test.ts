import { expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel, someClip } from '../../../test/fixtures/small-novel.ts'
import { chaptersOf } from '../../storage/queries/chapter-queries.ts'
import { deleteUnreferencedClips } from '../../storage/queries/clip-queries.ts'
import { deleteSomeNovelRows, hideNovel } from '../../storage/queries/deletion-queries.ts'
import { insertGeneration } from '../../storage/queries/generation-queries.ts'
import { type Recipe, recipeHash, textHash } from '../../novel/clip.ts'
import { ProgressCounts } from './progress-counts.ts'

/** A few texts, so that most stand in many places. */
const texts = Array.from({ length: 12 }, (_, at) => `Sentence ${at}.`)
const recipes = [1, 1.5].map((speed): Recipe => ({
  voice: 'odd:hum',
  speed,
  engine: 'odd-1',
  studio: '1',
  pauses: { sentence: 0.25, paragraph: 0.6, section: 1.2 },
}))

/** Always the same numbers from 0 up to 1 for the same seed (Park and Miller, 1988). */
function numbers(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

test.each([1, 2, 3, 4, 5, 6])(
  'run %i: after anything that can happen, what is kept is what a count finds',
  async (seed) => {
    const random = numbers(seed)
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
    const db = emptyDatabase()
    const book = new ProgressCounts(db)
    let novels: { id: string; chapterIds: number[]; asked: { id: string; recipe: string }[] }[] = []

    const add = async () => {
      const sentences = () => Array.from({ length: 1 + Math.floor(random() * 8) }, () => pick(texts))
      const id = await insertSmallNovel(db, [sentences(), sentences(), sentences()])
      const chapterIds = (await chaptersOf(db, id)).map((chapter) => chapter.id)
      const asked = []
      for (const [at, recipe] of recipes.entries()) {
        const generation = {
          id: `${id}-${at}`,
          novelId: id,
          voice: recipe.voice,
          speed: recipe.speed,
          recipe: recipeHash(recipe),
          priority: 0,
          wish: 'run' as const,
          createdAt: new Date().toISOString(),
        }
        await insertGeneration(db, generation, recipe, chapterIds.slice(at))
        asked.push(generation)
      }
      novels.push({ id, chapterIds, asked })
    }
    const remove = async () => {
      if (novels.length === 0) return
      const { id } = pick(novels)
      novels = novels.filter((novel) => novel.id !== id)
      await hideNovel(db, id)
      const deleteMore = async () => {
        const { chapterIds, more } = await deleteSomeNovelRows(db, id, 1 + Math.floor(random() * 5))
        book.invalidateChapters(chapterIds)
        return more
      }
      while (await book.runExclusive(deleteMore)) {
        // Others go on meanwhile.
        if (random() < 0.3) await put()
      }
      await book.runExclusive(() => deleteUnreferencedClips(db, 1000))
    }
    const key = () => ({ recipe: recipeHash(pick(recipes)), words: textHash(pick(texts), 'paragraph') })
    const put = () =>
      book.put(
        Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
          key: key(),
          clip: someClip(1 + Math.floor(random() * 20)),
        })),
      )
    const fail = () => {
      const attempts = 1 + Math.floor(random() * 3)
      return book.recordFailure(key(), { attempts, reason: 'silence', setAside: attempts === 3, nextAt: 0 })
    }
    const forgive = async () => {
      if (novels.length > 0) await book.clearFailures(pick(pick(novels).asked))
    }
    const lose = () => book.discardClip(key())
    const count = async () => {
      if (novels.length > 0) await book.of(recipeHash(pick(recipes)), pick(novels).chapterIds)
    }

    await add()
    await add()
    for (let step = 0; step < 120; step++) {
      const doing = pick([put, put, put, fail, fail, fail, forgive, lose, count, count, add, remove])
      // Two things at once now and then.
      await (random() < 0.3 ? Promise.all([doing(), pick([put, fail, count])()]) : doing())
      const counted = new ProgressCounts(db)
      for (const { chapterIds } of novels) {
        for (const recipe of recipes.map(recipeHash)) {
          const fresh = await counted.of(recipe, chapterIds)
          const known = chapterIds.map((id, at) => book.known(recipe, id) ?? fresh[at])
          expect(known, `step ${step}`).toEqual(fresh)
        }
      }
    }
    // Nothing is left of what was deleted.
    while (novels.length > 0) await remove()
    for (const table of ['clips.clips', 'failures', 'segments', 'chapters', 'releasedTexts'] as const) {
      expect(await db.selectFrom(table).selectAll().execute()).toEqual([])
    }
  },
)
