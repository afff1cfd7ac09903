import { escapeXml } from '../../novel/xml-escape.ts'
import { furnitureOf } from './pdf-furniture.ts'
import type { PdfLine } from './pdf-page.ts'
import { beginsParagraph, columnOf, headingLevelOf, measure, type PdfColumn } from './pdf-paragraphs.ts'

/** A place that the book's outline names. */
export interface PdfPlace {
  readonly id: string
  /** Index of its page. */
  readonly page: number
  /** From the page's foot; at its head if undefined. */
  readonly y: number | undefined
}

const shortMark = 24

/** Makes an XHTML document of the lines of each page, with an anchor at each of the places. */
export function pdfDocument(pages: readonly (readonly PdfLine[])[], places: readonly PdfPlace[]): string {
  const furniture = furnitureOf(pages)
  const text = pages.map((lines) => lines.filter((line) => !furniture.has(line)))
  const measured = measure(text.flat())
  const waiting = Map.groupBy(places, ({ page }) => page)
  const parts: string[] = []
  /** Running heads and page numbers since the last line of text. */
  let marks = ''
  let open: { readonly name: string; text: string } | undefined
  let before: { readonly line: PdfLine; readonly column: PdfColumn } | undefined
  const end = (): void => {
    if (open !== undefined) parts.push(`<${open.name}>${open.text}</${open.name}>`)
    open = undefined
  }
  for (const [page, lines] of pages.entries()) {
    const pending = (waiting.get(page) ?? []).toSorted((a, b) => (b.y ?? Infinity) - (a.y ?? Infinity))
    for (const line of lines) {
      if (furniture.has(line)) {
        marks += markOf(line.text)
        continue
      }
      const column = columnOf(line, text[page]!, measured)
      const level = headingLevelOf(line, measured)
      const name = level === 0 ? 'p' : `h${level}`
      const reached = pending.filter(({ y }) => y === undefined || line.y <= y + measured.pitch * 0.2)
      pending.splice(0, reached.length)
      const anchors = reached.map(({ id }) => `<a id="${id}"></a>`).join('')
      const begins =
        open === undefined ||
        before === undefined ||
        anchors !== '' ||
        open.name !== name ||
        (level > 0
          ? line.page !== before.line.page || before.line.y - line.y > line.size * 2.2
          : beginsParagraph(line, column, before.line, before.column, measured))
      if (begins) end()
      open = open === undefined ? { name, text: anchors + marks + escapeXml(line.text) } : open
      if (!begins) open.text = joined(open.text, line.text, marks)
      marks = ''
      before = { line, column }
    }
  }
  end()
  if (marks !== '') parts.push(`<div>${marks}</div>`)
  return `<html><body>${parts.join('')}</body></html>`
}

function markOf(text: string): string {
  return text.length <= shortMark
    ? `<span class="pagenum">${escapeXml(text)}</span>`
    : `<span hidden="hidden">${escapeXml(text)}</span>`
}

const spaceless = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]$/u

/** Joins a line to its paragraph, in which a word may have been divided. */
function joined(paragraph: string, line: string, marks: string): string {
  const divided = /(\p{Ll})([-\u00ad\u2010])$/u.exec(paragraph)
  if (divided !== null && /^\p{Ll}/u.test(line)) {
    // The hyphen is the printer's; it is kept as a skip.
    const hyphen = divided[2] === '\u00ad' ? '' : `<span hidden="hidden">${divided[2]}</span>`
    return paragraph.slice(0, -1) + hyphen + marks + escapeXml(line)
  }
  const isDropCap = /(?:^|>)\p{Lu}$/u.test(paragraph)
  const space = isDropCap || spaceless.test(paragraph) ? '' : ' '
  return paragraph + space + marks + escapeXml(line)
}
