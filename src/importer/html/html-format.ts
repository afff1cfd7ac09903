import { readFile } from 'node:fs/promises'
import { Failure } from '../../novel/failure.ts'
import { type BookFiles, composedFiles } from '../book-files.ts'
import type { FormatResult } from '../book-format.ts'
import { decodeXml } from '../encodings/text-decoding.ts'
import { orderOf } from '../publication/publication-order.ts'
import { type Publication, readPublication } from '../publication/publication.ts'
import { ZipArchive } from '../zip-archive.ts'
import { articleOf } from './html-article.ts'
import { pageOrder } from './html-order.ts'
import { readHtmlMetadata } from './html-metadata.ts'
import { pagesIn } from './html-signs.ts'

const maxPageBytes = 64 * 1024 * 1024

/**
 * Reads a web page, or a zip of web pages. Throws `novel.no-text`, `novel.hostile`, and what `ZipArchive` throws.
 */
export async function readHtml(path: string, fileName: string): Promise<FormatResult> {
  const head = await readFile(path)
  if (head[0] !== 0x50 || head[1] !== 0x4b) {
    if (head.length > maxPageBytes)
      throw new Failure('novel.hostile', {
        detail: `it holds more than ${maxPageBytes / 1024 / 1024} MB of text`,
      })
    return readPublication(singlePage(head), fileName)
  }
  const archive = await ZipArchive.open(path)
  try {
    return await readPublication(await pagesOf(archive), fileName)
  } finally {
    await archive.close()
  }
}

const pageName = 'page.html'

function singlePage(bytes: Uint8Array): Publication {
  const { text, encoding } = decodeXml(bytes)
  const { html, remarks } = articleOf(text)
  return {
    archive: composedFiles(new Map([[pageName, html]])),
    order: orderOf([{ file: pageName }], 'text/html'),
    metadata: readHtmlMetadata(text),
    contents: { evidence: undefined, entries: [], landmarks: [] },
    cover: { remarks: [] },
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
