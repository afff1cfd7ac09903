import { Parser } from 'htmlparser2'
import { Failure } from '../../novel/failure.ts'
import { Nesting } from '../xhtml/nesting.ts'
import type { ZipArchive } from '../zip-archive.ts'
import { deepestOffice } from './office-metadata.ts'

/** Bytes of one part of the document as XML; a novel of a million words has 20 MB. */
const maxPartBytes = 48 * 1024 * 1024

/** Elements have some ten attributes. */
const mostAttributes = 200
/** Names of elements and styles, and signs of fonts: Word has some hundreds. */
const mostKinds = 2_000
/** Fields that were begun and not ended. */
const mostFields = 200

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
      return xml
    },
  }
}

/**
 * Throws `novel.hostile` or `novel.damaged` for XML that Mammoth or its parser reads in a time that grows by a square: they compare each attribute
 * with those before, each warning (of an unknown element, style or sign) with each, and each run of text with all open fields.
 */
function rejectEndless(xml: string, part: string): void {
  const nesting = new Nesting(deepestOffice)
  const kinds = new Set<string>()
  let attributes = 0
  let fields = 0
  const parser = new Parser(
    {
      onattribute: () => {
        attributes += 1
      },
      onopentagname() {
        attributes = 0
      },
      onopentag(
        name,
        { 'w:val': value = '', 'w:fldCharType': field, 'w:char': sign = '', 'w:font': font = '' },
      ) {
        nesting.open()
        kinds.add(name.endsWith('Style') ? `${name} ${value}` : name.endsWith('sym') ? sign + font : name)
        if (field === 'begin') fields += 1
        else if (field === 'end') fields = Math.max(0, fields - 1)
        if (fields > mostFields)
          throw new Failure('novel.hostile', {
            detail: `${part} in it nests more than ${mostFields} elements`,
          })
        if (attributes > mostAttributes || kinds.size > mostKinds)
          throw new Failure('novel.damaged', { detail: `${part} in it cannot be read` })
      },
      onclosetag: () => nesting.close(),
    },
    { xmlMode: true },
  )
  parser.end(xml)
}
