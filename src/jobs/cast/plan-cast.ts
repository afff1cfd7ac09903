import { type Casting, castingOf, recipeForRole } from '../../novel/casting.ts'
import { voicesOfRoles } from '../../novel/cast.ts'
import { framesToSeconds } from '../../novel/clip.ts'
import { typicalSpeakingSpeed } from '../../novel/speech-length.ts'
import type { Database } from '../../storage/database-tables.ts'
import { type ChapterRow, chaptersByGenerations } from '../../storage/queries/chapter-queries.ts'
import { textsWithClip } from '../../storage/queries/clip-queries.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import { generationsToRecast } from '../../storage/queries/recast-queries.ts'
import type { Application } from '../application.ts'
import { renditionCounts } from '../generations/generation-progress.ts'
import { remadeCounts } from '../generations/remade-counts.ts'
import { partsOfVoices } from '../voices/generation-recipes.ts'
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

/** What applying the cast that is shown would cost; nothing is changed. Throws `cast.none`. */
export async function planCast(context: CastPlanContext, novel: NovelRow): Promise<CastPlan> {
  const { db } = context
  const { cast } = await requireCast(context, novel.id)
  const voices = voicesOfRoles(cast)
  const sounds = await spokenSounds(context, novel.id)
  const spoken = new Map(sounds.flatMap(({ chapters }) => chapters.map((chapter) => [chapter.id, chapter])))
  const cut = await cutChapters(db, [...spoken.values()], cast)
  const remade = new Set<number>()
  let [segments, seconds] = [0, 0]
  for (const { casting, speed, chapters, secondsPerSegment } of sounds) {
    const { parts } = await partsOfVoices(context, novel, voices, speed)
    const wanted = castingOf(casting.narrator, parts)
    const kept = chapters.filter(({ id }) => !cut.has(id)).map(({ id }) => id)
    const remadeOf = await remadeCounts(db, kept, casting, wanted)
    for (const { id } of chapters) {
      const anew = cut.get(id)
      const fresh = anew ? await countMissing(db, anew, wanted) : (remadeOf.get(id) ?? 0)
      segments += fresh
      seconds += fresh * secondsPerSegment
      if (fresh > 0) remade.add(id)
    }
  }
  return { segments, chapters: remade.size, seconds }
}

/** How a novel's generations sound, with the chapters of which something is spoken so. */
interface SpokenSound {
  readonly casting: Casting
  readonly speed: number
  readonly chapters: readonly ChapterRow[]
  /** Until one is spoken. */
  readonly secondsPerSegment: number
}

async function spokenSounds(
  { backends, counts, db, speakingRates }: CastPlanContext,
  novelId: string,
): Promise<SpokenSound[]> {
  const generations = await generationsToRecast(db, novelId)
  const chaptersOf = await chaptersByGenerations(
    db,
    generations.map(({ id }) => id),
  )
  const sounds: SpokenSound[] = []
  for (const same of Map.groupBy(generations, ({ casting }) => casting.id).values()) {
    const [{ casting, speed, voice }] = same as [(typeof same)[number]]
    const asked = new Map(same.flatMap(({ id }) => (chaptersOf.get(id) ?? []).map((row) => [row.id, row])))
    const chapters = [...asked.values()]
    const counted = await renditionCounts(counts, casting, chapters)
    const [done, frames] = counted.reduce(([sum, all], each) => [sum + each.done, all + each.frames], [0, 0])
    if (done === 0) continue
    const { speechPerSecond = typicalSpeakingSpeed(voice) } = await speakingRates.of(voice)
    const places = Math.max(1, backends.of(voice).capacity)
    sounds.push({
      casting,
      speed,
      chapters: chapters.filter((_, at) => counted[at]!.done > 0),
      secondsPerSegment: framesToSeconds(frames) / done / (speechPerSecond * places),
    })
  }
  return sounds
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
