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

type CastingIndex = Map<number, readonly ActiveGeneration[]>

/** What the caller has read or written of a generation already. */
export interface ReadGeneration {
  readonly chapters: readonly ChapterRow[]
  /** The generation itself, if it was made just now. */
  readonly made?: Generation
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
  /** Of each casting that was asked for: those that contain a chapter, by its id, in the order in which they are worked on. */
  readonly #castings = new Map<string, CastingIndex>()
  /** By id: how many have it. */
  readonly #voices = new Map<string, number>()

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
      this.#castings.clear()
      this.#voices.clear()
      for (const { voices } of this.#order) this.#countVoices(voices, 1)
    })
  }

  /**
   * Reads one generation again and moves it to its position, or removes it if it is finished, cancelled or deleted.
   * `read`: what the caller knows of it already. One that was made just now is not read, unless others have read it.
   */
  reloadOne(id: string, read?: ReadGeneration): Promise<ActiveGeneration | undefined> {
    return this.#mutex.run(async () => {
      const before = this.#byId.get(id)
      const made = before ? undefined : read?.made
      const generation = made ?? (await generationById(this.#db, id))
      const unfinished =
        generation !== undefined &&
        generation.completedAt === undefined &&
        generation.desiredState !== 'cancelled'
      const active = unfinished ? await this.#activeOf(generation, { known: read?.chapters }) : undefined
      if (before) this.#remove(before)
      if (active) this.#insert(active)
      return active
    })
  }

  /** Removes the generations of a novel that was hidden. */
  removeNovel(novelId: string): Promise<void> {
    return this.#mutex.run(async () => {
      for (const active of this.#order) if (active.generation.novelId === novelId) this.#remove(active)
    })
  }

  all(): readonly ActiveGeneration[] {
    return this.#order
  }

  /** Ids of the voices of all. */
  voices(): Iterable<string> {
    return this.#voices.keys()
  }

  byId(id: string): ActiveGeneration | undefined {
    return this.#byId.get(id)
  }

  /** Those that contain a chapter in a casting, paused or not. The cost does not grow with how many there are. */
  waitingFor(castingId: string, chapterId: number): readonly ActiveGeneration[] {
    let index = this.#castings.get(castingId)
    if (!index) {
      this.#castings.set(castingId, (index = new Map()))
      for (const active of this.#order)
        if (active.generation.casting.id === castingId) addToIndex(index, active)
    }
    return index.get(chapterId) ?? []
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
    // The chapters of one that goes along with a listener are others again and again.
    const read =
      known ??
      (generation.ahead === undefined ? undefined : await chaptersByGeneration(this.#db, generation.id))
    const isRecast = before?.generation.casting.id !== generation.casting.id
    const voices = before && !isRecast ? before.voices : await this.#voicesOf(generation)
    const isMoved = before && read && !areSame(before.chapters, read)
    if (before && !rekeyed && !isMoved) return { ...before, generation, voices }
    const chapters = read ?? (await chaptersByGeneration(this.#db, generation.id))
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

  #remove(active: ActiveGeneration): void {
    const { generation, voices, chapters } = active
    this.#order = this.#order.toSpliced(this.#order.indexOf(active), 1)
    this.#byId.delete(generation.id)
    this.#countVoices(voices, -1)
    const index = this.#castings.get(generation.casting.id)
    if (!index) return
    for (const { id } of chapters) {
      const others = index.get(id)?.filter((other) => other !== active) ?? []
      if (others.length > 0) index.set(id, others)
      else index.delete(id)
    }
  }

  #insert(active: ActiveGeneration): void {
    this.#order = insertedInOrder(this.#order, active)
    this.#byId.set(active.generation.id, active)
    this.#countVoices(active.voices, 1)
    const index = this.#castings.get(active.generation.casting.id)
    if (index) addToIndex(index, active)
  }

  #countVoices(voices: readonly string[], by: number): void {
    for (const voice of voices) {
      const count = (this.#voices.get(voice) ?? 0) + by
      if (count > 0) this.#voices.set(voice, count)
      else this.#voices.delete(voice)
    }
  }
}

function addToIndex(index: CastingIndex, active: ActiveGeneration): void {
  for (const { id } of active.chapters) index.set(id, insertedInOrder(index.get(id) ?? [], active))
}

function insertedInOrder(
  order: readonly ActiveGeneration[],
  active: ActiveGeneration,
): readonly ActiveGeneration[] {
  let [low, high] = [0, order.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareInQueue(active.generation, order[middle]!.generation) < 0) high = middle
    else low = middle + 1
  }
  return order.toSpliced(low, 0, active)
}

function areSame(known: readonly ChapterRow[], read: readonly ChapterRow[]): boolean {
  return known.length === read.length && known.every(({ id }, at) => id === read[at]?.id)
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
  return active
    .filter(({ generation }) => generation.desiredState === 'run')
    .map(({ generation }) => generation.id)
}
