import { readFile, stat } from 'node:fs/promises'
import { Failure } from '../../novel/failure.ts'
import { composedFiles } from '../book-files.ts'
import type { FormatResult } from '../book-format.ts'
import { imagesLeftOut } from '../publication/publication-images.ts'
import { orderOf } from '../publication/publication-order.ts'
import { readPublication } from '../publication/publication.ts'
import { readRtfDocument } from './rtf-document.ts'

const page = 'document.xhtml'
/** Most of a large file are images in hexadecimal digits. */
const maxBytes = 160 * 1024 * 1024

/** Reads a Rich Text document, without its images. Throws `novel.hostile` and `novel.no-text`. */
export async function readRtf(path: string, fileName: string): Promise<FormatResult> {
  if ((await stat(path)).size > maxBytes)
    throw new Failure('novel.hostile', { detail: `it holds more than ${maxBytes / 1024 / 1024} MB of text` })
  const { xhtml, title, author, images } = readRtfDocument(await readFile(path))
  return readPublication(
    {
      archive: composedFiles(new Map([[page, xhtml]])),
      order: orderOf([{ file: page }], 'application/xhtml+xml'),
      metadata: { title, author, language: undefined },
      contents: { evidence: undefined, entries: [], landmarks: [] },
      cover: { remarks: [] },
      remarks: imagesLeftOut(images),
    },
    fileName,
  )
}
