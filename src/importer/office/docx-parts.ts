import { Parser } from 'htmlparser2'
import { Failure } from '../../novel/failure.ts'
import { Nesting } from '../xhtml/nesting.ts'
import { localName } from '../xhtml/xml-tree.ts'
import type { ZipArchive } from '../zip-archive.ts'
import { deepestOffice } from './office-metadata.ts'

/** Bytes of one part of the document as XML; a novel of a million words has 20 MB. */
const maxPartBytes = 48 * 1024 * 1024

/** Elements have some ten attributes. */
const mostAttributes = 200
/** Fields that were begun and not ended. */
const mostFields = 200
/** Blanks in a row in what a field does. */
const mostBlanks = 1_000

/**
 * The parts of a Word document as Mammoth asks for them, whatever they are called: unpacked within limits, and of a shape
 * that it reads in time. Of an image, which it would unpack as well, it is given the path.
 */
export function docxParts(archive: ZipArchive) {
  return {
    // A style map that Mammoth itself once wrote could rename or hide everything.
    exists: (name: string): boolean => name !== 'mammoth/style-map' && archive.has(name),
    async read(name: string, encoding?: string): Promise<string | Uint8Array> {
      if (encoding === undefined) return new TextEncoder().encode(name)
      const bytes = await archive.read(name, maxPartBytes)
      if (bytes === undefined) throw new Error(`there is no part ${name}`)
      const xml = new TextDecoder(encoding).decode(bytes)
      rejectEndless(xml, name)
      return knownReference.test(xml) ? withoutLostReferences(xml, await targetsOf(archive, name)) : xml
    },
  }
}

const knownReference = /\sr:(?:embed|link|id)\s*=/

/** The ids by which a part refers to files and addresses. */
async function targetsOf(archive: ZipArchive, part: string): Promise<ReadonlySet<string>> {
  const bytes = await archive.read(part.replace(/[^/]*$/, '_rels/$&.rels'), maxPartBytes)
  const tags =
    bytes === undefined ? [] : new TextDecoder().decode(bytes).match(/<(?:\w+:)?Relationship\s[^<>]*>/g)
  const ids = (tags ?? []).map((tag) =>
    /\sTarget\s*=/.test(tag) ? /\sId\s*=\s*["']([^"']*)/.exec(tag)?.[1] : undefined,
  )
  return new Set(ids.filter((id) => id !== undefined))
}

const reference = /\sr:(?:embed|link|id)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** Without references to what the document does not have: for one lost picture Mammoth would refuse all of it. */
function withoutLostReferences(xml: string, targets: ReadonlySet<string>): string {
  return xml.replaceAll(/<[^<>]*\sr:[^<>]*>/g, (tag) =>
    tag.replaceAll(reference, (found, one?: string, other?: string) =>
      targets.has(one ?? other ?? '') ? found : '',
    ),
  )
}

/**
 * Throws `novel.hostile` or `novel.damaged` for XML that Mammoth or its parser reads in a time that grows by a square: they compare each attribute
 * with those before and each run of text with all open fields, and look from each blank of a field's code to the end of its blanks.
 */
function rejectEndless(xml: string, part: string): void {
  const nesting = new Nesting(deepestOffice)
  const unreadable = (): Failure => new Failure('novel.damaged', { detail: `${part} in it cannot be read` })
  let attributes = 0
  let fields = 0
  let inCode = false
  let blanks = 0
  const parser = new Parser(
    {
      onattribute: () => {
        attributes += 1
      },
      onopentagname() {
        attributes = 0
      },
      onopentag(tag, values) {
        nesting.open()
        if (attributes > mostAttributes) throw unreadable()
        const name = localName(tag)
        inCode = name === 'instrtext'
        if (name !== 'fldchar') return
        const type = Object.entries(values).find(([key]) => localName(key) === 'fldchartype')?.[1]
        if (type === 'begin') fields += 1
        else if (type === 'end') fields = Math.max(0, fields - 1)
        if (fields > mostFields)
          throw new Failure('novel.hostile', {
            detail: `${part} in it nests more than ${mostFields} elements`,
          })
      },
      ontext(text) {
        if (!inCode) return
        // A field's code may be in several elements.
        for (const [index, { length }] of text.split(/\S+/).entries()) {
          blanks = index === 0 ? blanks + length : length
          if (blanks > mostBlanks) throw unreadable()
        }
      },
      onclosetag() {
        nesting.close()
        inCode = false
      },
    },
    { xmlMode: true },
  )
  parser.end(xml)
}
