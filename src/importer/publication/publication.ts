import { Failure } from '../../novel/failure.ts'
import type { Block, Chapter, Cover } from '../../novel/novel.ts'
import type { BlockDraft } from '../block-draft.ts'
import type { BookFiles } from '../book-files.ts'
import type { FormatResult } from '../book-format.ts'
import { resolveLanguage } from '../book-language.ts'
import type { ReadingOrder } from '../epub-package.ts'
import { type ChapterRule, publicationChapters, type PublicationChapters } from './publication-chapters.ts'
import type { Contents } from './contents.ts'
import { findImages } from './publication-images.ts'
import { numberAnchors, settleLinks } from './publication-links.ts'
import { type BookMetadata, inUsualLength } from './book-metadata.ts'
import { resolveNotes } from './publication-notes.ts'
import { omitContentsLists, omitGutenbergFrame } from './publication-omissions.ts'
import { readLexicons, wordsWithSounds } from './publication-lexicons.ts'
import { readSpine, type SpineStream } from './spine-stream.ts'
import { titleFromFileName } from '../title-text.ts'
import { readBlocks } from '../xhtml/xhtml-blocks.ts'

/** A book's cover. */
export interface FoundCover {
  readonly cover?: Cover
  /** Its path in the archive. */
  readonly file?: string
  readonly remarks: readonly string[]
}

/** A book as XHTML documents: an EPUB, or what another format's reader has made of its file. */
export interface Publication {
  readonly archive: BookFiles
  readonly order: ReadingOrder
  /** An empty title is taken from the file's name. */
  readonly metadata: BookMetadata
  readonly contents: Contents
  readonly cover: FoundCover
  readonly encoding?: string
  readonly remarks: readonly string[]
  /** How chapters are found, where the contents do not say. */
  readonly chapterRule?: ChapterRule
}

/** Reads a book's documents as a novel. Throws `novel.no-text`, and what `readSpine` throws. */
export async function readPublication(book: Publication, fileName: string): Promise<FormatResult> {
  const { archive, cover } = book
  const metadata = inUsualLength(book.metadata)
  const title = metadata.title === '' ? titleFromFileName(fileName) : metadata.title
  const { chapters, evidence, remarks, lexicons } = await readChapters(
    book,
    { title, author: metadata.author },
    readBlocks,
    (drafts) => findImages(archive, drafts, cover.file),
  )
  const lexicon = await readLexicons(archive, lexicons)
  const words = [...lexicon.entries, ...wordsWithSounds(chapters)]
  if (chapters.length === 0) throw new Failure('novel.no-text')
  const language = resolveLanguage(metadata.language, chapters)
  return {
    novel: {
      ...metadata,
      title,
      language: language.tag,
      chapters: chapters.map((chapter) => withOtherLanguages(chapter, language.tag)),
      ...(cover.cover === undefined ? {} : { cover: cover.cover }),
      ...(words.length === 0 ? {} : { lexicon: words }),
    },
    evidence,
    ...(book.encoding === undefined ? {} : { encoding: book.encoding }),
    remarks: [...book.remarks, ...remarks, ...lexicon.remarks, ...cover.remarks, ...language.remarks],
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

/** The chapters of a book's documents, and the pronunciation lexicons that these name. Throws what `readSpine` throws. */
export async function readChapters(
  {
    archive,
    order,
    contents,
    chapterRule,
  }: Pick<Publication, 'archive' | 'order' | 'contents' | 'chapterRule'>,
  book: { readonly title: string; readonly author: string },
  readDocument: typeof readBlocks,
  findPictures?: (drafts: readonly BlockDraft[]) => Promise<string[]>,
): Promise<PublicationChapters & Pick<SpineStream, 'lexicons'>> {
  const stream = await readSpine(archive, order, readDocument)
  omitContentsLists(stream)
  resolveNotes(stream)
  numberAnchors(stream.drafts)
  const onImages = (await findPictures?.(stream.drafts)) ?? []
  const frame = omitGutenbergFrame(stream.drafts, stream.linearEnd)
  const { chapters, evidence, remarks } = publicationChapters(stream, contents, book, chapterRule)
  return {
    chapters: settleLinks(chapters),
    evidence,
    lexicons: stream.lexicons,
    remarks: [...stream.remarks, ...frame, ...remarks, ...onImages],
  }
}
