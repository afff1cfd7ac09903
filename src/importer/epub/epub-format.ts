import { Failure } from '../../novel/failure.ts'
import type { Block, Chapter } from '../../novel/novel.ts'
import { resolveLanguage } from '../book-language.ts'
import type { FormatResult } from '../book-format.ts'
import { titleFromFileName } from '../title-text.ts'
import type { TracedBlock } from '../clean-text.ts'
import { readBlocks, traceBlocks } from '../xhtml/xhtml-blocks.ts'
import { omitContentsLists, omitGutenbergFrame } from './epub-omissions.ts'
import { epubChapters, type EpubChapters } from './epub-chapters.ts'
import { readContents } from './epub-contents.ts'
import { findImages } from './epub-images.ts'
import { numberAnchors, settleLinks } from './epub-links.ts'
import { readCover } from './epub-cover.ts'
import { rejectEncrypted, readPackage, type EpubPackage } from '../epub-package.ts'
import { readMetadata } from './epub-metadata.ts'
import { readLexicons } from './epub-pronunciation.ts'
import { readSpine, type SpineStream } from './epub-spine.ts'
import { resolveNotes } from './epub-notes.ts'
import type { BlockDraft } from '../block-draft.ts'
import { ZipArchive } from '../zip-archive.ts'

/** Reads an EPUB 2 or 3. Throws the failures of `importBook` that apply to zips. */
export async function readEpub(path: string, fileName: string): Promise<FormatResult> {
  const archive = await ZipArchive.open(path)
  try {
    const epub = await readPackage(archive)
    await rejectEncrypted(archive)
    const metadata = readMetadata(epub.metadata)
    const title = metadata.title === '' ? titleFromFileName(fileName) : metadata.title
    const book = { title, author: metadata.author }
    const { cover, file, remarks: onCover } = await readCover(archive, epub)
    const { chapters, evidence, remarks, lexicons } = await readChapters(
      archive,
      epub,
      book,
      readBlocks,
      (drafts) => findImages(archive, drafts, file),
    )
    const lexicon = await readLexicons(archive, lexicons)
    if (chapters.length === 0) throw new Failure('novel.no-text')
    const language = resolveLanguage(metadata.language, chapters)
    return {
      novel: {
        ...metadata,
        title,
        language: language.tag,
        chapters: chapters.map((chapter) => withOtherLanguages(chapter, language.tag)),
        ...(cover === undefined ? {} : { cover }),
        ...(lexicon.entries.length === 0 ? {} : { lexicon: lexicon.entries }),
      },
      evidence,
      remarks: [...epub.remarks, ...remarks, ...lexicon.remarks, ...onCover, ...language.remarks],
    }
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
    const { chapters } = await readChapters(archive, epub, { title, author }, traceBlocks)
    return chapters.map(({ blocks }) => blocks)
  } finally {
    await archive.close()
  }
}

/** Of blocks in the novel's own language none is told. */
function withOtherLanguages(chapter: Chapter, language: string): Chapter {
  const primary = (tag: string): string => tag.toLowerCase().split('-')[0]!
  const blocks = chapter.blocks.map(({ lang, ...block }): Block =>
    lang === undefined || primary(lang) === primary(language) ? block : { ...block, lang },
  )
  return { ...chapter, blocks }
}

async function readChapters(
  archive: ZipArchive,
  epub: EpubPackage,
  book: { readonly title: string; readonly author: string },
  readDocument: typeof readBlocks,
  findPictures?: (drafts: readonly BlockDraft[]) => Promise<string[]>,
): Promise<EpubChapters & Pick<SpineStream, 'lexicons'>> {
  const contents = await readContents(archive, epub)
  const stream = await readSpine(archive, epub, readDocument)
  omitContentsLists(stream)
  resolveNotes(stream)
  numberAnchors(stream.drafts)
  const onImages = (await findPictures?.(stream.drafts)) ?? []
  const frame = omitGutenbergFrame(stream.drafts, stream.linearEnd)
  const { chapters, evidence, remarks } = epubChapters(stream, contents, book)
  return {
    chapters: settleLinks(chapters),
    evidence,
    lexicons: stream.lexicons,
    remarks: [...stream.remarks, ...frame, ...remarks, ...onImages],
  }
}
