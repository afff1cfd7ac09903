import type { SegmentView } from '../../src/http/contract/novel-contract.ts'

/** When a word is heard: seconds since its segment began. `start` and `end` are UTF-16 offsets in the block. */
export interface WordTime {
  readonly start: number
  readonly end: number
  readonly from: number
  readonly to: number
}

/** The words of a segment, whose own times count from the chapter's begin; `undefined` while they are not known. */
export function wordsOf({ from, words }: SegmentView): readonly WordTime[] | undefined {
  if (from === undefined || words === undefined) return undefined
  return words.map((word) => ({ ...word, from: word.from - from, to: word.to - from }))
}

/** The word that is heard, or was heard last, at a time: `words` are in order. `undefined` before the first. */
export function wordAt(words: readonly WordTime[], seconds: number): WordTime | undefined {
  let [low, high] = [0, words.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((words[middle]?.from ?? Infinity) <= seconds) low = middle + 1
    else high = middle
  }
  return words[low - 1]
}
