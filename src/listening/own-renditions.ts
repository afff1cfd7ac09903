import { chaptersOf } from '../database/chapters.ts'
import type { NovelRow } from '../database/novels.ts'
import type { Application } from '../generation/studio.ts'
import { Failure } from '../novel/failure.ts'
import { pickRenditions, type Rendition } from './rendition.ts'

/**
 * The chapters of a novel as they are heard in its own voice and speed, in reading order, finished or not; none when
 * nobody can speak it.
 */
export async function defaultRenditions(studio: Application, novel: NovelRow): Promise<Rendition[]> {
  try {
    return await pickRenditions(studio, novel, await chaptersOf(studio.db, novel.id), {})
  } catch (error) {
    if (error instanceof Failure && error.code === 'voice.none') return []
    throw error
  }
}
