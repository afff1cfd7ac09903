import { payloadBytes } from '../../audio/codec/adts.ts'
import type { Clip, ClipKey } from '../../novel/clip.ts'
import type { Database } from '../../storage/database-tables.ts'
import { chaptersWithText } from '../../storage/queries/chapter-queries.ts'
import {
  clearFailures,
  deleteFailure,
  type FailedClip,
  failureOf,
  saveFailure,
} from '../../storage/queries/clip-failure-queries.ts'
import { deleteClip, hasClip, putClips } from '../../storage/queries/clip-queries.ts'
import { type ClipCounts, countClips, recipeIsUsed } from '../../storage/queries/progress-queries.ts'
import { Mutex, yieldToEventLoop } from '../concurrency.ts'

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

/** A chapter's row, of which the counts need the id alone. */
interface CountedChapter {
  readonly id: number
}

/** The chapters that contain a text, and how often each does. */
type Occurrences = readonly { readonly chapterId: number; readonly times: number }[]

/** The cached counts of a recipe. */
interface RecipeCounts {
  /** By chapter id. */
  readonly chapters: Map<number, ClipCounts>
  /** Sums by list of chapters; dropped when any count of the recipe changes. */
  sums: WeakMap<readonly CountedChapter[], ClipCounts>
}

/** Chapters counted before yielding: some milliseconds. */
const chaptersPerStep = 40

