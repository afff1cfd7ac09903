import type { MissingSegment } from '../../storage/queries/progress-queries.ts'

/** Whether a segment can be leased now: by nobody else, and there is a backend for its voice. */
type IsTakeable = (segment: MissingSegment) => boolean

/** The missing segments of a chapter in a casting, in reading order. */
export class PendingSegments {
  readonly #missing: MissingSegment[]

  constructor(missing: readonly MissingSegment[]) {
    this.#missing = [...missing]
  }

  get empty(): boolean {
    return this.#missing.length === 0
  }

  /** Epoch milliseconds at which the earliest segment is due; `Infinity` if none can be taken. */
  nextAt(isTakeable: IsTakeable): number {
    let earliest = Infinity
    for (const segment of this.#missing) {
      if (segment.nextAt < earliest && isTakeable(segment)) earliest = segment.nextAt
    }
    return earliest
  }

  /** Removes and returns the first pending segment at or after index `from` that is due and can be taken. */
  take(now: number, from: number, isTakeable: IsTakeable): MissingSegment | undefined {
    const at = this.#missing.findIndex(
      (segment) => segment.index >= from && segment.nextAt <= now && isTakeable(segment),
    )
    return at < 0 ? undefined : this.#missing.splice(at, 1)[0]
  }

  /** Returns a taken segment to its position, due at `nextAt` (epoch milliseconds). */
  defer(segment: MissingSegment, nextAt: number): void {
    const at = this.#missing.findIndex(({ index }) => index > segment.index)
    this.#missing.splice(at < 0 ? this.#missing.length : at, 0, { ...segment, nextAt })
  }
}
