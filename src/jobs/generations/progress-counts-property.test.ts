import { expect, test } from 'vitest'
import { rewriteChapter } from '../../../test/fixtures/chapter-rewrite.ts'
import {
  emptyDatabase,
  insertSmallNovel,
  smallChapter,
  someClip,
} from '../../../test/fixtures/small-novel.ts'
import { type Casting, castingOf, singleVoice } from '../../novel/casting.ts'
import { type Recipe, recipeHash, textHash } from '../../novel/clip.ts'
import { revertEdit } from '../../storage/queries/chapter-edit-queries.ts'
import { chaptersOf } from '../../storage/queries/chapter-queries.ts'
import { damageClip } from '../../../test/fixtures/corrupt-clips.ts'
import { RowClipStore } from '../../storage/clips/row-clip-store.ts'
import { deleteSomeNovelRows, hiddenNovels, hideNovel } from '../../storage/queries/deletion-queries.ts'
import { insertGeneration } from '../../storage/queries/generation-queries.ts'
import { commitRekey, stageRekey } from '../../storage/queries/rekey-queries.ts'
import { ProgressCounts } from './progress-counts.ts'

/** Few texts, so that most occur in many places. */
const texts = Array.from({ length: 12 }, (_, at) => `Sentence ${at}.`)
const recipes = [1, 1.25, 1.5].map((speed): Recipe => ({
  voice: 'odd:hum',
  speed,
  engine: 'odd-1',
  studio: '1',
  pauses: { sentence: 0.25, paragraph: 0.6, section: 1.2 },
}))

const [one, two, three] = recipes.map(recipeHash) as [string, string, string]
/** Two single voices, and two castings that share their recipes. */
const castings = [
  singleVoice(one),
  singleVoice(two),
  castingOf(one, [
    { role: 1, recipe: two },
    { role: 2, recipe: three },
  ]),
  castingOf(three, [{ role: 2, recipe: one }]),
]

/** Reproducible pseudo-random numbers in [0, 1) (Park and Miller, 1988). */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

test.each([1, 2, 3, 4, 5, 6])(
  'seed %i: after any sequence of operations the cached counts equal a fresh count',
  async (seed) => {
    const random = seededRandom(seed)
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
    const db = await emptyDatabase()
    const clips = new RowClipStore(db)
    const counts = new ProgressCounts(db, clips)
    let novels: { id: string; chapterIds: number[]; generations: { id: string; casting: Casting }[] }[] = []

    const add = async () => {
      const sentences = () => Array.from({ length: 1 + Math.floor(random() * 8) }, () => pick(texts))
      const chapters = [sentences(), sentences(), sentences()]
      const roles = chapters.map((chapter) => chapter.map(() => Math.floor(random() * 4)))
      const id = await insertSmallNovel(db, chapters, { roles })
      const chapterIds = (await chaptersOf(db, id)).map((chapter) => chapter.id)
      const generations = []
      for (const [at, casting] of castings.entries()) {
        const generation = {
          id: `${id}-${at}`,
          novelId: id,
          voice: 'odd:hum',
          speed: 1,
          casting,
          priority: 0,
          desiredState: 'run' as const,
          createdAt: new Date().toISOString(),
        }
        const equal = await insertGeneration(db, generation, recipes, chapterIds.slice(at % 2))
        if (!equal) generations.push(generation)
      }
      novels.push({ id, chapterIds, generations })
    }
    const remove = async () => {
      if (novels.length === 0) return
      const { id } = pick(novels)
      novels = novels.filter((novel) => novel.id !== id)
      await hideNovel(db, id)
      for (const hidden of await hiddenNovels(db)) await deleteHidden(hidden)
    }
    const deleteHidden = async (id: string) => {
      const deleteMore = async () => {
        const { chapterIds, more } = await deleteSomeNovelRows(db, id, 1 + Math.floor(random() * 5))
        counts.invalidateChapters(chapterIds)
        return more
      }
      while (await counts.runExclusive(deleteMore)) {
        // Other writes go on between two steps.
        if (random() < 0.3) await put()
      }
      await counts.runExclusive(() => clips.deleteUnreferenced(1000))
    }
    const otherText = (title: string) => {
      const sentences = Array.from({ length: 1 + Math.floor(random() * 8) }, () => pick(texts))
      const roles = sentences.map(() => Math.floor(random() * 4))
      return smallChapter(title, sentences, roles)
    }
    const rekey = async () => {
      if (novels.length === 0) return
      const novel = pick(novels)
      const chosen = (await chaptersOf(db, novel.id)).filter(() => random() < 0.6)
      async function* groups() {
        for (const old of chosen) {
          // Clips are written while the new texts are, and are counted for them afterwards.
          if (random() < 0.3) await put()
          yield [{ old, text: otherText(old.title) }]
        }
      }
      const staged = await stageRekey(db, novel.id, groups())
      if (!staged) return
      await put()
      expect(await commitRekey(db, novel.id, staged)).toBeDefined()
      novel.chapterIds = (await chaptersOf(db, novel.id)).map((chapter) => chapter.id)
      await deleteHidden(staged.shadowId)
    }
    const edit = async () => {
      if (novels.length === 0) return
      const novel = pick(novels)
      const old = pick(await chaptersOf(db, novel.id))
      expect(await rewriteChapter(db, old, otherText(old.title))).toBeDefined()
      novel.chapterIds = (await chaptersOf(db, novel.id)).map((chapter) => chapter.id)
    }
    const revert = async () => {
      if (novels.length === 0) return
      const novel = pick(novels)
      await revertEdit(db, novel.id, pick(['undo', 'redo'] as const), () => Promise.resolve())
      novel.chapterIds = (await chaptersOf(db, novel.id)).map((chapter) => chapter.id)
    }
    const key = () => ({ recipe: recipeHash(pick(recipes)), words: textHash(pick(texts), 'paragraph') })
    const put = () =>
      counts.put(
        Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
          key: key(),
          clip: someClip(1 + Math.floor(random() * 20)),
        })),
      )
    const fail = () => {
      const attempts = 1 + Math.floor(random() * 3)
      return counts.recordFailure(key(), { attempts, reason: 'silence', setAside: attempts === 3, nextAt: 0 })
    }
    const clear = async () => {
      if (novels.length > 0) await counts.clearFailures(pick(pick(novels).generations))
    }
    const discard = async () => {
      const damaged = key()
      await damageClip(db, damaged)
      await counts.discardClip(damaged)
    }
    const count = async () => {
      if (novels.length > 0) await counts.of(pick(castings), pick(novels).chapterIds)
    }

    await add()
    await add()
    for (let step = 0; step < 80; step++) {
      const operation = pick([
        put,
        put,
        put,
        fail,
        fail,
        fail,
        clear,
        discard,
        count,
        count,
        add,
        remove,
        rekey,
        edit,
        revert,
      ])
      // Sometimes two operations at once.
      await (random() < 0.3 ? Promise.all([operation(), pick([put, fail, count])()]) : operation())
      const recounted = new ProgressCounts(db, clips)
      for (const { chapterIds } of novels) {
        for (const casting of castings) {
          const fresh = await recounted.of(casting, chapterIds)
          const known = chapterIds.map((id, at) => counts.known(casting.id, id) ?? fresh[at])
          expect(known, `step ${step}`).toEqual(fresh)
        }
      }
    }
    // No rows are left of deleted novels.
    while (novels.length > 0) await remove()
    for (const table of ['clips.clips', 'failures', 'segments', 'chapters', 'releasedTexts'] as const) {
      expect(await db.selectFrom(table).selectAll().execute()).toEqual([])
    }
  },
)