/**
 * Progress counts: how much of each rendition exists. A cache, counted from the clips once and then updated by the only
 * writer, so that the progress of 2,000 chapters costs no query. Counting and writing exclude each other, or a clip that
 * is written while its chapter is counted would count twice. Counts change by what a write changed, so writing the same
 * clip again changes nothing.
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

  /** Grows whenever clips are deleted: values computed from them before may be wrong. */
  get invalidations(): number {
    return this.#invalidations
  }

  /** Grows whenever a count may have changed. */
  get changes(): number {
    return this.#changes
  }

  /** The cached counts of a chapter in a recipe; `undefined` if it was not counted yet. */
  known(recipe: string, chapterId: number): ClipCounts | undefined {
    return this.#byRecipe.get(recipe)?.chapters.get(chapterId)
  }

  /** The counts of these chapters in a recipe, in the order of `chapterIds`. */
  async of(recipe: string, chapterIds: readonly number[]): Promise<ClipCounts[]> {
    const { chapters } = this.#ofRecipe(recipe)
    for (;;) {
      const unknown = chapterIds.filter((id) => !chapters.has(id))
      if (unknown.length === 0) return chapterIds.map((id) => chapters.get(id) ?? zeroCounts)
      await this.#count(recipe, unknown)
    }
  }

  /**
   * The sum of the counts of these chapters in a recipe. Cached by the identity of `list`: pass the same array again.
   */
  async sum(recipe: string, list: readonly CountedChapter[]): Promise<ClipCounts> {
    const recipeCounts = this.#ofRecipe(recipe)
    for (;;) {
      const cached = recipeCounts.sums.get(list)
      if (cached) return cached
      const unknown = list.filter(({ id }) => !recipeCounts.chapters.has(id))
      if (unknown.length > 0) {
        const ids = unknown.map(({ id }) => id)
        await this.#count(recipe, ids)
        continue
      }
      // No await from here on: the sum must be of one moment.
      const sum = sumCounts(list.map(({ id }) => recipeCounts.chapters.get(id) ?? zeroCounts))
      recipeCounts.sums.set(list, sum)
      return sum
    }
  }

  /**
   * Stores clips, clears the failures of their texts, and counts them. Returns for each the ids of the chapters that
   * contain it; a clip in none, because its novel was deleted while it was spoken, is dropped.
   */
  async put(clips: readonly { readonly key: ClipKey; readonly clip: Clip }[]): Promise<number[][]> {
    return this.#write(async () => {
      const needed = []
      for (const { key, clip } of clips) {
        const occurrences = await chaptersWithText(this.#db, key.words)
        needed.push({ key, clip, occurrences, failed: await failureOf(this.#db, key) })
      }
      const referenced = needed.filter(({ occurrences }) => occurrences.length > 0)
      const written = referenced.length > 0 ? await putClips(this.#db, referenced) : []
      for (const [at, { key, clip, occurrences, failed }] of referenced.entries()) {
        const checksum = written[at]
        // It was stored, and counted, before.
        if (checksum === undefined) continue
        const frames = clip.frameSizes.length
        this.#change(key.recipe, occurrences, (counted, times) => ({
          done: counted.done + times,
          frames: counted.frames + times * frames,
          bytes: counted.bytes + times * payloadBytes(clip.adts.length, frames),
          checksums: counted.checksums + times * checksum,
          setAside: counted.setAside - (failed?.setAside ? times : 0),
        }))
      }
      for (const { key, failed } of referenced) if (failed) await deleteFailure(this.#db, key)
      return needed.map(({ occurrences }) => chapterIdsOf(occurrences))
    })
  }

  /**
   * Stores how often a text failed in a recipe, and whether it is set aside. Returns the ids of the chapters with it.
   */
  async recordFailure(key: ClipKey, failed: FailedClip): Promise<number[]> {
    return this.#write(async () => {
      const before = await failureOf(this.#db, key)
      const occurrences = await chaptersWithText(this.#db, key.words)
      // Its novel was deleted while it was spoken: nothing would delete the row again.
      if (occurrences.length === 0) return []
      await saveFailure(this.#db, key, failed)
      const change = Number(failed.setAside) - Number(before?.setAside ?? false)
      if (change !== 0 && !(await hasClip(this.#db, key)))
        this.#changeSetAside(key.recipe, occurrences, change)
      return chapterIdsOf(occurrences)
    })
  }

  /**
   * Clears all failures in a generation's chapters in its recipe, so that their texts are tried as if for the first time.
   * Returns the ids of the chapters, of any novel, that contain these texts.
   */
  async clearFailures(generation: { readonly id: string; readonly recipe: string }): Promise<number[]> {
    return this.#write(async () => {
      const { id, recipe } = generation
      const touched = new Set<number>()
      for (const { words, setAside } of await clearFailures(this.#db, id, recipe)) {
        const occurrences = await chaptersWithText(this.#db, words)
        const counted = setAside && !(await hasClip(this.#db, { recipe, words }))
        if (counted) this.#changeSetAside(recipe, occurrences, -1)
        for (const { chapterId } of occurrences) touched.add(chapterId)
      }
      return [...touched]
    })
  }

  /** Deletes a clip and invalidates the chapters that contain it. Returns their ids. */
  async discardClip(key: ClipKey): Promise<number[]> {
    return this.#write(async () => {
      const ids = chapterIdsOf(await chaptersWithText(this.#db, key.words))
      await deleteClip(this.#db, key)
      this.#invalidations++
      this.invalidateChapters(ids)
      return ids
    })
  }

  /** Runs `change`, which deletes clips or failures, and invalidates the counts of a recipe (`undefined`: of all). */
  async invalidate(recipe: string | undefined, change: () => Promise<void>): Promise<void> {
    await this.#write(async () => {
      await change()
      this.#invalidations++
      this.#invalidateAll(recipe)
    })
  }

  /** Invalidates the counts of these chapters in every recipe. Call it within `runExclusive`. */
  invalidateChapters(chapterIds: readonly number[]): void {
    if (chapterIds.length === 0) return
    this.#changes++
    for (const recipeCounts of this.#byRecipe.values()) {
      recipeCounts.sums = new WeakMap()
      for (const id of chapterIds) recipeCounts.chapters.delete(id)
    }
  }

  /** Runs `work` while nothing is counted or written. */
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

  /** A write that throws may have changed anything: invalidates all counts. */
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

  #changeSetAside(recipe: string, occurrences: Occurrences, by: number): void {
    this.#change(recipe, occurrences, (counted, times) => ({
      ...counted,
      setAside: counted.setAside + by * times,
    }))
  }

  #change(
    recipe: string,
    occurrences: Occurrences,
    change: (counted: ClipCounts, times: number) => ClipCounts,
  ): void {
    this.#changes++
    const recipeCounts = this.#ofRecipe(recipe)
    recipeCounts.sums = new WeakMap()
    for (const { chapterId, times } of occurrences) {
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

function chapterIdsOf(occurrences: Occurrences): number[] {
  return occurrences.map(({ chapterId }) => chapterId)
}
