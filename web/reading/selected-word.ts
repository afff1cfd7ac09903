/** A word, or a few, that a reader has selected in a text, and where they stand on the screen. */
export interface SelectedWord {
  readonly word: string
  /** The sentence in which it begins; `undefined` outside of all. */
  readonly segment: number | undefined
  readonly left: number
  readonly top: number
  readonly bottom: number
}

/** More is no word to look up. */
const longest = 60

/** What is selected within an element; `undefined` if it is nothing, too much, or has no letter. */
export function selectedWord(root: HTMLElement | null): SelectedWord | undefined {
  const selection = getSelection()
  if (!root || !selection || selection.isCollapsed || selection.rangeCount === 0) return undefined
  const range = selection.getRangeAt(0)
  if (!root.contains(range.commonAncestorContainer)) return undefined
  const word = bareWord(selection.toString())
  if (word === undefined) return undefined
  const { left, top, bottom, width } = range.getBoundingClientRect()
  const sentence = range.startContainer.parentElement?.closest<HTMLElement>('[data-segment]')
  const segment = sentence ? Number(sentence.dataset['segment']) : undefined
  return { word, segment, left: left + width / 2, top, bottom }
}

/** Without the marks around it. */
export function bareWord(text: string): string | undefined {
  const word = text.replaceAll(/\s+/g, ' ').replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, '')
  return word.length > 0 && word.length <= longest && /\p{L}/u.test(word) ? word : undefined
}

/** Where the words of a text stand, `[start, end)`; in languages without spaces as well. */
export function wordsOf(text: string, language: string): readonly (readonly [start: number, end: number])[] {
  return [...segmenter(language).segment(text)]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ index, segment }) => [index, index + segment.length])
}

function segmenter(language: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity: 'word' })
  } catch {
    // Books have tags that are none.
    return new Intl.Segmenter(undefined, { granularity: 'word' })
  }
}
