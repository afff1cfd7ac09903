import { type BookFiles, composedFiles } from '../book-files.ts'
import { noContents } from './contents.ts'
import { orderOf } from './publication-order.ts'
import type { Publication } from './publication.ts'

/** The path of the only document. */
export const onlyDocument = 'document.xhtml'

/**
 * A book that a reader has made one document of; `archive`: the file's own, in which its images are. Metadata are added
 * by the reader, and what else the format tells.
 */
export function singleDocument(
  markup: string,
  mediaType: 'text/html' | 'application/xhtml+xml',
  archive?: BookFiles,
): Omit<Publication, 'metadata'> {
  return {
    archive: composedFiles(new Map([[onlyDocument, markup]]), archive),
    order: orderOf([{ file: onlyDocument }], mediaType),
    contents: noContents,
    cover: { remarks: [] },
    remarks: [],
  }
}
