import { payloadBytes } from '../audio/adts.ts'
import { chaptersWithWords } from '../database/chapters.ts'
import { putClips } from '../database/clips.ts'
import type { Database } from '../database/database.ts'
import { type CountedClips, countClips, recipeIsUsed } from '../database/tallies.ts'
import type { Clip } from '../novel/clip.ts'
import type { ClipKey } from '../novel/recipe.ts'
import { breathe, Turns } from './turns.ts'

export const nothing: CountedClips = { done: 0, frames: 0, bytes: 0, checksums: 0, setAside: 0 }

export function sumCounts(counts: readonly CountedClips[]): CountedClips {
  const sum = { ...nothing }
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
interface Counted {
  readonly id: number
}

/** What is known of a recipe. */
interface Page {
  /** By chapter id. */
  readonly chapters: Map<number, CountedClips>
  /** Of lists of chapters, as long as nothing that they are made of changes. */
  sums: WeakMap<readonly Counted[], CountedClips>
}

/** Some milliseconds of counting, then others have their turn. */
const chaptersPerTurn = 40

/**
 * How much of each rendition exists. Counted from the clips once, then kept by the only writer there is, so that
 * asking for the progress of two thousand chapters costs nothing. Counting and writing take turns, or a clip that is
 * written while its chapter is being counted would count twice.
 */
export class TallyBook {
  readonly #db: Database
  readonly #turns = new Turns()
  readonly #pages = new Map<string, Page>()
  #recounts = 0

  constructor(db: Database) {
    this.#db = db
  }

  /** Grows whenever clips were taken away: what was computed from them before may be wrong. */
  get recounts(): number {
    return this.#recounts
  }

  /** The counts of these chapters in a recipe, in the order asked. */
  async of(recipe: string, chapterIds: readonly number[]): Promise<CountedClips[]> {
    const { chapters } = this.#page(recipe)
    for (;;) {
      const unknown = chapterIds.filter((id) => !chapters.has(id))
      if (unknown.length === 0) return chapterIds.map((id) => chapters.get(id) ?? nothing)
      await this.#count(recipe, unknown)
    }
  }

  /** The counts of these chapters in a recipe taken together. Kept with the list: who asks again asks with the same one. */
  async sum(recipe: string, list: readonly Counted[]): Promise<CountedClips> {
    const page = this.#page(recipe)
    for (;;) {
      const kept = page.sums.get(list)
      if (kept) return kept
      const unknown = list.filter(({ id }) => !page.chapters.has(id))
      if (unknown.length > 0) {
        const ids = unknown.map(({ id }) => id)
        await this.#count(recipe, ids)
        continue
      }
      // From here on nothing is waited for: what is summed up and kept is of one moment.
      const sum = sumCounts(list.map(({ id }) => page.chapters.get(id) ?? nothing))
      page.sums.set(list, sum)
      return sum
    }
  }

  /**
   * Writes clips down and counts them. Returns for each the chapters that it is part of, by id; one that is part of
   * none, because its novel was deleted while it was spoken, is let go.
   */
  async put(clips: readonly { readonly key: ClipKey; readonly clip: Clip }[]): Promise<number[][]> {
    return this.#turns.take(async () => {
      const needed = []
      for (const { key, clip } of clips) {
        needed.push({ key, clip, chapters: await chaptersWithWords(this.#db, key.words) })
      }
      const kept = needed.filter(({ chapters }) => chapters.length > 0)
      const checksums = kept.length > 0 ? await putClips(this.#db, kept) : []
      for (const [at, { key, clip, chapters }] of kept.entries()) {
        const frames = clip.frameSizes.length
        this.#change(key, chapters, (counted, times) => ({
          ...counted,
          done: counted.done + times,
          frames: counted.frames + times * frames,
          bytes: counted.bytes + times * payloadBytes(clip.adts.length, frames),
          checksums: counted.checksums + times * (checksums[at] ?? 0),
        }))
      }
      return needed.map(({ chapters }) => chapters.map(({ chapterId }) => chapterId))
    })
  }

  /** Notes a text as set aside. `save` writes it down. Returns the chapters it is part of. */
  async setAside(key: ClipKey, save: () => Promise<void>): Promise<number[]> {
    return this.#turns.take(async () => {
      await save()
      const chapters = await chaptersWithWords(this.#db, key.words)
      this.#change(key, chapters, (counted, times) => ({
        ...counted,
        setAside: counted.setAside + times,
      }))
      return chapters.map(({ chapterId }) => chapterId)
    })
  }

  /** Forgets what was counted in a recipe (or in all) while `change` takes clips or failures away. */
  async recount(recipe: string | undefined, change: () => Promise<void>): Promise<void> {
    await this.#turns.take(async () => {
      await change()
      this.#recounts++
      for (const [known, page] of this.#pages) {
        if (recipe !== undefined && recipe !== known) continue
        page.chapters.clear()
        page.sums = new WeakMap()
      }
    })
  }

  /** Does something with the clips while nothing is counted or written. */
  undisturbed<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(work)
  }

  async #count(recipe: string, chapterIds: readonly number[]): Promise<void> {
    const { chapters } = this.#page(recipe)
    for (let at = 0; at < chapterIds.length; at += chaptersPerTurn) {
      await this.#turns.take(async () => {
        const used = await recipeIsUsed(this.#db, recipe)
        const turn = used ? chapterIds.slice(at, at + chaptersPerTurn) : chapterIds.slice(at)
        for (const id of turn) chapters.set(id, used ? await countClips(this.#db, id, recipe) : nothing)
        if (!used) at = chapterIds.length
      })
      await breathe()
    }
  }

  #change(
    key: ClipKey,
    chapters: readonly { readonly chapterId: number; readonly times: number }[],
    change: (counted: CountedClips, times: number) => CountedClips,
  ): void {
    const page = this.#page(key.recipe)
    page.sums = new WeakMap()
    for (const { chapterId, times } of chapters) {
      const counted = page.chapters.get(chapterId)
      if (counted) page.chapters.set(chapterId, change(counted, times))
    }
  }

  #page(recipe: string): Page {
    let page = this.#pages.get(recipe)
    if (!page) this.#pages.set(recipe, (page = { chapters: new Map(), sums: new WeakMap() }))
    return page
  }
}
