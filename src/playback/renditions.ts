import type { Application } from '../jobs/application.ts'
import { renditionCounts, type RenditionCounts } from '../jobs/generations/generation-progress.ts'
import { recipeOf } from '../jobs/voices/generation-recipes.ts'
import { recipeHash } from '../novel/clip.ts'
import { Failure } from '../novel/failure.ts'
import { chapterByNumber, type ChapterRow, chaptersOf } from '../storage/queries/chapter-queries.ts'
import { importReportOf, novelById, type NovelRow } from '../storage/queries/novel-queries.ts'
import { recipesWithVoice } from '../storage/queries/recipe-queries.ts'

/** Left out: the novel's own. */
export interface RenditionOptions {
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
  readonly counts: RenditionCounts
}

/** Throws `novel.unknown`. */
export async function requireNovel({ db }: Application, novelId: string): Promise<NovelRow> {
  const novel = await novelById(db, novelId)
  if (!novel) throw new Failure('novel.unknown', { novelId })
  return novel
}

/** Throws `novel.unknown`, `chapter.unknown`. */
export async function requireChapter(
  application: Application,
  novelId: string,
  chapterNumber: number,
): Promise<{ novel: NovelRow; chapter: ChapterRow }> {
  const novel = await requireNovel(application, novelId)
  const chapter = await chapterByNumber(application.db, novelId, chapterNumber)
  if (!chapter) {
    const { chapters } = importReportOf(novel)
    throw new Failure('chapter.unknown', { chapterNumber, chapterCount: chapters })
  }
  return { novel, chapter }
}

/**
 * The rendition to be heard: in the recipe that it would be spoken in today, or in an older one of the same voice and speed (from before an engine
 * or the studio changed) as long as more of it exists. Throws `novel.unknown`, `chapter.unknown`, `voice.unknown`,
 * `voice.none`.
 */
export async function findRendition(
  application: Application,
  novelId: string,
  chapterNumber: number,
  sound: RenditionOptions = {},
): Promise<Rendition> {
  const { novel, chapter } = await requireChapter(application, novelId, chapterNumber)
  return pickRendition(application, novel, chapter, sound)
}

export async function pickRendition(
  application: Application,
  novel: NovelRow,
  chapter: ChapterRow,
  sound: RenditionOptions,
): Promise<Rendition> {
  const [picked] = await pickRenditions(application, novel, [chapter], sound)
  if (!picked) throw new Error('one chapter has one rendition')
  return picked
}

/** The rendition to be heard of each of these chapters of a novel. */
export async function pickRenditions(
  application: Application,
  novel: NovelRow,
  chapters: readonly ChapterRow[],
  sound: RenditionOptions,
): Promise<Rendition[]> {
  const { voice, speed, today: currentHash } = await resolveVoice(application, novel, sound)
  const olderHashes = await recipesWithVoice(application.db, voice, speed)
  const best: Rendition[] = []
  for (const recipe of new Set([...(currentHash ? [currentHash] : []), ...olderHashes])) {
    const chapterCounts = await renditionCounts(application.counts, recipe, chapters)
    for (const [at, chapter] of chapters.entries()) {
      const tally = chapterCounts[at]
      const rival = best[at]
      if (!tally || (rival && tally.done <= rival.counts.done)) continue
      best[at] = { novel, chapter, voice, speed, recipe, counts: tally }
    }
  }
  if (best.length < chapters.length) throw new Failure('voice.unknown', { voice })
  return best
}

/** A voice that is no longer installed can still be heard where it has spoken. */
async function resolveVoice(
  application: Application,
  novel: NovelRow,
  sound: RenditionOptions,
): Promise<{ voice: string; speed: number; today: string | undefined }> {
  try {
    const currentRecipe = await recipeOf(application, novel, sound)
    return { voice: currentRecipe.voice, speed: currentRecipe.speed, today: recipeHash(currentRecipe) }
  } catch (error) {
    if (sound.voice === undefined || !(error instanceof Failure)) throw error
    return { voice: sound.voice, speed: sound.speed ?? novel.speed, today: undefined }
  }
}

/** Whether all of it is spoken. */
export function isComplete({ counts }: Rendition): boolean {
  return counts.done === counts.total && counts.total > 0
}

/**
 * Throws `audio.unfinished`, or `audio.none` when nothing of it was ever spoken; `storage.salvaging` while that cannot
 * be told.
 */
export function requireComplete({ folder, problems }: Application, rendition: Rendition): void {
  const { counts } = rendition
  if (isComplete(rendition)) return
  if (problems.blocking?.code === 'storage.salvaging')
    throw new Failure('storage.salvaging', { folder: folder.root })
  if (counts.done === 0 && counts.setAside === 0) throw new Failure('audio.none')
  throw new Failure('audio.unfinished', { done: counts.done, total: counts.total })
}

/**
 * The chapters of a novel as they are heard in its own voice and speed, in reading order, finished or not; none when
 * nobody can speak it.
 */
export async function defaultRenditions(application: Application, novel: NovelRow): Promise<Rendition[]> {
  try {
    return await pickRenditions(application, novel, await chaptersOf(application.db, novel.id), {})
  } catch (error) {
    if (error instanceof Failure && error.code === 'voice.none') return []
    throw error
  }
}
