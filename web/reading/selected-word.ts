/** A word, or a few, that a reader has selected in a text, and where they end on the screen. */
export interface SelectedWord {
  readonly word: string
  readonly left: number
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
  const { left, bottom, width } = range.getBoundingClientRect()
  return { word, left: left + width / 2, bottom }
}

/** Without the marks around it. */
export function bareWord(text: string): string | undefined {
  const word = text.replaceAll(/\s+/g, ' ').replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, '')
  return word.length > 0 && word.length <= longest && /\p{L}/u.test(word) ? word : undefined
}
