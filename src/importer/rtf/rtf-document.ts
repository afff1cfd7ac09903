import { Failure } from '../../novel/failure.ts'
import { RtfText } from './rtf-text.ts'
import { readRtfTokens, type RtfHandler } from './rtf-tokens.ts'
import {
  characters,
  charsets,
  encodingOfCodePage,
  hiddenDestinations,
  levelOfStyle,
  readDestinations,
} from './rtf-vocabulary.ts'

export interface RtfDocument {
  readonly xhtml: string
  readonly title: string
  readonly author: string
  /** Images in it. */
  readonly images: number
}

/** Where a group's text goes. */
type Destination = 'text' | 'hidden' | 'fonts' | 'styles' | 'field' | 'info' | 'title' | 'author' | 'note'

interface GroupState {
  destination: Destination
  italic: boolean
  bold: boolean
  raised: boolean
  hidden: boolean
  encoding: string
  /** Characters that stand behind a `\u` for readers that do not know it. */
  substitutes: number
  level: number | undefined
  inTable: boolean
  /** Of a table of contents. */
  contents: boolean
}

/** Groups nest some ten deep. */
const maxDepth = 5_000
/** UTF-16 units of the text that a field, a font or a style is named by. */
const longestName = 500

/** Reads a Rich Text document as XHTML. Throws `novel.hostile` for deep nesting. */
export function readRtfDocument(bytes: Uint8Array): RtfDocument {
  const reader = new RtfReader()
  readRtfTokens(bytes, reader)
  return reader.finish()
}

