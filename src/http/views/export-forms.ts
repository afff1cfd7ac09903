import type { ChapterSelection } from '../../exports/chapter-selection.ts'
import type { EpubExporter } from '../../exports/epub/epub-export.ts'
import { m4bFile } from '../../exports/m4b/m4b-export.ts'
import type { M4bLayoutCache } from '../../exports/m4b/m4b-layout-cache.ts'
import { transcodedZipBytes, type TranscodeSources } from '../../exports/transcode-export.ts'
import type { ChapterSound } from '../../playback/chapter-audio.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import type { ExportForm } from '../contract/export-contract.ts'

/** What the exports of a novel are read from. */
export interface ExportSources extends ChapterSound, TranscodeSources {}

/** The inputs that the export formats are described from. */
interface ExportRequest {
  readonly context: ExportSources
  readonly layouts: M4bLayoutCache
  readonly novel: NovelRow
  readonly chapters: ChapterSelection
  readonly epubs: EpubExporter
  /** The requested voice and speed as a query string: `?voice=…`; empty for the novel's defaults. */
  readonly sound: string
  /** The path prefix of this server behind a proxy. */
  readonly base: string
}

/** The fields that depend on the format; the number and length of the ready chapters do not. */
type ExportFormDetails = Pick<ExportForm, 'form' | 'title' | 'what' | 'bytes' | 'address'>

/** Every format, in the order in which it is offered. */
export const exportForms: readonly ((
  wanted: ExportRequest,
) => ExportFormDetails | Promise<ExportFormDetails>)[] = [
  m4b,
  epub,
  zip(
    'mp3',
    'MP3',
    'For old players, cars and radios: a tagged file for each chapter, recorded when it is asked for.',
  ),
  zip(
    'opus',
    'Opus',
    'For modern players, in the open format made for speech: a tagged file for each chapter.',
  ),
  chapterFiles,
  subtitles('vtt', 'WebVTT'),
  subtitles('srt', 'SubRip'),
]

async function m4b({
  context,
  layouts,
  novel,
  chapters,
  sound,
  base,
}: ExportRequest): Promise<ExportFormDetails> {
  const bytes = chapters.ready.length === 0 ? null : (await m4bFile(context, layouts, novel, chapters)).size
  return {
    form: 'm4b',
    title: 'Audiobook (M4B)',
    what: 'One file with chapters and cover for Apple Books, audiobookshelf, Smart AudioBook Player and others.',
    bytes,
    address: `${base}/api/novels/${novel.id}/book.m4b${sound}`,
  }
}

function chapterFiles({ novel, sound, base }: ExportRequest): ExportFormDetails {
  return {
    form: 'chapters',
    title: 'Chapters (M4A)',
    what: 'A file for each chapter, for players that know no chapters or to hear a single one.',
    bytes: null,
    address: `${base}/api/novels/${novel.id}/chapters/{number}/audio.m4a${sound}`,
  }
}

function epub({ epubs, novel, chapters, sound, base }: ExportRequest): ExportFormDetails {
  return {
    form: 'epub',
    title: 'Read along (EPUB 3)',
    what: 'Book and sound in one, each sentence lit as it is heard: for Thorium, Readest, Storyteller and Apple Books.',
    bytes: epubs.sizeOf(novel, chapters) ?? null,
    address: `${base}/api/novels/${novel.id}/book.epub${sound}`,
  }
}

function zip(
  form: 'mp3' | 'opus',
  name: string,
  what: string,
): (wanted: ExportRequest) => Promise<ExportFormDetails> {
  return async ({ context, novel, chapters, sound, base }) => ({
    form,
    title: `Chapters (${name}, zip)`,
    what,
    bytes: chapters.ready.length === 0 ? null : await transcodedZipBytes(context, chapters.ready, form),
    address: `${base}/api/novels/${novel.id}/book.${form}.zip${sound}`,
  })
}

function subtitles(form: 'vtt' | 'srt', name: string): (wanted: ExportRequest) => ExportFormDetails {
  return ({ novel, sound, base }) => ({
    form,
    title: `Subtitles (${name})`,
    what: 'What is said and when, for players that show it along with the audiobook.',
    bytes: null,
    address: `${base}/api/novels/${novel.id}/book.${form}${sound}`,
  })
}
