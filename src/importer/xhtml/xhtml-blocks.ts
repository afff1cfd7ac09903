import { Parser } from 'htmlparser2'
import { Failure } from '../../novel/failure.ts'
import type { Stylesheet } from '../styles/stylesheet.ts'
import { cleanText, placesOf } from '../clean-text.ts'
import type { BlockDraft, RemovedText } from '../block-draft.ts'
import { bodyReader } from './body-reader.ts'
import { documentStyles } from './element-context.ts'
import { writeOutEntities, localName } from './xml-tree.ts'
import { semanticTypes, silentElements } from './xhtml-vocabulary.ts'

/** The blocks of one document of the spine. */
export interface DocumentBlocks {
  readonly drafts: readonly BlockDraft[]
  /** Text removed from a document that has no block. */
  readonly unplaced: readonly RemovedText[]
  /** By id, the index of the draft after each block-level element. */
  readonly extents: ReadonlyMap<string, number>
  /** Ids after the last block. */
  readonly trailingIds: readonly string[]
  /** The `title` in its head. */
  readonly title: string
  /** Semantic types of its `body`. */
  readonly types: readonly string[]
  /** UTF-16 units hidden by a stylesheet. */
  readonly hidden: number
  /** Whether it is a list of links to other documents: nine tenths of its text, at least four links. */
  readonly isContents: boolean
}

/** Real books nest less than 60 elements; a page of 200,000 open tags is an attack. */
const maxDepth = 2_000

/**
 * Reads one XHTML document of an EPUB; `file` is its path in the archive, against which links are resolved. A document
 * without a body as XML, or with unclosed elements, is read as HTML. Throws `novel.hostile` for excessive nesting.
 */
export function readBlocks(xhtml: string, file: string, sheet?: Stylesheet): DocumentBlocks {
  const text = writeOutEntities(xhtml)
  return (
    parse(text, file, { xmlMode: true, sheet }) ??
    parse(text, file, { xmlMode: false, sheet }) ??
    throwTooDeep(file)
  )
}

/**
 * The same blocks, each with its trace: offsets of its characters in `writeOutEntities(xhtml)`. A document that can
 * only be read as HTML has none.
 */
export function traceBlocks(xhtml: string, file: string, sheet?: Stylesheet): DocumentBlocks {
  return (
    parse(writeOutEntities(xhtml), file, { xmlMode: true, traced: true, sheet }) ??
    readBlocks(xhtml, file, sheet)
  )
}

function throwTooDeep(file: string): never {
  throw new Failure('novel.hostile', { detail: `${file} in it nests more than ${maxDepth} elements` })
}

const tooDeep = Symbol('a page nests too deep')

function parse(
  xhtml: string,
  file: string,
  {
    xmlMode,
    traced = false,
    sheet,
  }: { readonly xmlMode: boolean; readonly traced?: boolean; readonly sheet: Stylesheet | undefined },
): DocumentBlocks | undefined {
  const reader = bodyReader(file, { traced, styles: documentStyles(sheet) })
  let types: readonly string[] = []
  /** In HTML, text around the body belongs to it, as in browsers. */
  let hasBody = !xmlMode
  let depth = 0
  let silent = 0
  /** The end of a DTD's internal subset is not text. */
  let began = false
  let inTitle = false
  /** Open drawings: their titles are no title of the document. */
  let drawings = 0
  let title = ''
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        depth += 1
        began = true
        if (depth > maxDepth) throw tooDeep
        const name = localName(tag)
        if (name === 'svg') drawings += 1
        const isTitle = name === 'title' && (!hasBody || (!xmlMode && drawings === 0))
        if (silent > 0 || silentElements.has(name) || isTitle) {
          silent += 1
          inTitle = name === 'title' && title === ''
          return
        }
        if (name === 'body') {
          hasBody = true
          types = semanticTypes(attributes)
        }
        reader.open(name, attributes)
      },
      onclosetag(tag) {
        depth -= 1
        if (localName(tag) === 'svg') drawings -= 1
        inTitle = false
        if (silent > 0) silent -= 1
        else reader.close()
      },
      ontext(data) {
        if (inTitle) title += data
        else if (silent === 0 && (began || !xmlMode))
          reader.text(data, traced ? placesOf(data, parser.startIndex, parser.endIndex) : undefined)
      },
    },
    { xmlMode, lowerCaseTags: true, recognizeSelfClosing: true },
  )
  try {
    parser.end(xhtml)
  } catch (error) {
    if (error === tooDeep) return undefined
    throw error
  }
  if (!hasBody) return undefined
  const { characters, linked, links, hidden } = reader.counts
  return {
    ...reader.flow.finish(),
    extents: reader.extents,
    title: cleanText(title).trim(),
    types,
    hidden,
    isContents: links >= 4 && linked >= characters * 0.9,
  }
}
