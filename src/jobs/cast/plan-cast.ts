import { type Casting, castingOf, recipeForRole } from '../../novel/casting.ts'
import { voicesOfRoles } from '../../novel/cast.ts'
import { framesToSeconds, recipeHash } from '../../novel/clip.ts'
import { typicalSpeakingSpeed } from '../../novel/speech-length.ts'
import type { Database } from '../../storage/database-tables.ts'
import { chaptersOf } from '../../storage/queries/chapter-queries.ts'
import { textsWithClip } from '../../storage/queries/clip-queries.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import type { Application } from '../application.ts'
import { renditionCounts } from '../generations/generation-progress.ts'
import { remadeCounts } from '../generations/remade-counts.ts'
import { castingFor, partsOfVoices } from '../voices/generation-recipes.ts'
import { cutChapters } from './apply-cast.ts'
import { requireCast } from './cast-commands.ts'
import type { CutChapter } from './cast-tasks.ts'

export type CastPlanContext = Pick<Application, 'backends' | 'counts' | 'db' | 'speakingRates' | 'voices'>

/** What of that which is spoken would be made anew; `seconds` until it is. */
export interface CastPlan {
  readonly segments: number
  readonly chapters: number
  readonly seconds: number
}

const nothing: CastPlan = { segments: 0, chapters: 0, seconds: 0 }

/** What applying the cast that is shown would cost; nothing is changed. Throws `cast.none`. */
export async function planCast(context: CastPlanContext, novel: NovelRow): Promise<CastPlan> {
  const { backends, counts, db, speakingRates, voices } = context
  const { cast } = await requireCast(context, novel.id)
  if (!voices.ofNovel(novel)) return nothing
  const { casting: own, recipes } = await castingFor(context, novel)
  const [narrator] = recipes
  const { parts } = await partsOfVoices(context, novel, voicesOfRoles(cast), narrator.speed)
  const wanted = castingOf(recipeHash(narrator), parts)
  const chapters = await chaptersOf(db, novel.id)
  const counted = await renditionCounts(counts, own, chapters)
  const spoken = chapters.filter((_, at) => counted[at]!.done > 0)
  if (spoken.length === 0) return nothing
  const cut = await cutChapters(db, spoken, cast)
  const kept = spoken.filter(({ id }) => !cut.has(id)).map(({ id }) => id)
  const remadeOf = await remadeCounts(db, kept, own, wanted)
  let [segments, remade] = [0, 0]
  for (const { id } of spoken) {
    const anew = cut.get(id)
    const fresh = anew ? await countMissing(db, anew, wanted) : (remadeOf.get(id) ?? 0)
    segments += fresh
    if (fresh > 0) remade++
  }
  const [done, frames] = counted.reduce(([sum, all], each) => [sum + each.done, all + each.frames], [0, 0])
  const { speechPerSecond = typicalSpeakingSpeed(narrator.voice) } = await speakingRates.of(narrator.voice)
  const places = Math.max(1, backends.of(narrator.voice).capacity)
  return {
    segments,
    chapters: remade,
    seconds: (segments * framesToSeconds(frames)) / done / (speechPerSecond * places),
  }
}

/** How many segments of a chapter that is cut anew have no clip. */
async function countMissing(db: Database, { text }: CutChapter, casting: Casting): Promise<number> {
  const keys = text.textHashes.map((words, at) => ({
    words,
    recipe: recipeForRole(casting, text.roles?.[at] ?? 0),
  }))
  let missing = 0
  for (const [recipe, own] of Map.groupBy(keys, (key) => key.recipe)) {
    const known = await textsWithClip(
      db,
      recipe,
      own.map(({ words }) => words),
    )
    missing += own.filter(({ words }) => !known.has(words)).length
  }
  return missing
}
