import { escapeXml } from '../../novel/xml-escape.ts'
import { type RunStyle, runTags } from '../publication/run-markup.ts'
import { contentsList } from '../publication/publication-omissions.ts'

/** What a paragraph is. */
export interface ParagraphStyle {
  /** 1 to 6 for headings. */
  readonly level: number | undefined
  readonly inTable: boolean
  /** Of a table of contents. */
  readonly contents: boolean
}

const noRun: RunStyle = { italic: false, bold: false, raised: false }

/** Collects the text of a document as XHTML: runs into paragraphs, paragraphs into the text, a table or a note. */
export class RtfText {
  readonly #text: string[] = []
  /** Notes stand behind the paragraph that refers to them. */
  readonly #notes: string[] = []
  #runs: string[] = []
  #style = noRun
  #run = ''
  /** What was collected before the open note began. */
  #outside: string[] | undefined
  #noteCount = 0
  #cells: string[] = []
  #rows: string[] = []
  #cell: string[] = []

  write(text: string, style: RunStyle): void {
    if (
      style.italic !== this.#style.italic ||
      style.bold !== this.#style.bold ||
      style.raised !== this.#style.raised
    ) {
      this.#endRun()
      this.#style = style
    }
    this.#run += text
  }

  lineBreak(): void {
    this.#endRun()
    this.#runs.push('<br/>')
  }

  endParagraph({ level, inTable, contents }: ParagraphStyle): void {
    this.#endRun()
    const content = this.#runs.join('')
    this.#runs = []
    if (content.trim() === '') return
    const name = level === undefined ? 'p' : `h${level}`
    const list = contents ? ` epub:type="${contentsList}"` : ''
    const paragraph = `<${name}${list}>${content}</${name}>`
    if (this.#outside !== undefined) this.#notes.push(paragraph)
    else if (inTable) this.#cell.push(content)
    else {
      this.endTable()
      this.#text.push(paragraph)
      this.#placeNotes()
    }
  }

  endCell(): void {
    const [only] = this.#cell
    const several = this.#cell.map((paragraph) => `<p>${paragraph}</p>`).join('')
    this.#cells.push(`<td>${this.#cell.length === 1 ? only : several}</td>`)
    this.#cell = []
  }

  endRow(): void {
    if (this.#cells.length > 0) this.#rows.push(`<tr>${this.#cells.join('')}</tr>`)
    this.#cells = []
  }

  endTable(): void {
    if (this.#cell.length > 0) this.endCell()
    this.endRow()
    if (this.#rows.length > 0) this.#text.push(`<table>${this.#rows.join('')}</table>`)
    this.#rows = []
    this.#placeNotes()
  }

  /** The mark of the next note. */
  noteMark(): void {
    // Within a note it is the number that its words begin with.
    if (this.#outside !== undefined) return
    this.#endRun()
    const number = this.#noteCount + 1
    this.#runs.push(`<a epub:type="noteref" href="#note-${number}">${number}</a>`)
  }

  /** What follows is the words of a note. */
  beginNote(): void {
    if (this.#outside !== undefined) return
    this.#endRun()
    this.#outside = this.#runs
    this.#runs = []
    this.#noteCount += 1
    this.#notes.push(`<aside epub:type="footnote" id="note-${this.#noteCount}">`)
  }

  endNote(): void {
    if (this.#outside === undefined) return
    this.endParagraph({ level: undefined, inTable: false, contents: false })
    this.#notes.push('</aside>')
    this.#runs = this.#outside
    this.#outside = undefined
  }

  finish(): string {
    this.endNote()
    this.endParagraph({ level: undefined, inTable: false, contents: false })
    this.endTable()
    return `<html xmlns:epub="http://www.idpf.org/2007/ops"><body>${this.#text.join('')}</body></html>`
  }

  #placeNotes(): void {
    for (const part of this.#notes.splice(0)) this.#text.push(part)
  }

  #endRun(): void {
    if (this.#run === '') return
    const [start, end] = runTags(this.#style)
    this.#runs.push(`${start}${escapeXml(this.#run)}${end}`)
    this.#run = ''
  }
}
