import { payloadBytes } from '../../audio/codec/adts.ts'
import type { Casting } from '../../novel/casting.ts'
import type { ClipKey } from '../../novel/clip.ts'
import type { ClipStore, NewClip } from '../../storage/clip-store.ts'
import type { Database } from '../../storage/database-tables.ts'
import { type Occurrence, occurrencesOf } from '../../storage/queries/chapter-queries.ts'
import { type FailedClip, hasFailures } from '../../storage/queries/clip-failure-queries.ts'
import {
  castingIsUsed,
  type ClipCounts,
  countClipsOfChapters,
} from '../../storage/queries/progress-queries.ts'
import { deleteSpot, saveRetake, type TakenAgain } from '../../storage/queries/spot-queries.ts'
import { Mutex, yieldToEventLoop } from '../concurrency.ts'
import { type CountsListener, zeroCounts } from './clip-counts.ts'
import { clearFailuresOf, placesByRecipe, storeClips, storeFailure } from './clip-writes.ts'
import { type CountedChapter, CountsCache } from './counts-cache.ts'
import { RemoteChapters } from './remote-chapters.ts'

/** Chapters counted before yielding: some milliseconds. */
const chaptersPerStep = 40
/** Counting so many costs no more than asking whether there can be anything to count. */
const fewChapters = 4

/**
 * Progress counts: how much of each rendition exists. A cache, counted from the clips once and then updated by whoever
 * writes here, so that the progress of 2,000 chapters costs no query. Counting and writing exclude each other, or a clip
 * that is written while its chapter is counted would count twice. Counts change by what a write changed, so writing the
 * same clip again changes nothing. What other servers write is counted again.
 */
export class ProgressCounts {
  readonly #db: Database
  readonly #clips: ClipStore
  readonly #mutex = new Mutex()
  readonly #cache = new CountsCache()
  readonly #listener: CountsListener | undefined
  readonly #remote = new RemoteChapters()
  #invalidations = 0

  /** `listener`: publishes to other servers. */
  constructor(db: Database, clips: ClipStore, listener?: CountsListener) {
    this.#db = db
    this.#clips = clips
    this.#listener = listener
  }

  /** Grows whenever clips are deleted: values computed from them before may be wrong. */
  get invalidations(): number {
    return this.#invalidations
  }

  /** Grows whenever a count may have changed. */
  get changes(): number {
    return this.#cache.changes
  }

  /** The cached counts of a chapter in a casting (its id); `undefined` if it was not counted yet. */
  known(castingId: string, chapterId: number): ClipCounts | undefined {
    this.#dropOld()
    return this.#cache.known(castingId, chapterId)
  }

  /** The counts of these chapters in a casting, in the order of `chapterIds`. */
  async of(casting: Casting, chapterIds: readonly number[]): Promise<ClipCounts[]> {
    this.#dropOld()
    for (;;) {
      const unknown = this.#cache.unknown(casting, chapterIds)
      if (unknown.length === 0) return chapterIds.map((id) => this.#cache.known(casting.id, id) ?? zeroCounts)
      await this.#count(casting, unknown)
    }
  }

  /**
   * The sum of the counts of these chapters in a casting. Cached by the identity of `list`: pass the same array again.
   */
  async sum(casting: Casting, list: readonly CountedChapter[]): Promise<ClipCounts> {
    this.#dropOld()
    while (!this.#cache.hasSum(casting, list)) {
      const unknown = this.#cache.unknown(
        casting,
        list.map(({ id }) => id),
      )
      if (unknown.length === 0) break
      await this.#count(casting, unknown)
    }
    // No await from here on: the sum must be of one moment.
    return this.#cache.sum(casting, list)
  }

  /** Does ahead what `put` would wait for before it writes; `undefined`: there is nothing to wait for. */
  prepare(clips: readonly NewClip[]): Promise<void> | undefined {
    return this.#clips.prepare?.(clips)
  }

