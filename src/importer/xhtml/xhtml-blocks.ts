import { Parser } from 'htmlparser2'
import { Failure } from '../../novel/failure.ts'
import { bodyReader } from './body-reader.ts'
import { documentStyles } from './element-context.ts'
import type { Stylesheet } from '../styles/stylesheet.ts'
import { cleanText, placesOf } from '../clean-text.ts'
import type { BlockDraft, RemovedText } from '../block-draft.ts'
import { writeOutEntities, localName } from './xml-tree.ts'
import { semanticTypes, silentElements } from './xhtml-vocabulary.ts'

/** A document of the spine as blocks. */
export interface DocumentBlocks {
  readonly drafts: readonly BlockDraft[]
  /** What was taken out of a document that has no block to hold it. */
  readonly unplaced: readonly RemovedText[]
  /** By id, the index of the draft after each block-level element. */
  readonly extents: ReadonlyMap<string, number>
  /** Ids that stand after the last block. */
  readonly trailingIds: readonly string[]
  /** The `title` in its head. */
  readonly title: string
  /** What its `body` says it is. */
  readonly types: readonly string[]
  /** UTF-16 units that a stylesheet hides. */
  readonly hidden: number
  /** It is a list of links to other documents: nine tenths of its text, at least four links. */
  readonly isContents: boolean
}

/** Real books nest below 60 elements; a page of 200,000 open tags is an attack. */
const maxDepth = 2_000

/**
 * Reads one XHTML document of an EPUB; `file` is its path in the archive, against which links are resolved. What has no
 * body as XML, or never closes its elements, is read as HTML. Throws `novel.hostile` for nesting beyond measure.
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
 * The same blocks, each with its trace: where in `writeOutEntities(xhtml)` its characters stand. What could only be read
 * as HTML has none.
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
  /** What stands around the body belongs to it, as in every browser. */
  let hasBody = !xmlMode
  let depth = 0
  let silent = 0
  /** An internal subset's end is no text. */
  let began = false
  let inTitle = false
  let title = ''
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        depth += 1
        began = true
        if (depth > maxDepth) throw tooDeep
        const name = localName(tag)
        if (silent > 0 || silentElements.has(name) || (name === 'title' && !hasBody)) {
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
      onclosetag() {
        depth -= 1
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
  const { characters, linked, links, hidden } = reader.figures
  return {
    ...reader.flow.finish(),
    extents: reader.extents,
    title: cleanText(title).trim(),
    types,
    hidden,
    isContents: links >= 4 && linked >= characters * 0.9,
  }
}
