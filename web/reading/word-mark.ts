import { SegmentText } from './text-range.ts'
import { type WordPaint, wordPaint } from './word-paint.ts'
import { wordAt, type WordTime } from './word-times.ts'

/** The mark on the word that is heard. What is the same as before costs a search in a list, no more. */
export class WordMark {
  readonly #root: HTMLElement
  readonly #words: (segment: number) => readonly WordTime[] | undefined
  readonly #paint: WordPaint
  readonly #range = new Range()
  #segment = -1
  #text: SegmentText | undefined
  #shown: WordTime | undefined

  constructor(root: HTMLElement, words: (segment: number) => readonly WordTime[] | undefined) {
    this.#root = root
    this.#words = words
    this.#paint = wordPaint(root)
  }

  /** `seconds` since the segment began. */
  show(segment: number, seconds: number): void {
    const word = wordAt(this.#words(segment) ?? [], seconds)
    if (!word) return this.hide()
    const moved = segment !== this.#segment || !this.#text?.isShown
    if (!moved && word === this.#shown) return
    if (moved) this.#text = new SegmentText(this.#root, segment)
    this.#segment = segment
    this.#shown = word
    if (this.#text?.select(this.#range, word.start, word.end)) this.#paint.show(this.#range)
    else this.#paint.hide()
  }

  hide(): void {
    if (!this.#shown) return
    this.#shown = undefined
    this.#paint.hide()
  }
}
