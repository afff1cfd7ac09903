import { payloadBytes } from '../../audio/codec/adts.ts'
import { chaptersWithText } from '../../storage/queries/chapter-queries.ts'
import { deleteClip, hasClip, putClips } from '../../storage/queries/clip-queries.ts'
import type { Database } from '../../storage/database-tables.ts'
import {
  deleteFailure,
  type FailedClip,
  failureOf,
  clearFailures,
  saveFailure,
} from '../../storage/queries/clip-failure-queries.ts'
import { type ClipCounts, countClips, recipeIsUsed } from '../../storage/queries/progress-queries.ts'
import type { Clip, ClipKey } from '../../novel/clip.ts'
import { yieldToEventLoop, Mutex } from '../concurrency.ts'

export const zeroCounts: ClipCounts = { done: 0, frames: 0, bytes: 0, checksums: 0, setAside: 0 }

export function sumCounts(counts: readonly ClipCounts[]): ClipCounts {
  const sum = { ...zeroCounts }
  for (const { done, frames, bytes, checksums, setAside } of counts) {
    sum.done += done
    sum.frames += frames
    sum.bytes += bytes
    sum.checksums += checksums
    sum.setAside += setAside
  }
  return sum
}

/** A chapter as the book knows it: its row, whatever else stands in it. */
interface CountedChapter {
  readonly id: number
}

/** In which chapters a text stands, and how often in each. */
type Occurrences = readonly { readonly chapterId: number; readonly times: number }[]

/** What is known of a recipe. */
interface RecipeCounts {
  /** By chapter id. */
  readonly chapters: Map<number, ClipCounts>
  /** Of lists of chapters, as long as nothing that they are made of changes. */
  sums: WeakMap<readonly CountedChapter[], ClipCounts>
}

/** Some milliseconds of counting, then others have their turn. */
const chaptersPerStep = 40

/**
 * How much of each rendition exists. Counted from the clips once, then kept by the only writer there is, so that
 * asking for the progress of two thousand chapters costs nothing. Counting and writing take turns, or a clip that is
 * written while its chapter is being counted would count twice. What is kept changes by what a write has changed, so
 * writing the same again changes nothing.
 */
export class ProgressCounts {
  readonly #db: Database
  readonly #mutex = new Mutex()
  readonly #byRecipe = new Map<string, RecipeCounts>()
  #invalidations = 0
  #changes = 0

  constructor(db: Database) {
    this.#db = db
  }

  /** Grows whenever clips were taken away: what was computed from them before may be wrong. */
  get invalidations(): number {
    return this.#invalidations
  }

  /** Grows whenever a count may have become another. */
  get changes(): number {
    return this.#changes
  }

  /** The counts of a chapter in a recipe, if they are known without counting. */
  known(recipe: string, chapterId: number): ClipCounts | undefined {
    return this.#byRecipe.get(recipe)?.chapters.get(chapterId)
  }

  /** The counts of these chapters in a recipe, in the order asked. */
  async of(recipe: string, chapterIds: readonly number[]): Promise<ClipCounts[]> {
    const { chapters } = this.#ofRecipe(recipe)
    for (;;) {
      const unknown = chapterIds.filter((id) => !chapters.has(id))
      if (unknown.length === 0) return chapterIds.map((id) => chapters.get(id) ?? zeroCounts)
      await this.#count(recipe, unknown)
    }
  }

  /** The counts of these chapters in a recipe taken together. Kept with the list: who asks again asks with the same one. */
  async sum(recipe: string, list: readonly CountedChapter[]): Promise<ClipCounts> {
    const recipeCounts = this.#ofRecipe(recipe)
    for (;;) {
      const kept = recipeCounts.sums.get(list)
      if (kept) return kept
      const unknown = list.filter(({ id }) => !recipeCounts.chapters.has(id))
      if (unknown.length > 0) {
        const ids = unknown.map(({ id }) => id)
        await this.#count(recipe, ids)
        continue
      }
      // From here on nothing is waited for: what is summed up and kept is of one moment.
      const sum = sumCounts(list.map(({ id }) => recipeCounts.chapters.get(id) ?? zeroCounts))
      recipeCounts.sums.set(list, sum)
      return sum
    }
  }

