import { Parser } from 'htmlparser2'
import { Nesting } from '../xhtml/nesting.ts'
import { localName } from '../xhtml/xml-tree.ts'

/** Sections nest less than ten levels in real books. */
const maxDepth = 200

/** What is told of the elements of a book; names are local, in lower case. */
export interface Fb2Handler {
  open(name: string, attributes: Readonly<Record<string, string>>): void
  text(data: string): void
  close(name: string): void
}

/** Throws `novel.hostile` for deep nesting. */
export function parseFb2(xml: string, handler: Fb2Handler): void {
  const nesting = new Nesting(maxDepth)
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        nesting.open()
        const local: Record<string, string> = {}
        for (const [name, value] of Object.entries(attributes)) local[localName(name)] = value
        handler.open(localName(tag), local)
      },
      ontext: (data) => handler.text(data),
      onclosetag(tag) {
        nesting.close()
        handler.close(localName(tag))
      },
    },
    { xmlMode: true },
  )
  parser.end(xml)
}

/** Of a body: whether it holds notes. */
export const isNotes = (attributes: Readonly<Record<string, string>>): boolean =>
  /^(?:notes|footnotes|comments|примечания|сноски|комментарии)$/i.test(attributes['name'] ?? '')

/** Counts the documents as both passes over the text do: one for each body, and for each outermost section of a text. */
export class DocumentCount {
  #count = 0
  #depth = 0
  #notes = false

  /** The document that the element belongs to. */
  open(name: string, attributes: Readonly<Record<string, string>>): string {
    if (name === 'body') {
      this.#count += 1
      this.#notes = isNotes(attributes)
    } else if (name === 'section') {
      if (this.#depth === 0 && !this.#notes) this.#count += 1
      this.#depth += 1
    }
    return this.file
  }

  close(name: string): void {
    if (name === 'section') this.#depth = Math.max(0, this.#depth - 1)
  }

  get file(): string {
    return `${this.#count}.xhtml`
  }
}

/** By id, the document in which the element will be. */
export function idsIn(xml: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  const count = new DocumentCount()
  parseFb2(xml, {
    open(name, attributes) {
      const { id } = attributes
      const file = count.open(name, attributes)
      if (id !== undefined && !files.has(id)) files.set(id, file)
    },
    text: () => undefined,
    close: (name) => count.close(name),
  })
  return files
}
