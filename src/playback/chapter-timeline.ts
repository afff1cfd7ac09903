import { leadSamples } from '../audio/mastering-settings.ts'
import { readChapterMarks } from '../jobs/transcodes/transcode-chapter.ts'
import { type Casting, recipeForRole, recipesOf } from '../novel/casting.ts'
import { framesToSeconds, type Recipe, sampleRate } from '../novel/clip.ts'
import { estimatesWordTimes } from '../novel/installed-voice.ts'
import type { SectionMark } from '../novel/section-marks.ts'
import type { Segment } from '../novel/segment.ts'
import { engineOf } from '../novel/voice.ts'
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
  /** Of a spoken one: its voice tells no times of words, so they are estimated. */
  readonly wordTimes?: 'estimated'
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
  const recipeOf = await recipesOfRoles(db, casting)
  const stored = await segmentsOf(db, chapter.id)
  let spokenFrames = 0
  /** Start of the next segment in frames; `undefined` after the first missing clip. */
  let nextFrame: number | undefined = 0
  const segments = lengths.map((frames, index): TimelineEntry => {
    const from = nextFrame === undefined ? {} : { from: framesToSeconds(nextFrame) }
    nextFrame = nextFrame === undefined || frames === undefined ? undefined : nextFrame + frames
    const { role, pause } = stored[index] ?? {}
    const recipe = recipeOf(role)
    const after = pause === undefined || recipe === undefined ? {} : { pause: recipe.pauses[pause] }
    if (frames === undefined) return { index, ...from, ready: false, ...after }
    spokenFrames += frames
    const wordTimes = isEstimated(recipe) ? { wordTimes: 'estimated' as const } : {}
    return { index, ...from, seconds: framesToSeconds(frames), ready: true, ...after, ...wordTimes }
  })
  return {
    seconds: framesToSeconds(spokenFrames),
    complete: nextFrame !== undefined && lengths.length > 0,
    segments,
  }
}

/** What each role of a casting is spoken in; `undefined` where that was never asked for. */
async function recipesOfRoles(
  db: Database,
  casting: Casting,
): Promise<(role: number | undefined) => Recipe | undefined> {
  const recipes = new Map<string, Recipe | undefined>()
  for (const hash of recipesOf(casting)) recipes.set(hash, (await recipeByHash(db, hash))?.recipe)
  return (role = 0) => recipes.get(recipeForRole(casting, role))
}

/** Tells of a segment's role whether its word times are estimated. */
export async function estimatedRoles(
  db: Database,
  casting: Casting,
): Promise<(role: number | undefined) => boolean> {
  const recipeOf = await recipesOfRoles(db, casting)
  return (role) => isEstimated(recipeOf(role))
}

function isEstimated(recipe: Recipe | undefined): boolean {
  return recipe !== undefined && estimatesWordTimes(engineOf(recipe.voice))
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
