import type { BookLexicon } from '../../novel/lexicon-entry.ts'
import { novelsWithin } from '../../storage/queries/lexicon-book-queries.ts'
import { bookLexicon, changedEntries, entriesOf } from '../../storage/queries/lexicon-queries.ts'
import { novelById, type NovelRow } from '../../storage/queries/novel-queries.ts'
import { countMissing, spokenSounds, type SpokenSoundContext } from '../generations/spoken-sounds.ts'
import { sayChapters } from './apply-lexicon.ts'
import { checkedChange, requirePlace, type ScopedChange } from './lexicon-commands.ts'

/** What of that which is spoken would be made anew; `seconds` until it is. */
interface LexiconCost {
  readonly segments: number
  readonly chapters: number
  readonly novels: number
  readonly seconds: number
}

/**
 * What a change of words would cost in all novels in which they hold; nothing is changed. Throws `lexicon.no-series`,
 * `lexicon.impossible`, and the signal's reason.
 */
export async function planLexicon(
  context: SpokenSoundContext,
  novel: NovelRow,
  { scope, ...wanted }: ScopedChange,
  signal?: AbortSignal,
): Promise<LexiconCost> {
  const { db } = context
  const place = requirePlace(novel, scope)
  const known = await entriesOf(db, place)
  const { before, after } = changedEntries(known, checkedChange(wanted))
  const gone = new Set(before.map(({ id }) => id))
  const entries = [...known.filter(({ id }) => !gone.has(id)), ...after]
  let [segments, chapters, novels, seconds] = [0, 0, 0, 0]
  for (const id of await novelsWithin(db, place)) {
    const one = await novelById(db, id)
    if (!one) continue
    const cost = await costOf(context, one, await bookLexicon(db, one, { scope, entries }), signal)
    segments += cost.segments
    chapters += cost.chapters
    seconds += cost.seconds
    if (cost.segments > 0) novels++
  }
  return { segments, chapters, novels, seconds }
}

async function costOf(
  context: SpokenSoundContext,
  novel: NovelRow,
  lexicon: BookLexicon,
  signal: AbortSignal | undefined,
): Promise<Omit<LexiconCost, 'novels'>> {
  const sounds = await spokenSounds(context, novel.id)
  const spoken = new Map(sounds.flatMap(({ chapters }) => chapters.map((chapter) => [chapter.id, chapter])))
  const cut = await sayChapters(context.db, [...spoken.values()], lexicon, { signal })
  const remade = new Set<number>()
  let [segments, seconds] = [0, 0]
  for (const { casting, chapters, secondsPerSegment } of sounds)
    for (const { id } of chapters) {
      const anew = cut.get(id)
      const missing = anew ? await countMissing(context.db, anew.text, casting) : 0
      segments += missing
      seconds += missing * secondsPerSegment
      if (missing > 0) remade.add(id)
    }
  return { segments, chapters: remade.size, seconds }
}
