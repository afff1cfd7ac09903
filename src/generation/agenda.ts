import { type ChapterRow, chaptersByGeneration } from '../database/chapters.ts'
import type { Database } from '../database/database.ts'
import { unfinishedGenerations } from '../database/generations.ts'
import type { Generation } from '../novel/generation.ts'

/** A generation that is neither finished nor cancelled, with its chapters in reading order. */
export interface Active {
  readonly generation: Generation
  readonly chapters: readonly ChapterRow[]
}

/** A chapter that somebody waits for. */
export interface Work {
  readonly active: Active
  readonly chapter: ChapterRow
}

/** The database's rows in the order of the work: the most urgent first, then the oldest; each in reading order. */
export class Agenda {
  readonly #db: Database
  #active = new Map<string, Active>()

  constructor(db: Database) {
    this.#db = db
  }

  /** Reads the rows again. Chapters of a generation never change, so they are read once. */
  async reload(): Promise<void> {
    const active = new Map<string, Active>()
    for (const generation of await unfinishedGenerations(this.#db)) {
      const chapters =
        this.#active.get(generation.id)?.chapters ?? (await chaptersByGeneration(this.#db, generation.id))
      active.set(generation.id, { generation, chapters })
    }
    this.#active = active
  }

  all(): Iterable<Active> {
    return this.#active.values()
  }

  byId(id: string): Active | undefined {
    return this.#active.get(id)
  }

  /** Everything to be done, in order; what is paused is left out. */
  works(): Work[] {
    const works: Work[] = []
    for (const active of this.#active.values()) {
      if (active.generation.wish !== 'run') continue
      for (const chapter of active.chapters) works.push({ active, chapter })
    }
    return works
  }

  /** Those who wait for a chapter in a recipe, paused or not. */
  waitingFor(recipe: string, chapterIds: ReadonlySet<number>): Active[] {
    return [...this.#active.values()].filter(
      ({ generation, chapters }) =>
        generation.recipe === recipe && chapters.some((chapter) => chapterIds.has(chapter.id)),
    )
  }
}
