import type { Work } from './agenda.ts'

interface PlayHead {
  readonly chapterNumber: number
  readonly segment: number
  readonly until: number
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
  *urgent(works: readonly Work[], now: number): Generator<{ work: Work; from: number }> {
    for (const [novelId, head] of [...this.#heads].toReversed()) {
      if (head.until < now) {
        this.#heads.delete(novelId)
        continue
      }
      for (const work of works) {
        if (work.chapter.novelId !== novelId) continue
        if (work.chapter.number === head.chapterNumber) yield { work, from: head.segment }
        else if (work.chapter.number === head.chapterNumber + 1) yield { work, from: 0 }
      }
    }
  }
}
