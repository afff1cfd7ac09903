import { escapeXml } from '../../novel/xml-escape.ts'
import { furnitureOf } from './pdf-furniture.ts'
import type { PdfLine } from './pdf-page.ts'
import { beginsParagraph, columnsOf, headingLevelOf, measure, type PdfColumn } from './pdf-paragraphs.ts'

/** A place that the book's outline names. */
export interface PdfPlace {
  readonly id: string
  /** Index of its page. */
  readonly page: number
  /** From the page's foot; at its head if undefined. */
  readonly y: number | undefined
}

const shortMark = 24

/** A paragraph or heading that further lines may belong to. */
interface OpenParagraph {
  readonly name: string
  /** Markup of its lines. */
  readonly parts: string[]
}

/** Makes an XHTML document of the lines of each page, with an anchor at each of the places. */
export function pdfDocument(pages: readonly (readonly PdfLine[])[], places: readonly PdfPlace[]): string {
  const furniture = furnitureOf(pages)
  const text = pages.map((lines) => lines.filter((line) => !furniture.has(line)))
  const measured = measure(text.flat())
  const waiting = Map.groupBy(places, ({ page }) => page)
  const parts: string[] = []
  /** Running heads and page numbers since the last line of text. */
  let marks = ''
  let open: OpenParagraph | undefined
  let before: { readonly line: PdfLine; readonly column: PdfColumn } | undefined
  const end = (): void => {
    if (open !== undefined) parts.push(`<${open.name}>${open.parts.join('')}</${open.name}>`)
    open = undefined
  }
  for (const [page, lines] of pages.entries()) {
    const pending = (waiting.get(page) ?? []).toSorted((a, b) => (a.y ?? Infinity) - (b.y ?? Infinity))
    const columnOf = columnsOf(text[page]!, measured)
    for (const line of lines) {
      if (furniture.has(line)) {
        marks += markOf(line.text)
        continue
      }
      const column = columnOf(line)
      const level = headingLevelOf(line, measured)
      const name = level === 0 ? 'p' : `h${level}`
      let anchors = ''
      for (let next = pending.at(-1); next !== undefined; next = pending.at(-1)) {
        if (next.y !== undefined && line.y > next.y + measured.pitch * 0.2) break
        anchors += `<a id="${next.id}"></a>`
        pending.pop()
      }
      const begins =
        open === undefined ||
        before === undefined ||
        anchors !== '' ||
        open.name !== name ||
        (level > 0
          ? line.page !== before.line.page || before.line.y - line.y > line.size * 2.2
          : beginsParagraph(line, column, before.line, before.column, measured))
      if (begins) end()
      if (open === undefined) open = { name, parts: [anchors + marks + escapeXml(line.text)] }
      else join(open.parts, line.text, marks)
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

/** Joins a line to the lines of its paragraph, in which a word may have been divided. */
function join(lines: string[], line: string, marks: string): void {
  const last = lines.at(-1) ?? ''
  const divided = /(\p{Ll})([-\u00ad\u2010])$/u.exec(last)
  if (divided !== null && /^\p{Ll}/u.test(line)) {
    // The hyphen is the printer's; it is kept as a skip.
    const hyphen = divided[2] === '\u00ad' ? '' : `<span hidden="hidden">${divided[2]}</span>`
    lines[lines.length - 1] = last.slice(0, -1)
    lines.push(hyphen + marks + escapeXml(line))
    return
  }
  const isDropCap = (lines.length === 1 ? /(?:^|>)\p{Lu}$/u : />\p{Lu}$/u).test(last)
  const space = isDropCap || spaceless.test(last) ? '' : ' '
  lines.push(space + marks + escapeXml(line))
}
