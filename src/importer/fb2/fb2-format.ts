import { Failure } from '../../novel/failure.ts'
import { imageTypes } from '../../novel/book-layout.ts'
import { composedFiles } from '../book-files.ts'
import type { FormatResult } from '../book-format.ts'
import { decodeXml } from '../encodings/text-decoding.ts'
import { isZipFile } from '../file-signs.ts'
import { imagesLeftOut } from '../publication/publication-images.ts'
import { orderOf } from '../publication/publication-order.ts'
import { imageTypeOfBytes } from '../publication/image-type.ts'
import { type FoundCover, type Publication, readPublication } from '../publication/publication.ts'
import { readWhole } from '../whole-file.ts'
import { descendants, parseXml } from '../xhtml/xml-tree.ts'
import { ZipArchive } from '../zip-archive.ts'
import { fb2Documents } from './fb2-documents.ts'
import { readFb2Metadata } from './fb2-metadata.ts'
import { fb2In } from './fb2-signs.ts'

/** Bytes of a book; the longest in one file have 80 MB, most of them images. */
const maxBytes = 160 * 1024 * 1024
/** Characters of text with its markup. */
const maxText = 64 * 1024 * 1024
const maxCoverBytes = 20 * 1024 * 1024

/**
 * Reads a FictionBook 2, packed or not. Throws `novel.damaged`, `novel.hostile`, `novel.no-text` and what
 * `ZipArchive` throws.
 */
export async function readFb2(path: string, fileName: string): Promise<FormatResult> {
  const { text, encoding } = decodeXml(await bytesOf(path))
  return readPublication(publicationOf(text, encoding), fileName)
}

async function bytesOf(path: string): Promise<Uint8Array> {
  if (!(await isZipFile(path))) return readWhole(path, maxBytes)
  const archive = await ZipArchive.open(path)
  try {
    const name = fb2In(archive.names)
    const unpacked = name === undefined ? undefined : await archive.read(name, maxBytes)
    if (unpacked === undefined)
      throw new Failure('novel.damaged', { detail: 'it is a zip file without a book in it' })
    return unpacked
  } finally {
    await archive.close()
  }
}

function publicationOf(xml: string, encoding: string): Publication {
  const bodyAt = xml.search(/<(?:\w+:)?body[\s>]/i)
  if (bodyAt < 0) throw new Failure('novel.damaged', { detail: 'it ends before its text begins' })
  const description = descendants(parseXml(xml.slice(0, bodyAt)), 'description')[0]
  const { metadata, cover: coverId } = readFb2Metadata(description)
  const binariesAt = firstBinary(xml, bodyAt)
  if (binariesAt - bodyAt > maxText)
    throw new Failure('novel.hostile', { detail: `it holds more than ${maxText / 1024 / 1024} MB of text` })
  const { documents, contents, images } = fb2Documents(xml.slice(bodyAt, binariesAt))
  return {
    archive: composedFiles(new Map(documents.map(({ file, xhtml }) => [file, xhtml]))),
    order: orderOf(documents, 'application/xhtml+xml'),
    metadata,
    contents: { evidence: contents.length > 0 ? 'nav' : undefined, entries: contents, landmarks: [] },
    cover: coverId === undefined ? { remarks: [] } : coverIn(xml, binariesAt, coverId),
    ...(encoding === 'utf-8' ? {} : { encoding }),
    remarks: imagesLeftOut(images),
  }
}

/** Where the images begin that follow the text; the end of the file if there are none. */
function firstBinary(xml: string, from: number): number {
  const pattern = /<(?:\w+:)?binary[\s>]/gi
  pattern.lastIndex = from
  return pattern.exec(xml)?.index ?? xml.length
}

/** The cover among the binaries, which begin at `from`. */
function coverIn(xml: string, from: number, id: string): FoundCover {
  const tags = /<(?:\w+:)?binary\s[^<>]{0,1000}>/gi
  tags.lastIndex = from
  for (let tag = tags.exec(xml); tag !== null; tag = tags.exec(xml)) {
    const [named] = descendants(parseXml(`${tag[0]}</binary>`), 'binary')
    if (named?.attributes['id'] !== id) continue
    const end = xml.indexOf('<', tags.lastIndex)
    const base64 = xml.slice(tags.lastIndex, end < 0 ? undefined : end)
    if (base64.length > maxCoverBytes * 1.4)
      return { remarks: ['A cover was left out, because it is larger than 20 MB.'] }
    const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
    const type = imageTypeOfBytes(bytes)
    return type === undefined
      ? { remarks: ['A cover was left out, because it is no image that browsers show.'] }
      : { cover: { mediaType: imageTypes[type], bytes }, remarks: [] }
  }
  return { remarks: ['A cover was left out, because it is missing in the file.'] }
}
