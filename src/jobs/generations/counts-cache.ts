import { type Casting, recipeForRole, usesRecipe } from '../../novel/casting.ts'
import type { Occurrence } from '../../storage/queries/chapter-queries.ts'
import type { ClipCounts } from '../../storage/queries/progress-queries.ts'
import { sumCounts, zeroCounts } from './clip-counts.ts'

/** A chapter's row, of which the counts need the id alone. */
export interface CountedChapter {
  readonly id: number
}

/** The cached counts of a casting. */
interface CastingCounts {
  readonly casting: Casting
  /** By chapter id. */
  readonly chapters: Map<number, ClipCounts>
  /** Sums by list of chapters; dropped when any count of the casting changes. */
  sums: WeakMap<readonly CountedChapter[], ClipCounts>
}

/** Counts by casting and chapter, as far as they were counted, and their sums. Reads and writes nothing. */
export class CountsCache {
  readonly #byCasting = new Map<string, CastingCounts>()
  /** Ids of the chapters whose counts were dropped since the last count began. */
  #dropped = new Set<number | 'all'>()
  #changes = 0

  /** Grows whenever a count may have changed. */
  get changes(): number {
    return this.#changes
  }

  /** The counts of a chapter in a casting (its id); `undefined` if they are not known. */
  known(castingId: string, chapterId: number): ClipCounts | undefined {
    return this.#byCasting.get(castingId)?.chapters.get(chapterId)
  }

  /** Those of these chapters that are to be counted. */
  unknown(casting: Casting, chapterIds: readonly number[]): number[] {
    const { chapters } = this.#ofCasting(casting)
    return chapterIds.filter((id) => !chapters.has(id))
  }

  /** The sum over these chapters, which are all known. Cached by the identity of `list`. */
  sum(casting: Casting, list: readonly CountedChapter[]): ClipCounts {
    const { chapters, sums } = this.#ofCasting(casting)
    const cached = sums.get(list)
    if (cached) return cached
    const sum = sumCounts(list.map(({ id }) => chapters.get(id) ?? zeroCounts))
    sums.set(list, sum)
    return sum
  }

  /** Whether the sum over this list is cached: then each of its chapters is known. */
  hasSum(casting: Casting, list: readonly CountedChapter[]): boolean {
    return this.#ofCasting(casting).sums.has(list)
  }

  /** A count begins: what is dropped until `add` may be of a moment before a change. */
  beginCount(): void {
    this.#dropped = new Set()
  }

  /** Takes what was counted of these chapters, zero if left out, except for those that were dropped meanwhile. */
  add(
    casting: Casting,
    chapterIds: readonly number[],
    counted: ReadonlyMap<number, ClipCounts> | undefined,
  ): void {
    const { chapters } = this.#ofCasting(casting)
    if (this.#dropped.has('all')) return
    for (const id of chapterIds) if (!this.#dropped.has(id)) chapters.set(id, counted?.get(id) ?? zeroCounts)
  }

  /** Drops the counts of these chapters in every casting. */
  drop(chapterIds: readonly number[]): void {
    if (chapterIds.length === 0) return
    this.#changes++
    for (const id of chapterIds) this.#dropped.add(id)
    for (const castingCounts of this.#byCasting.values()) {
      castingCounts.sums = new WeakMap()
      for (const id of chapterIds) castingCounts.chapters.delete(id)
    }
  }

  dropAll(): void {
    this.#changes++
    this.#dropped.add('all')
    for (const castingCounts of this.#byCasting.values()) {
      castingCounts.chapters.clear()
      castingCounts.sums = new WeakMap()
    }
  }

  /** Changes the known counts of the castings that speak one of these occurrences in a recipe. */
  change(
    recipe: string,
    occurrences: readonly Occurrence[],
    change: (counted: ClipCounts, times: number) => ClipCounts,
  ): void {
    this.#changes++
    for (const castingCounts of this.#byCasting.values()) {
      const { casting, chapters } = castingCounts
      if (!usesRecipe(casting, recipe)) continue
      castingCounts.sums = new WeakMap()
      for (const { chapterId, role, times } of occurrences) {
        const counted = chapters.get(chapterId)
        if (!counted || recipeForRole(casting, role) !== recipe) continue
        chapters.set(chapterId, change(counted, times))
      }
    }
  }

  #ofCasting(casting: Casting): CastingCounts {
    const known = this.#byCasting.get(casting.id)
    if (known) return known
    const castingCounts: CastingCounts = { casting, chapters: new Map(), sums: new WeakMap() }
    this.#byCasting.set(casting.id, castingCounts)
    return castingCounts
  }
}
