import { joinTitle } from '../chapters/chapter-outline.ts'
import { cleanLine } from '../clean-text.ts'
import type { ContentsEntry } from '../publication/contents.ts'
import { escapeXml } from '../../novel/xml-escape.ts'
import { DocumentCount, type Fb2Handler, idsIn, isNotes, parseFb2 } from './fb2-parser.ts'
import { writeOutEntities } from '../xhtml/xml-tree.ts'

/** A document made of one of the book's outermost sections. */
interface Fb2Document {
  readonly file: string
  readonly xhtml: string
  /** Notes are outside of the reading order. */
  readonly linear: boolean
}

export interface Fb2Documents {
  readonly documents: readonly Fb2Document[]
  /** By the titles of the sections. */
  readonly contents: readonly ContentsEntry[]
  /** Images that stand in the text. */
  readonly images: number
}

/** What becomes of an element that only sets its text, or stands for itself. */
const renamed: Readonly<Record<string, string>> = {
  p: 'p',
  v: 'p',
  emphasis: 'em',
  strong: 'strong',
  strikethrough: 's',
  sub: 'sub',
  sup: 'sup',
  code: 'code',
  table: 'table',
  tr: 'tr',
  td: 'td',
  th: 'th',
  cite: 'blockquote',
  'text-author': 'p',
  date: 'p',
}

/** Containers whose kind matters to the reader. */
const containers: Readonly<Record<string, string>> = {
  poem: '<div class="poem">',
  stanza: '<div class="stanza">',
  epigraph: '<blockquote epub:type="epigraph">',
  annotation: '<div>',
}

interface Section {
  /** Undefined until its title was read. */
  entry: { title: string; target: { file: string; id: string }; children: ContentsEntry[] } | undefined
  readonly id: string
  readonly children: ContentsEntry[]
}

/**
 * Makes XHTML documents of the bodies of a FictionBook, one for each section of the main body. Titles become headings of
 * their level, sections of the bodies of notes become notes. Throws `novel.hostile` for deep nesting.
 */
export function fb2Documents(bodies: string): Fb2Documents {
  const xml = writeOutEntities(bodies)
  const fileOf = idsIn(xml)
  const maker = new DocumentMaker(fileOf)
  parseFb2(xml, maker)
  return maker.finish()
}

class DocumentMaker implements Fb2Handler {
  readonly #fileOf: ReadonlyMap<string, string>
  readonly #count = new DocumentCount()
  readonly #documents: Fb2Document[] = []
  readonly #contents: ContentsEntry[] = []
  readonly #sections: Section[] = []
  #parts: string[] = []
  #file = ''
  #notes = false
  #images = 0
  #sectionCount = 0
  /** Lines of the title that is being read. */
  #title: string[] | undefined
  /** The subtitle that is being read, and which part its tag will be. */
  #subtitle: { readonly at: number; readonly id: string; text: string } | undefined
  /** Elements that were closed by what they became. */
  readonly #closing: string[] = []
  /** A break, or the begin of a section, stands directly before. */
  #broken = true

