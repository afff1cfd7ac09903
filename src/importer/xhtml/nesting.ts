import { Failure } from '../../novel/failure.ts'

/** Pages of books nest less than 60 elements, those of people less than 100. */
const deepest = 2_000

/**
 * Counts the open elements of a document. More than any document has are refused also for the parser’s sake: with each
 * element that it opens it moves all that are open.
 */
export class Nesting {
  #depth = 0
  readonly #most: number

  constructor(most = deepest) {
    this.#most = most
  }

  /** Throws `novel.hostile` for an element that nests too deep. */
  open(): void {
    this.#depth += 1
    if (this.#depth > this.#most)
      throw new Failure('novel.hostile', { detail: `its contents nest more than ${this.#most} levels deep` })
  }

  close(): void {
    this.#depth -= 1
  }
}
