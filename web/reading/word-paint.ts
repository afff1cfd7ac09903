/** Paints a range of the text without a change to its elements, so that no line is laid out anew. */
export interface WordPaint {
  show(range: Range): void
  hide(): void
}

const highlightName = 'spoken-word'

export function wordPaint(text: HTMLElement): WordPaint {
  return typeof Highlight === 'function' && 'highlights' in CSS
    ? new HighlightPaint()
    : new OverlayPaint(text)
}

/** By the browser's own highlights. */
class HighlightPaint implements WordPaint {
  readonly #highlight = new Highlight()

  show(range: Range): void {
    // The range moves by itself; what was cleared is set anew.
    if (!this.#highlight.has(range)) this.#highlight.add(range)
    if (!CSS.highlights.has(highlightName)) CSS.highlights.set(highlightName, this.#highlight)
  }

  hide(): void {
    this.#highlight.clear()
    CSS.highlights.delete(highlightName)
  }
}

/** By boxes behind the text, moved and stretched by transforms alone. A word may stand on two lines. */
class OverlayPaint implements WordPaint {
  readonly #text: HTMLElement
  readonly #boxes: HTMLElement[] = []

  constructor(text: HTMLElement) {
    this.#text = text
  }

  show(range: Range): void {
    const origin = this.#text.getBoundingClientRect()
    const rects = [...range.getClientRects()]
    for (const [at, { left, top, width, height }] of rects.entries()) {
      const box = (this.#boxes[at] ??= this.#add())
      box.style.transform = `translate(${left - origin.left}px, ${top - origin.top}px) scale(${width}, ${height})`
      box.hidden = false
    }
    for (const box of this.#boxes.slice(rects.length)) box.hidden = true
  }

  hide(): void {
    for (const box of this.#boxes.splice(0)) box.remove()
  }

  #add(): HTMLElement {
    const box = document.createElement('span')
    box.className = 'spoken-word-box'
    box.ariaHidden = 'true'
    this.#text.append(box)
    return box
  }
}
