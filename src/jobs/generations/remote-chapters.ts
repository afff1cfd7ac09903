/** While a chapter is worked on by other servers, the age in milliseconds at which its counts are counted again. */
const maxAgeMs = 2000
/** A chapter of which nothing was heard for so long is not worked on any more. */
const quietMs = 60_000

interface RemoteChapter {
  readonly heardAt: number
  readonly countedAt: number
}

/**
 * Chapters (ids) that other servers work on. They tell what changed; what a server has not told before it died is found
 * because the counts of these chapters are never old. Times are epoch milliseconds.
 */
export class RemoteChapters {
  readonly #chapters = new Map<number, RemoteChapter>()
  #nextAt = Infinity

  /** Others have changed these chapters. */
  heard(ids: readonly number[], now: number): void {
    for (const id of ids) this.#chapters.set(id, { heardAt: now, countedAt: now })
    this.#nextAt = Math.min(this.#nextAt, now + maxAgeMs)
  }

  /** The chapters whose counts are too old by now; they are taken to be counted anew. */
  takeOld(now: number): number[] {
    if (now < this.#nextAt) return []
    const old: number[] = []
    this.#nextAt = Infinity
    for (const [id, { heardAt, countedAt }] of this.#chapters) {
      const isOld = countedAt + maxAgeMs <= now
      if (isOld) old.push(id)
      if (isOld && heardAt + quietMs <= now) this.#chapters.delete(id)
      else {
        if (isOld) this.#chapters.set(id, { heardAt, countedAt: now })
        this.#nextAt = Math.min(this.#nextAt, (isOld ? now : countedAt) + maxAgeMs)
      }
    }
    return old
  }
}
