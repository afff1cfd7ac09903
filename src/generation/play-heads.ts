interface PlayHead {
  readonly chapterNumber: number
  readonly segment: number
  readonly until: number
}

/** What somebody is about to hear: a chapter from a segment on. */
export interface HeadPlace {
  readonly novelId: string
  readonly chapterNumber: number
  readonly from: number
}

/** A listener who says nothing for so long is asleep. */
const attentionMs = 10 * 60_000

/** Where people are listening: what comes next under a play head is more urgent than anything else. */
export class PlayHeads {
  readonly #heads = new Map<string, PlayHead>()

  moved(novelId: string, chapterNumber: number, segment: number, now: number): void {
    this.#heads.delete(novelId)
    this.#heads.set(novelId, { chapterNumber, segment, until: now + attentionMs })
  }

  /** The chapter under each head and the one after it, with the segment to begin at; the latest listener first. */
  *urgent(now: number): Generator<HeadPlace> {
    for (const [novelId, { chapterNumber, segment, until }] of [...this.#heads].toReversed()) {
      if (until < now) {
        this.#heads.delete(novelId)
        continue
      }
      yield { novelId, chapterNumber, from: segment }
      yield { novelId, chapterNumber: chapterNumber + 1, from: 0 }
    }
  }
}
