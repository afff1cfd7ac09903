import { castingOf } from '../../novel/casting.ts'
import { voicesOfRoles } from '../../novel/cast.ts'
import { bookLexicon } from '../../storage/queries/lexicon-queries.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import type { Application } from '../application.ts'
import { remadeCounts } from '../generations/remade-counts.ts'
import { countMissing, spokenSounds, type SpokenSoundContext } from '../generations/spoken-sounds.ts'
import { partsOfVoices } from '../voices/generation-recipes.ts'
import { cutChapters } from './apply-cast.ts'
import { requireCast } from './cast-commands.ts'

export type CastPlanContext = SpokenSoundContext & Pick<Application, 'voices'>

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
  const lexicon = await bookLexicon(db, novel)
  const cut = await cutChapters(db, [...spoken.values()], { cast, lexicon })
  const remade = new Set<number>()
  let [segments, seconds] = [0, 0]
  for (const { casting, speed, chapters, secondsPerSegment } of sounds) {
    const { parts } = await partsOfVoices(context, novel, voices, speed)
    const wanted = castingOf(casting.narrator, parts)
    const kept = chapters.filter(({ id }) => !cut.has(id)).map(({ id }) => id)
    const remadeOf = await remadeCounts(db, kept, casting, wanted)
    for (const { id } of chapters) {
      const anew = cut.get(id)
      const fresh = anew ? await countMissing(db, anew.text, wanted) : (remadeOf.get(id) ?? 0)
      segments += fresh
      seconds += fresh * secondsPerSegment
      if (fresh > 0) remade.add(id)
    }
  }
  return { segments, chapters: remade.size, seconds }
}
