import type { BookFiles } from '../book-files.ts'
import type { FormatResult } from '../book-format.ts'
import { decodeXml } from '../encodings/text-decoding.ts'
import { orderOf } from '../publication/publication-order.ts'
import { singleDocument } from '../publication/single-document.ts'
import { type Publication, readPublication } from '../publication/publication.ts'
import { ZipArchive } from '../zip-archive.ts'
import { isZipFile } from '../file-signs.ts'
import { readWhole } from '../whole-file.ts'
import { articleOf } from './html-article.ts'
import { pageOrder } from './html-order.ts'
import { readHtmlMetadata } from './html-metadata.ts'
import { pagesIn } from './html-signs.ts'

const maxPageBytes = 64 * 1024 * 1024

/**
 * Reads a web page, or a zip of web pages. Throws `novel.no-text`, `novel.hostile`, and what `ZipArchive` throws.
 */
export async function readHtml(path: string, fileName: string): Promise<FormatResult> {
  if (!(await isZipFile(path)))
    return readPublication(singlePage(await readWhole(path, maxPageBytes)), fileName)
  const archive = await ZipArchive.open(path)
  try {
    return await readPublication(await pagesOf(archive), fileName)
  } finally {
    await archive.close()
  }
}

function singlePage(bytes: Uint8Array): Publication {
  const { text, encoding } = decodeXml(bytes)
  const { html, remarks } = articleOf(text)
  return {
    ...singleDocument(html, 'text/html'),
    metadata: readHtmlMetadata(text),
    ...(encoding === 'utf-8' ? {} : { encoding }),
    remarks,
  }
}

async function pagesOf(archive: BookFiles): Promise<Publication> {
  const { pages, contents, list, first } = await pageOrder(archive, pagesIn(archive.names))
  return {
    archive,
    order: orderOf(
      pages.map((file) => ({ file, nav: file === list })),
      'text/html',
    ),
    metadata: readHtmlMetadata(first),
    contents: { evidence: contents.length > 1 ? 'nav' : undefined, entries: contents, landmarks: [] },
    cover: { remarks: [] },
    remarks: [],
  }
}
