import { framesToSeconds } from '../../novel/clip.ts'
import { typicalSpeakingSpeed } from '../../novel/speech-length.ts'
import { chaptersOf, textHashesOf } from '../../storage/queries/chapter-queries.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import type { Application } from '../application.ts'
import { renditionCounts } from '../generations/generation-progress.ts'
import { castingFor } from '../voices/generation-recipes.ts'
import type { PreparedEdit } from './chapter-arrangement.ts'
import { type ChapterCommand, prepareEdit } from './edit-chapters.ts'

export type PreviewContext = Pick<
  Application,
  'backends' | 'counts' | 'db' | 'folder' | 'speakingRates' | 'voices'
>

/** What of that which is spoken is made anew; `seconds` until it is. */
export interface RemadeByEdit {
  readonly segments: number
  readonly chapters: number
  readonly seconds: number
}

/** What an edit would make anew in the novel's own voice. Throws what `prepareEdit` throws. */
export async function previewEdit(
  context: PreviewContext,
  novel: NovelRow,
  command: ChapterCommand,
): Promise<RemadeByEdit> {
  return remadeBy(
    context,
    novel,
    await prepareEdit(context, novel, await chaptersOf(context.db, novel.id), command),
  )
}

/** Counts the segments of new texts that none of the old ones has, where these are spoken at all. */
async function remadeBy(
  { backends, counts, db, speakingRates, voices }: PreviewContext,
  novel: NovelRow,
  { before, after }: PreparedEdit,
): Promise<RemadeByEdit> {
  const none = { segments: 0, chapters: 0, seconds: 0 }
  const texts = after.filter((chapter) => 'textHashes' in chapter)
  if (texts.length === 0 || !voices.ofNovel(novel)) return none
  const { casting } = await castingFor({ db, voices }, novel)
  const spoken = (await renditionCounts(counts, casting, before)).filter(({ done }) => done > 0)
  if (spoken.length === 0) return none
  const old = new Set(
    await textHashesOf(
      db,
      before.map(({ id }) => id),
    ),
  )
  const fresh = texts.map(({ textHashes }) => textHashes.filter((hash) => !old.has(hash)).length)
  const segments = fresh.reduce((sum, each) => sum + each, 0)
  return {
    segments,
    chapters: fresh.filter((each) => each > 0).length,
    seconds: await secondsToRemake({ backends, speakingRates, voices, db }, novel, segments, spoken),
  }
}

/** How long so many segments take that are as long as those which are spoken. */
export async function secondsToRemake(
  {
    backends,
    db,
    speakingRates,
    voices,
  }: Pick<PreviewContext, 'backends' | 'db' | 'speakingRates' | 'voices'>,
  novel: NovelRow,
  segments: number,
  spoken: Awaited<ReturnType<typeof renditionCounts>>,
): Promise<number> {
  if (segments === 0 || spoken.length === 0) return 0
  const { recipes } = await castingFor({ db, voices }, novel)
  const [done, frames] = spoken.reduce(([sum, all], each) => [sum + each.done, all + each.frames], [0, 0])
  const [{ voice }] = recipes
  const { speechPerSecond = typicalSpeakingSpeed(voice) } = await speakingRates.of(voice)
  const backend = backends.of(voice)
  const places = Math.max(1, backend.placesFor?.(voice) ?? backend.capacity)
  return (segments * framesToSeconds(frames)) / done / (speechPerSecond * places)
}