class RtfReader implements RtfHandler {
  readonly #text = new RtfText()
  readonly #stack: GroupState[] = []
  readonly #encodings = new Map<number, string>()
  readonly #levels = new Map<number, number>()
  readonly #decoders = new Map<string, TextDecoder>()
  #state: GroupState = {
    destination: 'text',
    italic: false,
    bold: false,
    raised: false,
    hidden: false,
    encoding: 'windows-1252',
    substitutes: 1,
    level: undefined,
    inTable: false,
    contents: false,
  }
  #standard = 'windows-1252'
  #bytes: number[] = []
  #skip = 0
  /** The group may be skipped by those who do not know its destination. */
  #optional = false
  #font = 0
  #style = 0
  /** Instructions of the open field. */
  #field = ''
  #name = ''
  #title = ''
  #author = ''
  #images = 0

  open(): void {
    this.#flush()
    if (this.#stack.length >= maxDepth)
      throw new Failure('novel.hostile', {
        detail: `its contents nest more than ${maxDepth} levels deep`,
      })
    this.#stack.push({ ...this.#state })
    this.#skip = 0
  }

  close(): void {
    this.#flush()
    const outer = this.#stack.pop()
    if (outer === undefined) return
    const { destination } = this.#state
    if (destination === 'note' && outer.destination !== 'note') this.#text.endNote()
    if (destination === 'styles') this.#endName()
    this.#state = outer
    this.#skip = 0
  }

  byte(value: number): void {
    if (this.#skip > 0) this.#skip -= 1
    else if (this.#state.destination !== 'hidden') this.#bytes.push(value)
  }

  control(word: string, value: number | undefined): void {
    if (word === 'u') return this.#unicode(value ?? 0)
    const character = Object.hasOwn(characters, word) ? characters[word] : undefined
    if (this.#skip > 0 && character !== undefined) {
      this.#skip -= 1
      return
    }
    this.#skip = 0
    this.#flush()
    if (word === '*') {
      this.#optional = true
      return
    }
    const optional = this.#optional
    this.#optional = false
    if (this.#state.destination === 'hidden') return
    if (word === 'pict') this.#images += 1
    if (hiddenDestinations.has(word) || (optional && !readDestinations.has(word))) {
      this.#state.destination = 'hidden'
      return
    }
    if (character !== undefined) this.#write(character)
    else if (!this.#setDestination(word) && !this.#structure(word)) this.#format(word, value)
  }

  finish(): RtfDocument {
    this.#flush()
    return {
      xhtml: this.#text.finish(),
      title: this.#title.trim(),
      author: this.#author.trim(),
      images: this.#images,
    }
  }

  #unicode(value: number): void {
    this.#flush()
    this.#write(String.fromCharCode(value & 0xffff))
    this.#skip = this.#state.substitutes
  }

  #setDestination(word: string): boolean {
    const state = this.#state
    if (word === 'fonttbl') state.destination = 'fonts'
    else if (word === 'stylesheet') state.destination = 'styles'
    else if (word === 'info') state.destination = 'info'
    else if (state.destination === 'info' && (word === 'title' || word === 'author')) state.destination = word
    else if (word === 'fldinst') {
      state.destination = 'field'
      this.#field = ''
    } else if (word === 'fldrslt') state.contents ||= /^\s*TOC\b/.test(this.#field)
    else if (word === 'footnote') {
      state.destination = 'note'
      this.#text.beginNote()
    } else return false
    return true
  }

  /** What ends a paragraph, a line or a cell. */
  #structure(word: string): boolean {
    const { destination } = this.#state
    if (destination !== 'text' && destination !== 'note') return false
    if (word === 'par' || word === 'sect' || word === 'page') this.#text.endParagraph(this.#state)
    else if (word === 'line') this.#text.lineBreak()
    else if (word === 'cell' || word === 'nestcell') {
      this.#text.endParagraph({ ...this.#state, inTable: true })
      this.#text.endCell()
    } else if (word === 'row' || word === 'nestrow') this.#text.endRow()
    else if (word === 'chftn') this.#text.noteMark()
    else return false
    return true
  }

  #format(word: string, value: number | undefined): void {
    const state = this.#state
    const on = value !== 0
    if (word === 'i') state.italic = on
    else if (word === 'b') state.bold = on
    else if (word === 'super') state.raised = on
    else if (word === 'nosupersub' || word === 'sub') state.raised = false
    else if (word === 'v' || word === 'deleted') state.hidden = on
    else if (word === 'plain')
      Object.assign(state, { italic: false, bold: false, raised: false, hidden: false })
    else if (word === 'pard') Object.assign(state, { level: undefined, inTable: false })
    else if (word === 'intbl') state.inTable = true
    else if (word === 'outlinelevel') this.#setLevel((value ?? 0) + 1)
    else if (word === 'uc') state.substitutes = Math.max(0, Math.min(10, value ?? 1))
    else if (word === 'ansicpg') {
      this.#standard = encodingOfCodePage(value ?? 1252)
      state.encoding = this.#standard
    } else if (word === 'mac') state.encoding = 'macintosh'
    else if (word === 'fcharset') this.#encodings.set(this.#font, charsets[value ?? 0] ?? this.#standard)
    else if (word === 'f') {
      if (state.destination === 'fonts') this.#font = value ?? 0
      else state.encoding = this.#encodings.get(value ?? 0) ?? this.#standard
    } else if (word === 's') {
      if (state.destination === 'styles') this.#style = value ?? 0
      else state.level = this.#levels.get(value ?? 0)
    }
  }

  #setLevel(level: number): void {
    if (level > 6) return
    if (this.#state.destination === 'styles') this.#levels.set(this.#style, level)
    else this.#state.level = level
  }

  #flush(): void {
    if (this.#bytes.length === 0) return
    const bytes = Uint8Array.from(this.#bytes)
    this.#bytes = []
    const { encoding } = this.#state
    let decoder = this.#decoders.get(encoding)
    if (decoder === undefined) this.#decoders.set(encoding, (decoder = new TextDecoder(encoding)))
    this.#write(decoder.decode(bytes))
  }

  #write(text: string): void {
    const { destination, hidden } = this.#state
    if (destination === 'text' || destination === 'note') {
      if (!hidden) this.#text.write(text, this.#state)
    } else if (destination === 'field') this.#field = (this.#field + text).slice(0, longestName)
    else if (destination === 'styles') this.#name = (this.#name + text).slice(0, longestName)
    else if (destination === 'title') this.#title = (this.#title + text).slice(0, longestName)
    else if (destination === 'author') this.#author = (this.#author + text).slice(0, longestName)
  }

  /** A style's name ends with its group. */
  #endName(): void {
    const level = levelOfStyle(this.#name.replace(/;.*$/, '').trim())
    if (level !== undefined) this.#levels.set(this.#style, level)
    this.#name = ''
  }
}
