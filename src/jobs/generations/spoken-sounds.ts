import { type Casting, recipeForRole } from '../../novel/casting.ts'
import { framesToSeconds } from '../../novel/clip.ts'
import { typicalSpeakingSpeed } from '../../novel/speech-length.ts'
import type { StoredChapter } from '../../novel/stored-chapter.ts'
import type { Database } from '../../storage/database-tables.ts'
import { type ChapterRow, chaptersByGenerations } from '../../storage/queries/chapter-queries.ts'
import { textsWithClip } from '../../storage/queries/clip-queries.ts'
import { generationsToRecast } from '../../storage/queries/recast-queries.ts'
import type { Application } from '../application.ts'
import { renditionCounts } from './generation-progress.ts'

export type SpokenSoundContext = Pick<Application, 'backends' | 'counts' | 'db' | 'speakingRates'>

/** How a novel's generations sound, with the chapters of which something is spoken so. */
export interface SpokenSound {
  readonly casting: Casting
  readonly speed: number
  readonly chapters: readonly ChapterRow[]
  /** Until one is spoken. */
  readonly secondsPerSegment: number
}

export async function spokenSounds(
  { backends, counts, db, speakingRates }: SpokenSoundContext,
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
export async function countMissing(
  db: Database,
  text: Pick<StoredChapter, 'textHashes' | 'roles'>,
  casting: Casting,
): Promise<number> {
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
