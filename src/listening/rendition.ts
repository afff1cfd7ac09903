import { type ChapterRow, chapterByNumber } from '../database/chapters.ts'
import { reportOf } from '../database/import-report.ts'
import { type NovelRow, novelById } from '../database/novels.ts'
import { recipesSpokenIn } from '../database/recipes.ts'
import { recipeOf } from '../generation/begun-recipe.ts'
import { talliesOf, type SpokenTally } from '../generation/tally.ts'
import type { Studio } from '../generation/studio.ts'
import { Failure } from '../novel/failure.ts'
import { recipeHash } from '../novel/recipe.ts'

/** Left out: the novel's own. */
export interface Sound {
  readonly voice?: string | undefined
  readonly speed?: number | undefined
}

/** A chapter in a recipe: what a listener can ask to hear. */
export interface Rendition {
  readonly novel: NovelRow
  readonly chapter: ChapterRow
  readonly voice: string
  readonly speed: number
  readonly recipe: string
  readonly tally: SpokenTally
}

/** Throws `novel.unknown`. */
export async function knownNovel({ db }: Studio, novelId: string): Promise<NovelRow> {
  const novel = await novelById(db, novelId)
  if (!novel) throw new Failure('novel.unknown', { novelId })
  return novel
}

/** Throws `novel.unknown`, `chapter.unknown`. */
export async function knownChapter(
  studio: Studio,
  novelId: string,
  chapterNumber: number,
): Promise<{ novel: NovelRow; chapter: ChapterRow }> {
  const novel = await knownNovel(studio, novelId)
  const chapter = await chapterByNumber(studio.db, novelId, chapterNumber)
  if (!chapter) {
    const { chapters } = reportOf(novel)
    throw new Failure('chapter.unknown', { chapterNumber, chapterCount: chapters })
  }
  return { novel, chapter }
}

/**
 * The rendition to be heard: in the recipe that it would be spoken in today, or in an older one of the same voice and speed (from before an engine
 * or the studio changed) as long as more of it exists. Throws `novel.unknown`, `chapter.unknown`, `voice.unknown`,
 * `voice.none`.
 */
export async function renditionOf(
  studio: Studio,
  novelId: string,
  chapterNumber: number,
  sound: Sound = {},
): Promise<Rendition> {
  const { novel, chapter } = await knownChapter(studio, novelId, chapterNumber)
  return pickRendition(studio, novel, chapter, sound)
}

export async function pickRendition(
  studio: Studio,
  novel: NovelRow,
  chapter: ChapterRow,
  sound: Sound,
): Promise<Rendition> {
  const [picked] = await pickRenditions(studio, novel, [chapter], sound)
  if (!picked) throw new Error('one chapter has one rendition')
  return picked
}

/** The rendition to be heard of each of these chapters of a novel. */
export async function pickRenditions(
  studio: Studio,
  novel: NovelRow,
  chapters: readonly ChapterRow[],
  sound: Sound,
): Promise<Rendition[]> {
  const { voice, speed, today } = await soundOf(studio, novel, sound)
  const older = await recipesSpokenIn(studio.db, voice, speed)
  const best: Rendition[] = []
  for (const recipe of new Set([...(today ? [today] : []), ...older])) {
    const tallies = await talliesOf(studio.book, recipe, chapters)
    for (const [at, chapter] of chapters.entries()) {
      const tally = tallies[at]
      const rival = best[at]
      if (!tally || (rival && tally.done <= rival.tally.done)) continue
      best[at] = { novel, chapter, voice, speed, recipe, tally }
    }
  }
  if (best.length < chapters.length) throw new Failure('voice.unknown', { voice })
  return best
}

/** A voice that is no longer installed can still be heard where it has spoken. */
async function soundOf(
  studio: Studio,
  novel: NovelRow,
  sound: Sound,
): Promise<{ voice: string; speed: number; today: string | undefined }> {
  try {
    const recipe = await recipeOf(studio, novel, sound)
    return { voice: recipe.voice, speed: recipe.speed, today: recipeHash(recipe) }
  } catch (error) {
    if (sound.voice === undefined || !(error instanceof Failure)) throw error
    return { voice: sound.voice, speed: sound.speed ?? novel.speed, today: undefined }
  }
}

/** Whether all of it is spoken. */
export function isComplete({ tally }: Rendition): boolean {
  return tally.done === tally.total && tally.total > 0
}

/**
 * Throws `audio.unfinished`, or `audio.none` when nothing of it was ever spoken; `storage.salvaging` while that cannot
 * be told.
 */
export function requireComplete({ folder, problems }: Studio, rendition: Rendition): void {
  const { tally } = rendition
  if (isComplete(rendition)) return
  if (problems.halting?.code === 'storage.salvaging')
    throw new Failure('storage.salvaging', { folder: folder.root })
  if (tally.done === 0 && tally.setAside === 0) throw new Failure('audio.none')
  throw new Failure('audio.unfinished', { done: tally.done, total: tally.total })
}
