import { chaptersOf } from '../database/chapters.ts'
import type { NovelRow } from '../database/novels.ts'
import type { Studio } from '../generation/studio.ts'
import { sumTallies } from '../generation/tally.ts'
import { Failure } from '../novel/failure.ts'
import { pickRendition, type Rendition, type Sound } from './rendition.ts'

/** The narrated chapters of a novel in a sound, in reading order, and which of them are completely spoken. */
export interface SpokenChapters {
  readonly narrated: readonly Rendition[]
  readonly spoken: readonly Rendition[]
}

/** Throws `voice.unknown`, `voice.none`. */
export async function spokenChapters(
  studio: Studio,
  novel: NovelRow,
  sound: Sound = {},
): Promise<SpokenChapters> {
  const narrated: Rendition[] = []
  for (const chapter of await chaptersOf(studio.db, novel.id)) {
    if (chapter.narrated && chapter.segmentCount > 0)
      narrated.push(await pickRendition(studio, novel, chapter, sound))
  }
  return { narrated, spoken: narrated.filter(({ tally }) => tally.done === tally.total) }
}

/** Throws `book.unfinished` while no chapter is ready, `audio.none` when nothing was ever spoken. */
export function requireSpoken({ narrated, spoken }: SpokenChapters): void {
  if (spoken.length > 0) return
  const { done, total, setAside } = sumTallies(narrated.map(({ tally }) => tally))
  if (done === 0 && setAside === 0) throw new Failure('audio.none')
  throw new Failure('book.unfinished', { done, total })
}
