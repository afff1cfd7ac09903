import { Parser } from 'htmlparser2'
import { Failure } from '../../novel/failure.ts'
import { escapeXml } from '../../novel/xml-escape.ts'
import { contentsList } from '../publication/publication-omissions.ts'
import { runTags } from '../publication/run-markup.ts'
import { localName, writeOutEntities } from '../xhtml/xml-tree.ts'
import { Nesting } from '../xhtml/nesting.ts'
import { deepestOffice } from './office-metadata.ts'
import type { OdtStyle, OdtStyles } from './odt-styles.ts'

type Attributes = Readonly<Record<string, string>>

/** Spaces that one element stands for, at most. */
const maxSpaces = 200

/** Elements whose text is not the document's: what was deleted, comments, declarations, how fields are computed. */
const silent = new Set([
  'tracked-changes',
  'annotation',
  'annotation-end',
  'variable-decls',
  'sequence-decls',
  'user-field-decls',
  'forms',
  'scripts',
  'font-face-decls',
  'automatic-styles',
  'index-title-template',
  'table-of-content-source',
  'ruby-text',
])

const plainElements: Readonly<Record<string, string>> = {
  list: 'ul',
  'list-item': 'li',
  'list-header': 'li',
  table: 'table',
  'table-row': 'tr',
  'table-cell': 'td',
  section: 'section',
  'text-box': 'div',
}

/**
 * Makes an XHTML document of the content of an OpenDocument text. Throws `novel.damaged` if there is no text in it, and
 * `novel.hostile` for deep nesting.
 */
export function odtDocument(content: string, styles: OdtStyles): string {
  const text: string[] = []
  /** Words of notes, which follow the paragraph that refers to them. */
  const noteText: string[] = []
  let parts = text
  const closing: string[] = []
  let silence = 0
  let notes = 0
  let inText = false
  let found = false
  /** Opens the element; returns what ends it. */
  const open = (name: string, attributes: Attributes): string => {
    const style = styles.get(attributes['text:style-name'] ?? '') ?? {}
    const write = (start: string, end: string): string => {
      parts.push(start)
      return end
    }
    if (name === 'h') return block(`h${levelOf(attributes, style)}`, style, write)
    if (name === 'p') return block(style.level === undefined ? 'p' : `h${style.level}`, style, write)
    if (name === 'span') return span(style, write)
    if (name === 'note') {
      notes += 1
      return ''
    }
    if (name === 'note-citation') return write(`<a epub:type="noteref" href="#note-${notes}">`, '</a>')
    if (name === 'note-body') {
      parts = noteText
      return write(`<aside epub:type="footnote" id="note-${notes}">`, '</aside>')
    }
    if (name === 'line-break') return write('<br/>', '')
    if (name === 'tab') return write(' ', '')
    if (name === 's')
      return write(' '.repeat(Math.min(maxSpaces, Number(attributes['text:c'] ?? 1) || 1)), '')
    if (name === 'image') return write(`<img src="${escapeXml(attributes['xlink:href'] ?? '')}" alt=""/>`, '')
    if (name === 'a') return write(`<a href="${escapeXml(attributes['xlink:href'] ?? '')}">`, '</a>')
    if (name === 'bookmark' || name === 'bookmark-start')
      return write(`<span id="${escapeXml(attributes['text:name'] ?? '')}"></span>`, '')
    if (name === 'table-of-content' || name.endsWith('-index'))
      return write(`<div epub:type="${contentsList}">`, '</div>')
    const plain = Object.hasOwn(plainElements, name) ? plainElements[name] : undefined
    return plain === undefined ? '' : write(`<${plain}>`, `</${plain}>`)
  }
  const nesting = new Nesting(deepestOffice)
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        nesting.open()
        const name = localName(tag)
        if (silence > 0 || silent.has(name)) silence += 1
        if (tag === 'office:text') {
          inText = true
          found = true
        }
        closing.push(silence === 0 && inText ? open(name, attributes) : '')
      },
      ontext(data) {
        if (silence === 0 && inText) parts.push(escapeXml(data))
      },
      onclosetag(tag) {
        nesting.close()
        parts.push(closing.pop() ?? '')
        const name = localName(tag)
        if (silence > 0) silence -= 1
        else if (name === 'note-body') parts = text
        else if ((name === 'p' || name === 'h') && parts === text)
          for (const part of noteText.splice(0)) text.push(part)
        if (tag === 'office:text') inText = false
      },
    },
    { xmlMode: true },
  )
  parser.end(writeOutEntities(content))
  if (!found) throw new Failure('novel.damaged', { detail: 'it ends before its text begins' })
  return `<html xmlns:epub="http://www.idpf.org/2007/ops"><body>${text.join('')}</body></html>`
}

function levelOf(attributes: Attributes, style: OdtStyle): number {
  const level = Number(attributes['text:outline-level'] ?? style.level ?? 1)
  return level >= 1 && level <= 6 ? Math.floor(level) : 6
}

type Write = (start: string, end: string) => string

function block(name: string, style: OdtStyle, write: Write): string {
  if (style.hidden === true) return write(`<${name} hidden="hidden">`, `</${name}>`)
  // A whole paragraph in italics is set apart as its words are.
  const [start, end] = style.italic === true && name === 'p' ? ['<i>', '</i>'] : ['', '']
  return write(`<${name}>${start}`, `${end}</${name}>`)
}

function span(style: OdtStyle, write: Write): string {
  const hidden = style.hidden === true ? ' hidden="hidden"' : ''
  const [start, end] = runTags(style)
  return write(`<span${hidden}>${start}`, `${end}</span>`)
}
