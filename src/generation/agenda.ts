import { type ChapterRow, chaptersByGeneration } from '../database/chapters.ts'
import type { Database } from '../database/database.ts'
import { unfinishedGenerations } from '../database/generations.ts'
import type { Generation } from '../novel/generation.ts'
import { Turns } from './turns.ts'

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
  readonly #turns = new Turns()
  #active = new Map<string, Active>()

  constructor(db: Database) {
    this.#db = db
  }

  /** Reads the rows again. Chapters of a generation never change, so they are read once. */
  reload(): Promise<void> {
    return this.#turns.take(() => this.#read())
  }

  /** A generation that was just written down, in its place, without reading all the others again. */
  add(added: Active): Promise<void> {
    return this.#turns.take(async () => {
      // Somebody may have read it meanwhile, and then knows more of it.
      if (this.#active.has(added.generation.id)) return
      const all = [...this.#active.values(), added]
      const sorted = all.toSorted((one, other) => inOrder(one.generation, other.generation))
      this.#active = new Map(sorted.map((active) => [active.generation.id, active]))
    })
  }

  async #read(): Promise<void> {
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

/** As the database orders them. */
function inOrder(one: Generation, other: Generation): number {
  return (
    other.priority - one.priority || compared(one.createdAt, other.createdAt) || compared(one.id, other.id)
  )
}

function compared(one: string, other: string): number {
  return Number(one > other) - Number(one < other)
}