  constructor(fileOf: ReadonlyMap<string, string>) {
    this.#fileOf = fileOf
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const file = this.#count.open(name, attributes)
    if (file !== this.#file) this.#begin(file)
    if (name === 'body') this.#notes = isNotes(attributes)
    this.#closing.push(this.#element(name, attributes))
  }

  /** Writes what the element begins with; returns what ends it. */
  #element(name: string, attributes: Readonly<Record<string, string>>): string {
    const id = attributes['id'] === undefined ? '' : ` id="${escapeXml(attributes['id'])}"`
    if (name === 'section') {
      this.#broken = true
      const own = `section-${(this.#sectionCount += 1)}`
      this.#sections.push({ id: own, entry: undefined, children: [] })
      const anchor = `<span id="${own}"></span>`
      if (this.#notes) return this.#write(`<aside epub:type="footnote"${id}>`, '</aside>')
      return this.#write(`<section${id}>${anchor}`, '</section>')
    }
    if (name === 'title') {
      if (this.#notes) return this.#write('<div>', '</div>')
      this.#title = []
      return this.#write(`<h${this.#level()}${id}>`, `</h${this.#level()}>`)
    }
    if (this.#title !== undefined && name === 'p') {
      // Its paragraphs are the lines of one heading.
      const first = this.#title.length === 0
      this.#title.push('')
      return this.#write(first ? '' : '<br/>', '')
    }
    if (name === 'subtitle') {
      this.#subtitle = { at: this.#parts.length, id, text: '' }
      return this.#write('', '')
    }
    if (name === 'empty-line') {
      const rest = this.#title === undefined ? '<hr/>' : '<br/>'
      const start = this.#broken ? '' : rest
      this.#broken = true
      return this.#write(start, '')
    }
    if (name === 'image') {
      this.#images += 1
      return this.#write(imageOf(attributes), '')
    }
    if (name === 'a') {
      const type = attributes['type'] === 'note' ? ' epub:type="noteref"' : ''
      return this.#write(
        `<a${id}${type} href="${escapeXml(this.#hrefOf(attributes['href'] ?? ''))}">`,
        '</a>',
      )
    }
    const container = containers[name]
    if (container !== undefined) {
      const end = container.startsWith('<blockquote') ? '</blockquote>' : '</div>'
      return this.#write(container.replace('>', `${id}>`), end)
    }
    const plain = Object.hasOwn(renamed, name) ? renamed[name] : undefined
    if (plain === undefined) return ''
    return this.#write(`<${plain}${id}${spanOf(attributes)}>`, `</${plain}>`)
  }

  text(data: string): void {
    if (this.#title !== undefined && this.#title.length > 0) this.#title[this.#title.length - 1] += data
    if (/\S/.test(data)) this.#broken = false
    if (this.#subtitle !== undefined) this.#subtitle.text += data
    this.#parts.push(escapeXml(data))
  }

  close(name: string): void {
    this.#count.close(name)
    this.#parts.push(this.#closing.pop() ?? '')
    if (name === 'title' || name === 'subtitle') this.#broken = true
    if (name === 'subtitle') this.#endSubtitle()
    if (name === 'title' && this.#title !== undefined) {
      this.#enterTitle(this.#title.map((line) => cleanLine(line)))
      this.#title = undefined
    } else if (name === 'section') this.#endSection()
  }

  finish(): Fb2Documents {
    this.#end()
    return { documents: this.#documents, contents: this.#contents, images: this.#images }
  }

  /** Most are three stars between scenes; one with words is a heading. */
  #endSubtitle(): void {
    if (this.#subtitle === undefined) return
    const { at, id, text } = this.#subtitle
    const name = /[\p{L}\p{N}]/u.test(text) ? `h${Math.min(6, this.#level() + 1)}` : 'p'
    this.#parts[at] = `<${name}${id}>`
    this.#parts.push(`</${name}>`)
    this.#subtitle = undefined
  }

  #level(): number {
    return Math.min(6, Math.max(1, this.#sections.length))
  }

  #enterTitle(lines: readonly string[]): void {
    const section = this.#sections.at(-1)
    const title = joinTitle(lines.filter((line) => line !== ''))
    if (section === undefined || section.entry !== undefined || title === '' || this.#notes) return
    section.entry = { title, target: { file: this.#file, id: section.id }, children: section.children }
  }

  #endSection(): void {
    const section = this.#sections.pop()
    if (section === undefined) return
    const siblings = this.#sections.at(-1)?.children ?? this.#contents
    // What stands in a section without a title belongs to the one around it.
    if (section.entry !== undefined) siblings.push(section.entry)
    else for (const child of section.children) siblings.push(child)
  }

  #begin(file: string): void {
    this.#end()
    this.#file = file
  }

  #end(): void {
    const body = this.#parts.join('')
    this.#parts = []
    if (this.#file === '' || body.trim() === '') return
    this.#documents.push({
      file: this.#file,
      xhtml: `<html xmlns:epub="http://www.idpf.org/2007/ops"><body>${body}</body></html>`,
      linear: !this.#notes,
    })
  }

  #hrefOf(href: string): string {
    const id = /^#(.+)$/.exec(href)?.[1]
    const file = id === undefined ? undefined : this.#fileOf.get(id)
    return file === undefined ? href : `${file}#${encodeURIComponent(id!)}`
  }

  #write(start: string, end: string): string {
    this.#parts.push(start)
    return end
  }
}

function imageOf({ href, alt, title }: Readonly<Record<string, string>>): string {
  return `<img src="${escapeXml((href ?? '').replace(/^#/, ''))}" alt="${escapeXml(alt ?? title ?? '')}"/>`
}

function spanOf({ colspan, rowspan }: Readonly<Record<string, string>>): string {
  const own = (name: string, value: string | undefined): string =>
    value !== undefined && /^\d{1,3}$/.test(value) ? ` ${name}="${value}"` : ''
  return own('colspan', colspan) + own('rowspan', rowspan)
}
