import type { Block } from '../../../novel/novel.ts'
import type { Segment } from '../../../novel/segment.ts'

/** A sentence as it was cut at first: segments `[first, end)` of its chapter, several if it was cut for voices. */
export interface Sentence {
  readonly block: number
  readonly start: number
  readonly end: number
  /** Without the space behind it, which only stands within a paragraph. */
  readonly text: string
  readonly first: number
  readonly last: number
}

/** The sentences of a chapter, in order; pieces for several voices belong to one. */
export function sentencesOf(blocks: readonly Block[], segments: readonly Segment[]): Sentence[] {
  const sentences: Sentence[] = []
  for (let at = 0; at < segments.length;) {
    const { block, start, whole, ...segment } = segments[at]!
    const end = whole?.end ?? segment.end
    let last = at
    while (segments[last + 1]?.block === block && segments[last + 1]!.end <= end) last++
    const text = textAt(blocks, { block, start, end })
    sentences.push({ block, start, end, text, first: at, last })
    at = last + 1
  }
  return sentences
}

export function textAt(
  blocks: readonly Block[],
  { block, start, end }: Pick<Segment, 'block' | 'start' | 'end'>,
): string {
  return blocks[block]?.text.slice(start, end).trimEnd() ?? ''
}

/** The same number for the same text. */
export class TextNumbers {
  readonly #numbers = new Map<string, number>()

  of(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    this.#numbers.set(text, this.#numbers.size)
    return this.#numbers.size - 1
  }
}
