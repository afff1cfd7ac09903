import type { Casting } from '../novel/casting.ts'
import type { Clip, ClipKey } from '../novel/clip.ts'
import type { Database } from './database-tables.ts'

/** A clip's audio as stored. */
export interface ClipAudio {
  readonly adts: Uint8Array
  /** Bytes of each frame, without its ADTS header. */
  readonly frameSizes: Uint16Array
}

export interface DiscardOptions {
  /** It is deleted even if it is not damaged: another take follows. */
  readonly intact?: boolean
}

export interface NewClip {
  readonly key: ClipKey
  readonly clip: Clip
}

export type ChooseClips = (transaction: Database) => Promise<ReadonlySet<NewClip>>

/** What is stored of a segment: `undefined` if nothing is, `'damaged'` if it is not what was put. */
export interface SegmentClip {
  readonly key: ClipKey
  readonly clip: ClipAudio | 'damaged' | undefined
}

/**
 * The audio of clips by key, each whole or absent. What is only counted or laid out (frames, sizes of frames, times of
 * words) are columns of `clips.clips` in every store: see `storage/queries/clip-queries.ts`. Methods throw the error of
 * the database or of the object store.
 */
export interface ClipStore {
  /**
   * Makes ready what a `put` of the same clips would have to wait for, so that it only commits, and may keep their audio
   * together. To be called where nothing else waits; several calls may run at the same time. `put` does without. Absent:
   * there is nothing to wait for.
   */
  prepare?(clips: readonly NewClip[]): Promise<void>
  /**
   * All in one durable commit, or none; a clip that exists is not overwritten. Returns for each its CRC-32, `undefined`
   * if it was not stored: its key existed already, or was not chosen. `choose` is called first in the same commit, may
   * write more in it, and returns which of the clips are to be stored; left out: all.
   */
  put(clips: readonly NewClip[], choose?: ChooseClips): Promise<(number | undefined)[]>
  get(key: ClipKey): Promise<Clip | 'damaged' | undefined>
  /** The clips of a chapter's segments `[from, to)` in order, read ahead by a few megabytes at most. */
  range(chapterId: number, casting: Casting, from: number, to: number): AsyncIterable<SegmentClip>
  /**
   * Deletes a clip if it is damaged, after reading it again: somebody else may have replaced it meanwhile. Returns
   * whether it was deleted.
   */
  discard(key: ClipKey, options?: DiscardOptions): Promise<boolean>
  /**
   * Deletes the clips of up to `limit` released texts that no segment has any more. A clip whose text was never released
   * stays, even without a segment: the database may be older than the clip. Returns the number of deleted clips and
   * whether there are more released texts.
   */
  deleteUnreferenced(limit: number): Promise<{ readonly removed: number; readonly more: boolean }>
}

/** `incomplete`: a clip is missing or damaged; `packed-already`: there is next to nothing to join. */
export type PackOutcome = 'packed' | 'packed-already' | 'incomplete'

export interface SweptOrphans {
  readonly orphans: number
  /** `false`: they are too many to be left by crashes, so the database may be the wrong one. */
  readonly moved: boolean
}

/** What has to be done from time to time where the audio of clips is kept in objects; everything can be repeated. */
export interface ClipUpkeep {
  /** Joins the clips of a complete chapter that are not in a pack yet into one object, which is read faster. */
  pack(chapterId: number, casting: Casting, signal?: AbortSignal): Promise<PackOutcome>
  /**
   * Removes the objects of clips that were deleted, packed or stored by somebody else first, an hour after. Returns how
   * many.
   */
  removeLeftovers(signal?: AbortSignal): Promise<number>
  /** Moves to the trash what crashes have left: objects of a day ago without a row, unless they are many. */
  trashOrphans(now: number, signal?: AbortSignal): Promise<SweptOrphans>
}
