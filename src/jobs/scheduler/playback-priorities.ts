import type { NovelPlace } from '../../novel/chapter-edit.ts'
import type { Database } from '../../storage/database-tables.ts'
import { positionsSince } from '../../storage/queries/playback-queries.ts'

interface PlaybackPosition {
  readonly chapterNumber: number
  readonly segment: number
  readonly until: number
}

/** A chapter, from segment `from` on, that a listener is about to hear. */
export interface UrgentChapter {
  readonly novelId: string
  readonly chapterNumber: number
  readonly from: number
}

/** A position that is not updated for so long is dropped. */
export const expiryMs = 10 * 60_000

/** Playback positions by novel: the segments that follow them are more urgent than any generation's priority. */
export class PlaybackPriorities {
  readonly #positions = new Map<string, PlaybackPosition>()
  #updates = 0

  /** Grows with each position: another segment may be the most urgent. */
  get updates(): number {
    return this.#updates
  }

  /** Reads where listeners are, which the last run knew, or other servers know. */
  async load(db: Database, now: number): Promise<void> {
    const since = new Date(now - expiryMs).toISOString()
    for (const { novelId, chapterNumber, segment, updatedAt } of await positionsSince(db, since)) {
      const at = Date.parse(updatedAt)
      const known = this.#positions.get(novelId)
      if (!known || known.until < at + expiryMs) this.update(novelId, chapterNumber, segment, at)
    }
  }

  update(novelId: string, chapterNumber: number, segment: number, now: number): void {
    this.#updates++
    this.#positions.delete(novelId)
    this.#positions.set(novelId, { chapterNumber, segment, until: now + expiryMs })
  }

  /** Chapters were edited: the position in a novel is another. Returns it; `undefined`: nobody is listening to it. */
  move(novelId: string, moved: (place: NovelPlace) => NovelPlace): NovelPlace | undefined {
    const position = this.#positions.get(novelId)
    if (!position) return undefined
    const place = moved(position)
    this.#positions.set(novelId, { ...position, ...place })
    return place
  }

  /** The chapter at each position and the one after it, with the segment to begin at; the latest update first. */
  *urgent(now: number): Generator<UrgentChapter> {
    for (const [novelId, { chapterNumber, segment, until }] of [...this.#positions].toReversed()) {
      if (until < now) {
        this.#positions.delete(novelId)
        continue
      }
      yield { novelId, chapterNumber, from: segment }
      yield { novelId, chapterNumber: chapterNumber + 1, from: 0 }
    }
  }
}
