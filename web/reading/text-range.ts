/** A text node of a segment, and the offset in the block at which its first character stands. */
interface PlacedText {
  readonly node: Text
  readonly start: number
}

/**
 * The text of one segment on the page, by offsets in its block. It may stand in several elements, and within these in
 * further ones; what the page itself added (readings above the line) has no place in the block.
 */
export class SegmentText {
  readonly #texts: readonly PlacedText[]

  constructor(root: ParentNode, segment: number) {
    this.#texts = [...root.querySelectorAll<HTMLElement>(`[data-segment="${segment}"]`)].flatMap(textsIn)
  }

  /** Whether it still stands on the page. */
  get isShown(): boolean {
    return this.#texts.length > 0 && this.#texts.every(({ node }) => node.isConnected)
  }

  /** The offset in the block at which it begins. */
  get start(): number {
    return this.#texts[0]?.start ?? 0
  }

  get text(): string {
    return this.#texts.map(({ node }) => node.data).join('')
  }

  /** Sets a range around the characters `[start, end)`. Returns whether they are on the page. */
  select(range: Range, start: number, end: number): boolean {
    const first = this.#texts.find((text) => start < text.start + text.node.length)
    const last = this.#texts.findLast((text) => end > text.start)
    if (!first || !last) return false
    range.setStart(first.node, Math.max(0, start - first.start))
    range.setEnd(last.node, Math.min(last.node.length, end - last.start))
    return !range.collapsed
  }
}

function textsIn(element: HTMLElement): PlacedText[] {
  const texts: PlacedText[] = []
  let start = Number(element.dataset.start)
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) =>
    node instanceof Element && node.matches('rt, rp') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  )
  while (walker.nextNode()) {
    const node = walker.currentNode
    if (!(node instanceof Text)) continue
    texts.push({ node, start })
    start += node.length
  }
  return texts
}
