import type { BookFiles } from '../book-files.ts'
import { distinguishing } from '../book-identifiers.ts'
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
import { savedAddress } from '../saved-page.ts'

const maxPageBytes = 64 * 1024 * 1024

/**
 * Reads a web page, or a zip of web pages. Throws `novel.no-text`, `novel.hostile`, and what `ZipArchive` throws.
 */
export async function readHtml(path: string, fileName: string): Promise<FormatResult> {
  if (!(await isZipFile(path)))
    return readPublication(await singlePage(await readWhole(path, maxPageBytes)), fileName)
  const archive = await ZipArchive.open(path)
  try {
    return await readPublication(await pagesOf(archive), fileName)
  } finally {
    await archive.close()
  }
}

async function singlePage(bytes: Uint8Array): Promise<Publication> {
  const { text, encoding } = decodeXml(bytes)
  const metadata = readHtmlMetadata(text)
  const address = savedAddress(text)
  const read = encoding === 'utf-8' ? {} : { encoding }
  if (address === undefined) {
    const { html, remarks } = articleOf(text)
    return { ...singleDocument(html, 'text/html'), metadata, ...read, remarks }
  }
  const { webArticle } = await import('./web-article.ts')
  const article = webArticle(text, address)
  const { html, remarks } = article ?? articleOf(text)
  return {
    ...singleDocument(html, 'text/html'),
    metadata: {
      ...metadata,
      title: article?.title || metadata.title,
      author: metadata.author || article?.author || '',
      identifiers: distinguishing([address]),
    },
    ...read,
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
