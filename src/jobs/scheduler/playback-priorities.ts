interface PlaybackPosition {
  readonly chapterNumber: number
  readonly segment: number
  readonly until: number
}

/** What somebody is about to hear: a chapter from a segment on. */
export interface UrgentChapter {
  readonly novelId: string
  readonly chapterNumber: number
  readonly from: number
}

/** A listener who says nothing for so long is asleep. */
const expiryMs = 10 * 60_000

/** Where people are listening: what comes next under a play head is more urgent than anything else. */
export class PlaybackPriorities {
  readonly #positions = new Map<string, PlaybackPosition>()

  update(novelId: string, chapterNumber: number, segment: number, now: number): void {
    this.#positions.delete(novelId)
    this.#positions.set(novelId, { chapterNumber, segment, until: now + expiryMs })
  }

  /** The chapter under each head and the one after it, with the segment to begin at; the latest listener first. */
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
