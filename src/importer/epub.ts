import { Failure } from '../novel/failure.ts'
import { epubChapters } from './epub-chapters.ts'
import { readContents } from './epub-contents.ts'
import { readCover } from './epub-cover.ts'
import { refuseEncrypted } from './epub-encryption.ts'
import { readMetadata } from './epub-metadata.ts'
import { readPackage } from './epub-package.ts'
import { readSpine } from './epub-spine.ts'
import { settleLanguage } from './language-guess.ts'
import { resolveNotes } from './notes.ts'
import type { ImportedFile } from './report.ts'
import { titleFromFileName } from './title.ts'
import { ZipArchive } from './zip-archive.ts'

/** Reads an EPUB 2 or 3. Throws every failure of `importBook` that a zip can have. */
export async function readEpub(path: string, fileName: string): Promise<ImportedFile> {
  const archive = await ZipArchive.open(path)
  try {
    const epub = await readPackage(archive)
    await refuseEncrypted(archive)
    const metadata = readMetadata(epub.metadata)
    const contents = await readContents(archive, epub)
    const stream = await readSpine(archive, epub)
    resolveNotes(stream)
    const title = metadata.title === '' ? titleFromFileName(fileName) : metadata.title
    const { chapters, evidence, remarks } = epubChapters(stream, contents, { title, author: metadata.author })
    if (chapters.length === 0) throw new Failure('novel.no-text')
    const language = settleLanguage(metadata.language, chapters)
    const cover = await readCover(archive, epub)
    return {
      novel: {
        ...metadata,
        title,
        language: language.tag,
        chapters,
        ...(cover === undefined ? {} : { cover }),
      },
      format: 'epub',
      evidence,
      remarks: [...epub.remarks, ...stream.remarks, ...remarks, ...language.remarks],
    }
  } finally {
    await archive.close()
  }
}
