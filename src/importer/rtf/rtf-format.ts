import type { FormatResult } from '../book-format.ts'
import { imagesLeftOut } from '../publication/publication-images.ts'
import { singleDocument } from '../publication/single-document.ts'
import { readPublication } from '../publication/publication.ts'
import { readWhole } from '../whole-file.ts'
import { readRtfDocument } from './rtf-document.ts'

/** Most of a large file are images in hexadecimal digits. */
const maxBytes = 160 * 1024 * 1024

/** Reads a Rich Text document, without its images. Throws `novel.hostile` and `novel.no-text`. */
export async function readRtf(path: string, fileName: string): Promise<FormatResult> {
  const { xhtml, title, author, images } = readRtfDocument(await readWhole(path, maxBytes))
  return readPublication(
    {
      ...singleDocument(xhtml, 'application/xhtml+xml'),
      metadata: { title, author, language: undefined },
      remarks: imagesLeftOut(images),
    },
    fileName,
  )
}
