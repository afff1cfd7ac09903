import { recipeForRole, recipesOf, usesRecipe } from '../../novel/casting.ts'
import type { Generation } from '../../novel/generation.ts'
import { compareInQueue } from '../../novel/queue-order.ts'
import type { Database } from '../../storage/database-tables.ts'
import {
  type ChapterRow,
  chaptersByGeneration,
  type Occurrence,
} from '../../storage/queries/chapter-queries.ts'
import { generationById, unfinishedGenerations } from '../../storage/queries/generation-queries.ts'
import { recipeByHash } from '../../storage/queries/recipe-queries.ts'
import { Mutex } from '../concurrency.ts'

/** A generation that is neither finished nor cancelled, with its chapters in reading order. */
export interface ActiveGeneration {
  readonly generation: Generation
  /** The same array each time, as long as the generation is active. */
  readonly chapters: readonly ChapterRow[]
  /** Segments in all chapters. */
  readonly total: number
  /** Ids of the voices of its casting, the narrator's first. */
  readonly voices: readonly string[]
  /** Ids of the chapters, ascending. */
  readonly chapterIds: Float64Array
}

/** A chapter of an active generation. */
export interface PendingChapter {
  readonly active: ActiveGeneration
  readonly chapter: ChapterRow
}

/**
 * The active generations in the order in which they are worked on (`queue-order.ts`). One that is
 * added, changed or finished is read by itself, so that a request costs the same however many are active.
 */
export class ActiveGenerations {
  readonly #db: Database
  readonly #mutex = new Mutex()
  #byId = new Map<string, ActiveGeneration>()
  /** Replaced, never mutated, so that an iteration is not disturbed. */
  #order: readonly ActiveGeneration[] = []
  /** By casting and chapter, as far as it was asked for since the order last changed. */
  #index: {
    readonly order: readonly ActiveGeneration[]
    readonly castings: Map<string, Map<number, ActiveGeneration[]>>
  } = { order: [], castings: new Map() }

  constructor(db: Database) {
    this.#db = db
  }

  /**
   * Reads all rows again. The chapters of a generation change only when a novel is re-keyed (`chapters`), so else they
   * are read once.
   */
  reload({ chapters = false }: { chapters?: boolean } = {}): Promise<void> {
    return this.#mutex.run(async () => {
      const active = new Map<string, ActiveGeneration>()
      for (const generation of await unfinishedGenerations(this.#db)) {
        active.set(generation.id, await this.#activeOf(generation, { rekeyed: chapters }))
      }
      this.#byId = active
      this.#order = [...active.values()]
    })
  }

  /**
   * Reads one generation again and moves it to its position, or removes it if it is finished, cancelled or deleted.
   * `chapters`: its chapters, if the caller has read them already.
   */
  reloadOne(id: string, chapters?: readonly ChapterRow[]): Promise<ActiveGeneration | undefined> {
    return this.#mutex.run(async () => {
      const generation = await generationById(this.#db, id)
      const unfinished =
        generation !== undefined && generation.completedAt === undefined && generation.wish !== 'cancelled'
      const active = unfinished ? await this.#activeOf(generation, { known: chapters }) : undefined
      this.#remove(({ generation }) => generation.id === id)
      if (active) this.#insert(active)
      return active
    })
  }

  /** Removes the generations of a novel that was hidden. */
  removeNovel(novelId: string): Promise<void> {
    return this.#mutex.run(async () => this.#remove(({ generation }) => generation.novelId === novelId))
  }

  all(): readonly ActiveGeneration[] {
    return this.#order
  }

  byId(id: string): ActiveGeneration | undefined {
    return this.#byId.get(id)
  }

  /** Those that contain a chapter in a casting, paused or not. The cost does not grow with how many there are. */
  waitingFor(castingId: string, chapterId: number): readonly ActiveGeneration[] {
    if (this.#index.order !== this.#order) this.#index = { order: this.#order, castings: new Map() }
    const { castings } = this.#index
    let byChapter = castings.get(castingId)
    if (!byChapter) {
      castings.set(castingId, (byChapter = new Map()))
      for (const active of this.#order) {
        if (active.generation.casting.id !== castingId) continue
        for (const { id } of active.chapters) {
          const others = byChapter.get(id)
          if (others) others.push(active)
          else byChapter.set(id, [active])
        }
      }
    }
    return byChapter.get(chapterId) ?? []
  }

  /** Those that speak one of these occurrences of a text in a recipe, in whatever casting, paused or not. */
  affectedBy(recipe: string, occurrences: readonly Occurrence[]): ActiveGeneration[] {
    return this.#order.filter((active) => {
      const { casting } = active.generation
      if (!usesRecipe(casting, recipe)) return false
      return occurrences.some(
        ({ chapterId, role }) => recipeForRole(casting, role) === recipe && hasChapter(active, chapterId),
      )
    })
  }

  async #activeOf(
    generation: Generation,
    { known, rekeyed = false }: { known?: readonly ChapterRow[] | undefined; rekeyed?: boolean },
  ): Promise<ActiveGeneration> {
    const before = this.#byId.get(generation.id)
    const isRecast = before?.generation.casting.id !== generation.casting.id
    const voices = before && !isRecast ? before.voices : await this.#voicesOf(generation)
    if (before && !rekeyed) return { ...before, generation, voices }
    const chapters = known ?? (await chaptersByGeneration(this.#db, generation.id))
    return {
      generation,
      voices,
      chapters,
      total: chapters.reduce((sum, { segmentCount }) => sum + segmentCount, 0),
      chapterIds: Float64Array.from(chapters, ({ id }) => id).sort(),
    }
  }

  async #voicesOf({ voice, casting }: Generation): Promise<string[]> {
    const voices = new Set([voice])
    for (const recipe of recipesOf(casting)) {
      if (recipe === casting.narrator) continue
      const saved = await recipeByHash(this.#db, recipe)
      if (saved) voices.add(saved.recipe.voice)
    }
    return [...voices]
  }

  #remove(which: (active: ActiveGeneration) => boolean): void {
    this.#order = this.#order.filter((active) => {
      if (!which(active)) return true
      this.#byId.delete(active.generation.id)
      return false
    })
  }

  #insert(active: ActiveGeneration): void {
    const at = this.#order.findIndex(({ generation }) => compareInQueue(active.generation, generation) < 0)
    this.#order = this.#order.toSpliced(at < 0 ? this.#order.length : at, 0, active)
    this.#byId.set(active.generation.id, active)
  }
}

/** By the id of a chapter. */
export function hasChapter({ chapterIds }: ActiveGeneration, id: number): boolean {
  let [low, high] = [0, chapterIds.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (chapterIds[middle]! < id) low = middle + 1
    else high = middle
  }
  return chapterIds[low] === id
}

/** Ids of those that are neither paused nor cancelled. */
export function idsToRun(active: readonly ActiveGeneration[]): string[] {
  return active.filter(({ generation }) => generation.wish === 'run').map(({ generation }) => generation.id)
}