  /** Stores and counts clips, clears their failures. Returns where each text occurs: if nowhere, its clip is dropped. */
  async put(clips: readonly NewClip[]): Promise<(readonly Occurrence[])[]> {
    // Before, because nothing is counted meanwhile: an object store may take seconds.
    await this.prepare(clips)
    return this.#write(async () => {
      const written = await storeClips(this.#db, this.#clips, clips)
      for (const { key, clip, occurrences, failed, checksum } of written) {
        const ids = occurrences.map(({ chapterId }) => chapterId)
        this.#listener?.onChange(ids)
        if (checksum === undefined) {
          // It was stored before: here, and counted then, or by another server.
          if (this.#listener) this.invalidateChapters(ids)
          continue
        }
        const frames = clip.frameSizes.length
        this.#cache.change(key.recipe, occurrences, (counted, times) => ({
          done: counted.done + times,
          frames: counted.frames + times * frames,
          bytes: counted.bytes + times * payloadBytes(clip.adts.length, frames),
          checksums: counted.checksums + times * checksum,
          setAside: counted.setAside - (failed?.setAside ? times : 0),
        }))
      }
      return written.map(({ occurrences }) => occurrences)
    })
  }

  /** Stores how often a text failed in a recipe, and whether it is set aside. Returns where it occurs. */
  async recordFailure(key: ClipKey, failed: FailedClip): Promise<Occurrence[]> {
    return this.#write(async () => {
      const { occurrences, setAside } = await storeFailure(this.#db, key, failed)
      if (setAside !== 0) this.#changeSetAside(key.recipe, occurrences, setAside)
      this.#listener?.onChange(occurrences.map(({ chapterId }) => chapterId))
      return occurrences
    })
  }

  /**
   * Clears all failures in a generation's chapters in its casting, so that their texts are tried as if for the first time.
   * Returns where these texts occur, in any novel, by recipe.
   */
  async clearFailures(generation: { readonly id: string; readonly casting: Casting }) {
    // Asked before, because who writes waits for the clips that are being stored.
    if (!(await hasFailures(this.#db, generation.id, generation.casting))) return []
    return this.#write(async () => {
      const cleared = await clearFailuresOf(this.#db, generation)
      for (const { key, occurrences, counted } of cleared) {
        if (counted) this.#changeSetAside(key.recipe, occurrences, -1)
        this.#listener?.onChange(occurrences.map(({ chapterId }) => chapterId))
      }
      return placesByRecipe(cleared)
    })
  }

  /** Deletes a damaged clip and invalidates the chapters that contain it. Returns where its text occurs. */
  async discardClip(key: ClipKey): Promise<Occurrence[]> {
    return this.#write(async () => {
      const occurrences = await occurrencesOf(this.#db, key.words)
      if (await this.#clips.discard(key)) await deleteSpot(this.#db, key)
      this.#replaced(occurrences)
      return occurrences
    })
  }

  /**
   * Puts another take in the place of a clip, and invalidates the chapters that contain it. Returns where its text occurs;
   * if nowhere, the take is dropped.
   */
  async replaceClip(take: NewClip, taken: TakenAgain): Promise<readonly Occurrence[]> {
    return this.#write(async () => {
      const { key, clip } = take
      const occurrences = await occurrencesOf(this.#db, key.words)
      if (occurrences.length === 0) return occurrences
      await this.#clips.discard(key, { intact: true })
      await storeClips(this.#db, this.#clips, [{ key, clip: { ...clip, doubt: undefined } }])
      await saveRetake(this.#db, key, taken, clip.doubt)
      this.#replaced(occurrences)
      return occurrences
    })
  }

  #replaced(occurrences: readonly Occurrence[]): void {
    const ids = occurrences.map(({ chapterId }) => chapterId)
    this.clipsDeleted()
    this.invalidateChapters(ids)
    this.#listener?.onClipsDeleted()
    this.#listener?.onChange(ids)
  }

  /** Runs `change`, which deletes clips or failures, and invalidates all counts. */
  async invalidate(change: () => Promise<void>): Promise<void> {
    await this.#write(async () => {
      await change()
      this.forgetAll()
    })
  }

  /** Another server has changed the counts of these chapters (ids). */
  changedElsewhere(chapterIds: readonly number[]): void {
    this.#remote.heard(chapterIds, Date.now())
    this.invalidateChapters(chapterIds)
  }

  /** Clips were deleted, here or by another server: what was computed from them may be wrong. */
  clipsDeleted(): void {
    this.#invalidations++
  }

  /** Anything may have changed. */
  forgetAll(): void {
    this.clipsDeleted()
    this.#cache.dropAll()
  }

  /** Invalidates the counts of these chapters in every casting. */
  invalidateChapters(chapterIds: readonly number[]): void {
    this.#cache.drop(chapterIds)
  }

  /** Runs `work` while nothing is counted or written. */
  runExclusive<T>(work: () => Promise<T>): Promise<T> {
    return this.#mutex.run(work)
  }

  async #count(casting: Casting, chapterIds: readonly number[]): Promise<void> {
    for (let at = 0; at < chapterIds.length; at += chaptersPerStep) {
      await this.#mutex.run(async () => {
        // Of all that wait for the same chapters, the first counts them.
        const unknown = this.#cache.unknown(casting, chapterIds.slice(at, at + chaptersPerStep))
        if (unknown.length === 0) return
        const used = unknown.length <= fewChapters || (await castingIsUsed(this.#db, casting))
        // What was dropped meanwhile may be of a moment before another server's change, and is counted in the next round.
        this.#cache.beginCount()
        if (used) {
          this.#cache.add(casting, unknown, await countClipsOfChapters(this.#db, unknown, casting))
        } else {
          this.#cache.add(casting, chapterIds.slice(at), undefined)
          at = chapterIds.length
        }
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
        this.#cache.dropAll()
        throw error
      }
    })
  }

  #dropOld(): void {
    this.invalidateChapters(this.#remote.takeOld(Date.now()))
  }

  #changeSetAside(recipe: string, occurrences: readonly Occurrence[], by: number): void {
    this.#cache.change(recipe, occurrences, (counted, times) => ({
      ...counted,
      setAside: counted.setAside + by * times,
    }))
  }
}
