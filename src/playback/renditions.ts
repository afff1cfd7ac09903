import { renditionCounts, type RenditionCounts } from '../jobs/generations/generation-progress.ts'
import { requireChapter } from '../jobs/require-novel.ts'
import type { ProgressCounts } from '../jobs/generations/progress-counts.ts'
import type { Problems } from '../jobs/storage-health.ts'
import { castingFor } from '../jobs/voices/generation-recipes.ts'
import type { VoiceRegistry } from '../jobs/voices/voice-registry.ts'
import type { Casting } from '../novel/casting.ts'
import { Failure, type FailureCode } from '../novel/failure.ts'
import type { Database } from '../storage/database-tables.ts'
import { type ChapterRow, chaptersOf } from '../storage/queries/chapter-queries.ts'
import type { NovelRow } from '../storage/queries/novel-queries.ts'
import { castingsWithNarrator } from '../storage/queries/casting-queries.ts'

/** What the renditions of a novel are read from. */
export interface Renditions {
  readonly db: Database
  readonly counts: ProgressCounts
  readonly voices: VoiceRegistry
}

/** Whether the counts can be relied on: not while the clips of the data folder are salvaged. */
export interface CountsHealth {
  readonly folder: { readonly root: string }
  readonly problems: Pick<Problems, 'blocking'>
}

/** Requested voice and speed; `undefined`: the novel's default. */
export interface RenditionOptions {
  readonly voice?: string | undefined
  readonly speed?: number | undefined
}

/** A chapter spoken in one casting. */
export interface Rendition {
  readonly novel: NovelRow
  readonly chapter: ChapterRow
  readonly voice: string
  readonly speed: number
  /** Who speaks what; voice and speed are the narrator's. */
  readonly casting: Casting
  readonly counts: RenditionCounts
}

/**
 * The rendition to play: the current casting, or an older one with the same narrator and speed (from before an engine or
 * the audio recipe changed) as long as more of its clips exist. Throws `novel.unknown`, `chapter.unknown`,
 * `voice.unknown`, `voice.none`.
 */
export async function findRendition(
  context: Renditions,
  novelId: string,
  chapterNumber: number,
  options: RenditionOptions = {},
): Promise<Rendition> {
  const { novel, chapter } = await requireChapter(context, novelId, chapterNumber)
  return pickRendition(context, novel, chapter, options)
}

export async function pickRendition(
  context: Renditions,
  novel: NovelRow,
  chapter: ChapterRow,
  options: RenditionOptions,
): Promise<Rendition> {
  const [picked] = await pickRenditions(context, novel, [chapter], options)
  if (!picked) throw new Error(`no rendition was picked for chapter ${chapter.number}`)
  return picked
}

/** `findRendition` for several chapters of a novel, in the same order. Throws `voice.unknown`, `voice.none`. */
export async function pickRenditions(
  context: Renditions,
  novel: NovelRow,
  chapters: readonly ChapterRow[],
  options: RenditionOptions,
): Promise<Rendition[]> {
  const { voice, speed, current } = await resolveVoice(context, novel, options)
  const older = await castingsWithNarrator(context.db, novel.id, voice, speed)
  const castings = new Map((current ? [current, ...older] : older).map((casting) => [casting.id, casting]))
  const best: Rendition[] = []
  for (const casting of castings.values()) {
    const chapterCounts = await renditionCounts(context.counts, casting, chapters)
    for (const [at, chapter] of chapters.entries()) {
      const counts = chapterCounts[at]
      const previous = best[at]
      if (!counts || (previous && counts.done <= previous.counts.done)) continue
      best[at] = { novel, chapter, voice, speed, casting, counts }
    }
  }
  if (best.length < chapters.length) throw new Failure('voice.unknown', { voice })
  return best
}

/** Falls back to the requested voice when it is no longer installed: its existing clips still play. */
async function resolveVoice(
  context: Renditions,
  novel: NovelRow,
  options: RenditionOptions,
): Promise<{ voice: string; speed: number; current: Casting | undefined }> {
  try {
    const { casting, recipes } = await castingFor(context, novel, options)
    const [narrator] = recipes
    return { voice: narrator.voice, speed: narrator.speed, current: casting }
  } catch (error) {
    if (options.voice === undefined || !(error instanceof Failure)) throw error
    return { voice: options.voice, speed: options.speed ?? novel.speed, current: undefined }
  }
}

/** Whether every segment has its clip. */
export function isComplete({ counts }: Rendition): boolean {
  return counts.done === counts.total && counts.total > 0
}

/**
 * Throws unless the rendition is complete: `audio.none` if no segment was ever attempted, else `audio.unfinished`;
 * `storage.salvaging` while the counts are unreliable.
 */
export function requireComplete({ folder, problems }: CountsHealth, rendition: Rendition): void {
  const { counts } = rendition
  if (isComplete(rendition)) return
  if (problems.blocking?.code === 'storage.salvaging')
    throw new Failure('storage.salvaging', { folder: folder.root })
  if (counts.done === 0 && counts.setAside === 0) throw new Failure('audio.none')
  throw new Failure('audio.unfinished', { done: counts.done, total: counts.total })
}

/** No voice speaks a novel's language, or no voice is there yet. */
const voiceless: ReadonlySet<FailureCode> = new Set(['voice.none', 'speech.no-machine', 'speech.no-worker'])

/**
 * The renditions of all chapters in the novel's default voice and speed, in reading order, complete or not; empty when
 * no installed voice speaks its language.
 */
export async function defaultRenditions(context: Renditions, novel: NovelRow): Promise<Rendition[]> {
  try {
    return await pickRenditions(context, novel, await chaptersOf(context.db, novel.id), {})
  } catch (error) {
    if (error instanceof Failure && voiceless.has(error.code)) return []
    throw error
  }
}
