import { readFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import mammoth from 'mammoth'
import { Failure } from '../../novel/failure.ts'
import type { FormatResult } from '../book-format.ts'
import { singleDocument } from '../publication/single-document.ts'
import { readPublication } from '../publication/publication.ts'
import { readOfficeMetadata } from './office-metadata.ts'
import { ZipArchive } from '../zip-archive.ts'

/** Bytes of one part of the document as XML; a novel of a million words has 20 MB. */
const maxPartBytes = 48 * 1024 * 1024

/** Styles that are headings beside Word's own, which Mammoth knows, and what has no text of the book in it. */
const styleMap = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => h2:fresh",
  "p[style-name='Chapter'] => h1:fresh",
  "p[style-name='Chapter Title'] => h1:fresh",
  "p[style-name='Chapter Heading'] => h1:fresh",
  "p[style-name='Quote'] => blockquote > p:fresh",
  "p[style-name='Intense Quote'] => blockquote > p:fresh",
  'comment-reference => !',
  'u => em',
]

/**
 * Reads a Word document (OOXML). Its paragraphs by style become headings; deleted text and comments are not read.
 * Throws `novel.damaged`, `novel.encrypted`, `novel.hostile` and `novel.no-text`.
 */
export async function readDocx(path: string, fileName: string): Promise<FormatResult> {
  const archive = await ZipArchive.open(path)
  try {
    // Mammoth unpacks without limits what has been unpacked within limits here.
    for (const name of archive.names)
      if (/\.(?:xml|rels)$/i.test(name)) await archive.read(name, maxPartBytes)
    const core = await archive.read('docProps/core.xml')
    const images = await imagesByContent(archive)
    const html = await convert(path, images)
    return await readPublication(
      {
        ...singleDocument(`<html><body>${html}</body></html>`, 'text/html', archive),
        metadata: readOfficeMetadata(core),
      },
      fileName,
    )
  } finally {
    await archive.close()
  }
}

/** Paths of the images by the sum and size of their content: Mammoth hands over content alone. */
async function imagesByContent(archive: ZipArchive): Promise<ReadonlyMap<string, string>> {
  const images = new Map<string, string>()
  for (const name of archive.names.filter((each) => each.startsWith('word/media/'))) {
    const packed = await archive.packed(name)
    if (packed !== undefined) images.set(`${packed.crc}-${packed.size}`, name)
  }
  return images
}

async function convert(path: string, images: ReadonlyMap<string, string>): Promise<string> {
  const convertImage = mammoth.images.imgElement(async (image) => {
    const bytes = await image.readAsBuffer()
    return { src: images.get(`${crc32(bytes)}-${bytes.length}`) ?? '' }
  })
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer: await readFile(path) },
      { styleMap, convertImage, externalFileAccess: false },
    )
    return value
  } catch (error) {
    throw new Failure('novel.damaged', { detail: 'word/document.xml in it cannot be read' }, { cause: error })
  }
}
