import type { FormatResult } from '../book-format.ts'
import type { TracedBlock } from '../clean-text.ts'
import { rejectEncrypted, readPackage } from '../epub-package.ts'
import { readChapters, readPublication } from '../publication/publication.ts'
import { traceBlocks } from '../xhtml/xhtml-blocks.ts'
import { ZipArchive } from '../zip-archive.ts'
import { readContents } from './epub-contents.ts'
import { readCover } from './epub-cover.ts'
import { readMetadata } from './epub-metadata.ts'

/** Reads an EPUB 2 or 3. Throws the failures of `importBook` that apply to zips. */
export async function readEpub(path: string, fileName: string): Promise<FormatResult> {
  const archive = await ZipArchive.open(path)
  try {
    const epub = await readPackage(archive)
    await rejectEncrypted(archive)
    const metadata = readMetadata(epub.metadata)
    const cover = await readCover(archive, epub)
    const contents = await readContents(archive, epub)
    return await readPublication(
      { archive, order: epub, metadata, contents, cover, remarks: epub.remarks },
      fileName,
    )
  } finally {
    await archive.close()
  }
}

/** The blocks of each chapter as `readEpub` returns them, with their traces. Throws the same failures. */
export async function traceEpub(path: string): Promise<readonly (readonly TracedBlock[])[]> {
  const archive = await ZipArchive.open(path)
  try {
    const epub = await readPackage(archive)
    const { title, author } = readMetadata(epub.metadata)
    const contents = await readContents(archive, epub)
    const { chapters } = await readChapters(
      { archive, order: epub, contents },
      { title, author },
      traceBlocks,
    )
    return chapters.map(({ blocks }) => blocks)
  } finally {
    await archive.close()
  }
}
