import type { MissingSegment } from '../database/tallies.ts'

type IsLeased = (segment: MissingSegment) => boolean

/** What is still to be spoken of a chapter in a recipe, in reading order. */
export class PendingSegments {
  readonly #missing: MissingSegment[]

  constructor(missing: readonly MissingSegment[]) {
    this.#missing = [...missing]
  }

  get empty(): boolean {
    return this.#missing.length === 0
  }

  /** The earliest moment (epoch milliseconds) at which there is something to take; `Infinity` if all is in somebody's hands. */
  nextAt(isLeased: IsLeased): number {
    let earliest = Infinity
    for (const segment of this.#missing) {
      if (segment.nextAt < earliest && !isLeased(segment)) earliest = segment.nextAt
    }
    return earliest
  }

  /** Takes the first segment at or after index `from` whose time has come and that nobody holds. */
  take(now: number, from: number, isLeased: IsLeased): MissingSegment | undefined {
    const at = this.#missing.findIndex(
      (segment) => segment.index >= from && segment.nextAt <= now && !isLeased(segment),
    )
    return at < 0 ? undefined : this.#missing.splice(at, 1)[0]
  }

  /** Puts a segment that was taken back into its place, to be taken at `nextAt`. */
  defer(segment: MissingSegment, nextAt: number): void {
    const at = this.#missing.findIndex(({ index }) => index > segment.index)
    this.#missing.splice(at < 0 ? this.#missing.length : at, 0, { ...segment, nextAt })
  }
}
