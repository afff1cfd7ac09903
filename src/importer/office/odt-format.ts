import { Failure } from '../../novel/failure.ts'
import type { FormatResult } from '../book-format.ts'
import { decodeXml } from '../encodings/text-decoding.ts'
import { singleDocument } from '../publication/single-document.ts'
import { readPublication } from '../publication/publication.ts'
import { descendants, parseXml } from '../xhtml/xml-tree.ts'
import { ZipArchive } from '../zip-archive.ts'
import { odtDocument } from './odt-document.ts'
import { readOdtStyles } from './odt-styles.ts'
import { readOfficeMetadata } from './office-metadata.ts'

const maxContentBytes = 48 * 1024 * 1024

/**
 * Reads an OpenDocument text. Deleted text and comments are not read. Throws `novel.damaged`, `novel.encrypted`,
 * `novel.hostile` and `novel.no-text`.
 */
export async function readOdt(path: string, fileName: string): Promise<FormatResult> {
  const archive = await ZipArchive.open(path)
  try {
    await rejectEncryptedContent(archive)
    const content = await archive.read('content.xml', maxContentBytes)
    if (content === undefined)
      throw new Failure('novel.damaged', { detail: 'content.xml in it cannot be read' })
    const { text } = decodeXml(content)
    const common = await archive.read('styles.xml', maxContentBytes)
    const styles = readOdtStyles([...(common === undefined ? [] : [decodeXml(common).text]), text])
    return await readPublication(
      {
        ...singleDocument(odtDocument(text, styles), 'application/xhtml+xml', archive),
        metadata: readOfficeMetadata(await archive.read('meta.xml')),
      },
      fileName,
    )
  } finally {
    await archive.close()
  }
}

/** A document with a password names for each file how it was encrypted. */
async function rejectEncryptedContent(archive: ZipArchive): Promise<void> {
  const manifest = await archive.read('META-INF/manifest.xml')
  if (manifest === undefined) return
  const entries = descendants(parseXml(decodeXml(manifest).text), 'file-entry')
  const content = entries.find(({ attributes }) => attributes['full-path'] === 'content.xml')
  if (content !== undefined && descendants(content, 'encryption-data').length > 0)
    throw new Failure('novel.encrypted')
}