  /**
   * Writes clips down, forgets that their texts ever failed, and counts them. Returns for each the chapters that it is
   * part of, by id; one that is part of none, because its novel was deleted while it was spoken, is let go.
   */
  async put(clips: readonly { readonly key: ClipKey; readonly clip: Clip }[]): Promise<number[][]> {
    return this.#write(async () => {
      const needed = []
      for (const { key, clip } of clips) {
        const places = await chaptersWithText(this.#db, key.words)
        needed.push({ key, clip, places, failed: await failureOf(this.#db, key) })
      }
      const kept = needed.filter(({ places }) => places.length > 0)
      const written = kept.length > 0 ? await putClips(this.#db, kept) : []
      for (const [at, { key, clip, places, failed }] of kept.entries()) {
        const checksum = written[at]
        // It was there already, and is counted.
        if (checksum === undefined) continue
        const frames = clip.frameSizes.length
        this.#change(key.recipe, places, (counted, times) => ({
          done: counted.done + times,
          frames: counted.frames + times * frames,
          bytes: counted.bytes + times * payloadBytes(clip.adts.length, frames),
          checksums: counted.checksums + times * checksum,
          setAside: counted.setAside - (failed?.setAside ? times : 0),
        }))
      }
      for (const { key, failed } of kept) if (failed) await deleteFailure(this.#db, key)
      return needed.map(({ places }) => chapterIdsOf(places))
    })
  }

  /** Writes down how often a text has failed in a recipe, and whether it is set aside. Returns the chapters it is part of. */
  async recordFailure(key: ClipKey, failed: FailedClip): Promise<number[]> {
    return this.#write(async () => {
      const before = await failureOf(this.#db, key)
      const places = await chaptersWithText(this.#db, key.words)
      // Its novel was deleted while it was spoken: nobody would forget it again.
      if (places.length === 0) return []
      await saveFailure(this.#db, key, failed)
      const change = Number(failed.setAside) - Number(before?.setAside ?? false)
      if (change !== 0 && !(await hasClip(this.#db, key))) this.#changeSetAside(key.recipe, places, change)
      return chapterIdsOf(places)
    })
  }

  /**
   * Forgets that anything in a generation's chapters ever failed in its recipe: it is tried again as if for the first
   * time. Returns the chapters, of any novel, in which it stands.
   */
  async clearFailures(generation: { readonly id: string; readonly recipe: string }): Promise<number[]> {
    return this.#write(async () => {
      const { id, recipe } = generation
      const touched = new Set<number>()
      for (const { words, setAside } of await clearFailures(this.#db, id, recipe)) {
        const places = await chaptersWithText(this.#db, words)
        const counted = setAside && !(await hasClip(this.#db, { recipe, words }))
        if (counted) this.#changeSetAside(recipe, places, -1)
        for (const { chapterId } of places) touched.add(chapterId)
      }
      return [...touched]
    })
  }

  /** Takes a clip away. Returns the chapters that it was part of: they are counted again. */
  async discardClip(key: ClipKey): Promise<number[]> {
    return this.#write(async () => {
      const ids = chapterIdsOf(await chaptersWithText(this.#db, key.words))
      await deleteClip(this.#db, key)
      this.#invalidations++
      this.invalidateChapters(ids)
      return ids
    })
  }

  /** Forgets what was counted in a recipe (or in all) while `change` takes clips or failures away. */
  async invalidate(recipe: string | undefined, change: () => Promise<void>): Promise<void> {
    await this.#write(async () => {
      await change()
      this.#invalidations++
      this.#invalidateAll(recipe)
    })
  }

  /** What is kept of these chapters, in any recipe, is forgotten. Called while nothing else is counted or written. */
  invalidateChapters(chapterIds: readonly number[]): void {
    if (chapterIds.length === 0) return
    this.#changes++
    for (const recipeCounts of this.#byRecipe.values()) {
      recipeCounts.sums = new WeakMap()
      for (const id of chapterIds) recipeCounts.chapters.delete(id)
    }
  }

  /** Does something with the clips while nothing is counted or written. */
  runExclusive<T>(work: () => Promise<T>): Promise<T> {
    return this.#mutex.run(work)
  }

  async #count(recipe: string, chapterIds: readonly number[]): Promise<void> {
    const { chapters } = this.#ofRecipe(recipe)
    for (let at = 0; at < chapterIds.length; at += chaptersPerStep) {
      await this.#mutex.run(async () => {
        const used = await recipeIsUsed(this.#db, recipe)
        const step = used ? chapterIds.slice(at, at + chaptersPerStep) : chapterIds.slice(at)
        for (const id of step) chapters.set(id, used ? await countClips(this.#db, id, recipe) : zeroCounts)
        if (!used) at = chapterIds.length
      })
      await yieldToEventLoop()
    }
  }

  /** A write that is cut short by an error may have changed anything. */
  #write<T>(work: () => Promise<T>): Promise<T> {
    return this.#mutex.run(async () => {
      try {
        return await work()
      } catch (error) {
        this.#invalidateAll(undefined)
        throw error
      }
    })
  }

  #invalidateAll(recipe: string | undefined): void {
    this.#changes++
    for (const [known, recipeCounts] of this.#byRecipe) {
      if (recipe !== undefined && recipe !== known) continue
      recipeCounts.chapters.clear()
      recipeCounts.sums = new WeakMap()
    }
  }

  #changeSetAside(recipe: string, places: Occurrences, by: number): void {
    this.#change(recipe, places, (counted, times) => ({
      ...counted,
      setAside: counted.setAside + by * times,
    }))
  }

  #change(
    recipe: string,
    places: Occurrences,
    change: (counted: ClipCounts, times: number) => ClipCounts,
  ): void {
    this.#changes++
    const recipeCounts = this.#ofRecipe(recipe)
    recipeCounts.sums = new WeakMap()
    for (const { chapterId, times } of places) {
      const counted = recipeCounts.chapters.get(chapterId)
      if (counted) recipeCounts.chapters.set(chapterId, change(counted, times))
    }
  }

  #ofRecipe(recipe: string): RecipeCounts {
    let recipeCounts = this.#byRecipe.get(recipe)
    if (!recipeCounts)
      this.#byRecipe.set(recipe, (recipeCounts = { chapters: new Map(), sums: new WeakMap() }))
    return recipeCounts
  }
}

function chapterIdsOf(places: Occurrences): number[] {
  return places.map(({ chapterId }) => chapterId)
}
