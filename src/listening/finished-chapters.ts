import { chaptersOf } from '../database/chapters.ts'
import type { NovelRow } from '../database/novels.ts'
import type { Studio } from '../generation/studio.ts'
import { breathe } from '../generation/turns.ts'
import { Failure } from '../novel/failure.ts'
import { pickRendition, type Rendition } from './rendition.ts'

const chaptersPerTurn = 50

/** Whether all that there is to speak is spoken. */
export function isFinished({ tally }: Rendition): boolean {
  return tally.total > 0 && tally.done === tally.total
}

/**
 * The chapters of a novel as they are heard in its own voice and speed, in reading order, finished or not; none when
 * nobody can speak it.
 */
export async function ownRenditions(studio: Studio, novel: NovelRow): Promise<Rendition[]> {
  const renditions: Rendition[] = []
  try {
    for (const [at, chapter] of (await chaptersOf(studio.db, novel.id)).entries()) {
      if (at % chaptersPerTurn === chaptersPerTurn - 1) await breathe()
      renditions.push(await pickRendition(studio, novel, chapter, {}))
    }
  } catch (error) {
    if (error instanceof Failure && error.code === 'voice.none') return []
    throw error
  }
  return renditions
}
