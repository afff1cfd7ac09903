import { type ChapterRow, chaptersByGeneration } from '../database/chapters.ts'
import type { Database } from '../database/tables.ts'
import { generationById, unfinishedGenerations } from '../database/generations.ts'
import type { Generation } from '../novel/generation.ts'
import { Turns } from './turns.ts'

/** A generation that is neither finished nor cancelled, with its chapters in reading order. */
export interface Active {
  readonly generation: Generation
  /** As long as it is active, the same list each time. */
  readonly chapters: readonly ChapterRow[]
  /** Segments of all of them. */
  readonly total: number
  /** Ids of the chapters, ascending. */
  readonly chapterIds: Float64Array
}

/** A chapter that somebody waits for. */
export interface Work {
  readonly active: Active
  readonly chapter: ChapterRow
}

/**
 * The active generations in the order of the work: the most urgent first, then the oldest; each in reading order. One
 * that comes, changes or ends is read by itself, so that a request costs the same however many wait.
 */
export class Agenda {
  readonly #db: Database
  readonly #turns = new Turns()
  #byId = new Map<string, Active>()
  /** Replaced, never changed: whoever goes through it goes through the one that he began with. */
  #order: readonly Active[] = []

  constructor(db: Database) {
    this.#db = db
  }

  /** Reads all rows again. Chapters of a generation never change, so they are read once. */
  reload(): Promise<void> {
    return this.#turns.take(async () => {
      const active = new Map<string, Active>()
      for (const generation of await unfinishedGenerations(this.#db)) {
        active.set(generation.id, await this.#activeOf(generation))
      }
      this.#byId = active
      this.#order = [...active.values()]
    })
  }

  /**
   * Reads one generation again and puts it in its place, or takes it out if there is nothing to do for it any more.
   * `chapters`: its chapters, if they are at hand.
   */
  reread(id: string, chapters?: readonly ChapterRow[]): Promise<Active | undefined> {
    return this.#turns.take(async () => {
      const generation = await generationById(this.#db, id)
      const waits =
        generation !== undefined && generation.completedAt === undefined && generation.wish !== 'cancelled'
      const active = waits ? await this.#activeOf(generation, chapters) : undefined
      this.#remove(({ generation }) => generation.id === id)
      if (active) this.#insert(active)
      return active
    })
  }

  /** A novel is hidden: what was asked of it is asked for no more. */
  removeNovel(novelId: string): Promise<void> {
    return this.#turns.take(async () => this.#remove(({ generation }) => generation.novelId === novelId))
  }

  all(): readonly Active[] {
    return this.#order
  }

  byId(id: string): Active | undefined {
    return this.#byId.get(id)
  }

  /** Those who wait for one of these chapters in a recipe, paused or not. */
  waitingFor(recipe: string, chapterIds: Iterable<number>): Active[] {
    const ids = [...chapterIds]
    return this.#order.filter(
      (active) => active.generation.recipe === recipe && ids.some((id) => hasChapter(active, id)),
    )
  }

  async #activeOf(generation: Generation, known?: readonly ChapterRow[]): Promise<Active> {
    const before = this.#byId.get(generation.id)
    if (before) return { ...before, generation }
    const chapters = known ?? (await chaptersByGeneration(this.#db, generation.id))
    return {
      generation,
      chapters,
      total: chapters.reduce((sum, { segmentCount }) => sum + segmentCount, 0),
      chapterIds: Float64Array.from(chapters, ({ id }) => id).sort(),
    }
  }

  #remove(which: (active: Active) => boolean): void {
    this.#order = this.#order.filter((active) => {
      if (!which(active)) return true
      this.#byId.delete(active.generation.id)
      return false
    })
  }

  #insert(active: Active): void {
    const at = this.#order.findIndex(({ generation }) => inOrder(active.generation, generation) < 0)
    this.#order = this.#order.toSpliced(at < 0 ? this.#order.length : at, 0, active)
    this.#byId.set(active.generation.id, active)
  }
}

function hasChapter({ chapterIds }: Active, id: number): boolean {
  let [low, high] = [0, chapterIds.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (chapterIds[middle]! < id) low = middle + 1
    else high = middle
  }
  return chapterIds[low] === id
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
