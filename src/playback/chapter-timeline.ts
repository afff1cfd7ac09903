import { leadSamples } from '../audio/mastering-settings.ts'
import { readChapterMarks } from '../jobs/transcodes/transcode-chapter.ts'
import { type Casting, recipeForRole, recipesOf } from '../novel/casting.ts'
import { framesToSeconds, type Pauses, sampleRate } from '../novel/clip.ts'
import type { SectionMark } from '../novel/section-marks.ts'
import type { Segment } from '../novel/segment.ts'
import type { Database } from '../storage/database-tables.ts'
import { segmentsOf } from '../storage/queries/chapter-queries.ts'
import { clipLengths, clipsInOrder } from '../storage/queries/clip-queries.ts'
import { recipeByHash } from '../storage/queries/recipe-queries.ts'
import { type CountsHealth, type Rendition, type Renditions, requireComplete } from './renditions.ts'

/** Position of a segment, in seconds from the chapter's first sample. */
interface TimelineEntry {
  readonly index: number
  /** Start; known once all earlier segments are spoken. */
  readonly from?: number
  readonly seconds?: number
  readonly ready: boolean
  /** Seconds of silence meant between its last word and the next segment's first. */
  readonly pause?: number
}

export interface Timeline {
  /** Total length of the spoken segments. */
  readonly seconds: number
  readonly complete: boolean
  readonly segments: readonly TimelineEntry[]
}

export async function chapterTimeline(
  { db }: Pick<Renditions, 'db'>,
  { chapter, casting }: Rendition,
): Promise<Timeline> {
  const lengths = await clipLengths(db, chapter.id, casting)
  const pauses = await pausesAfter(db, chapter.id, casting)
  let spokenFrames = 0
  /** Start of the next segment in frames; `undefined` after the first missing clip. */
  let nextFrame: number | undefined = 0
  const segments = lengths.map((frames, index): TimelineEntry => {
    const from = nextFrame === undefined ? {} : { from: framesToSeconds(nextFrame) }
    nextFrame = nextFrame === undefined || frames === undefined ? undefined : nextFrame + frames
    const pause = pauses[index] === undefined ? {} : { pause: pauses[index] }
    if (frames === undefined) return { index, ...from, ready: false, ...pause }
    spokenFrames += frames
    return { index, ...from, seconds: framesToSeconds(frames), ready: true, ...pause }
  })
  return {
    seconds: framesToSeconds(spokenFrames),
    complete: nextFrame !== undefined && lengths.length > 0,
    segments,
  }
}

/** Seconds of silence after each segment, by the recipe in which it is spoken; `undefined` where that is unknown. */
async function pausesAfter(
  db: Database,
  chapterId: number,
  casting: Casting,
): Promise<readonly (number | undefined)[]> {
  const recipes = new Map<string, Pauses | undefined>()
  for (const hash of recipesOf(casting)) recipes.set(hash, (await recipeByHash(db, hash))?.recipe.pauses)
  const segments = await segmentsOf(db, chapterId)
  return segments.map(({ pause, role = 0 }) => recipes.get(recipeForRole(casting, role))?.[pause])
}

/** The section marks of a complete chapter. Throws `audio.none`, `audio.unfinished`, `storage.salvaging`. */
export async function chapterMarks(
  context: Pick<Renditions, 'db'> & CountsHealth,
  rendition: Rendition,
): Promise<SectionMark[]> {
  requireComplete(context, rendition)
  const { chapter, casting } = rendition
  const { db } = context
  return readChapterMarks(db, chapter, await clipsInOrder(db, chapter.id, casting))
}

/** Seconds of silence at the start of a chapter's first clip; 0 for recipes from before the opening pause existed. */
export async function openingSilenceSeconds(
  db: Database,
  { casting }: Pick<Rendition, 'casting'>,
  first: Pick<Segment, 'opening' | 'role'> | undefined,
): Promise<number> {
  if (!first?.opening) return 0
  const spokenIn = await recipeByHash(db, recipeForRole(casting, first.role ?? 0))
  const opening = spokenIn?.recipe.pauses.opening
  return opening === undefined ? 0 : leadSamples(opening) / sampleRate
}
