import mammoth from 'mammoth'
import { Result } from 'mammoth/lib/results.js'
import { Failure } from '../../novel/failure.ts'
import type { FormatResult } from '../book-format.ts'
import { singleDocument } from '../publication/single-document.ts'
import { readPublication } from '../publication/publication.ts'
import { readOfficeMetadata } from './office-metadata.ts'
import { ZipArchive } from '../zip-archive.ts'
import { docxParts } from './docx-parts.ts'

// Nobody reads the messages of Mammoth (of an unknown style, element, sign, kind of break, picture …). At each element it compares all of
// them with each other, which takes minutes where tens of thousands differ: its results keep none.
Object.defineProperty(Result.prototype, 'messages', { get: () => [], set: () => {} })

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
    const core = await archive.read('docProps/core.xml')
    const html = await convert(archive)
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

async function convert(archive: ZipArchive): Promise<string> {
  const convertImage = mammoth.images.imgElement(async (image) => ({
    src: (await image.readAsBuffer()).toString(),
  }))
  try {
    const { value } = await mammoth.convertToHtml(
      // It takes an open document too, which its types do not tell.
      { file: docxParts(archive) } as unknown as Parameters<typeof mammoth.convertToHtml>[0],
      { styleMap, convertImage, externalFileAccess: false, includeEmbeddedStyleMap: false },
    )
    return value
  } catch (error) {
    if (error instanceof Failure || error instanceof RangeError) throw error
    throw new Failure('novel.damaged', { detail: 'word/document.xml in it cannot be read' }, { cause: error })
  }
}
