import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { metadataOf, type NovelRow } from '../database/novels.ts'
import type { Studio } from '../generation/studio.ts'
import type { ShelfFile } from '../library/audiobookshelf-folder.ts'
import { shelfName, type ShelfPlace } from '../library/audiobookshelf-names.ts'
import { coverPath } from '../library/folder.ts'
import { framesToSeconds } from '../novel/clip.ts'
import { ChapterLayouts, chapterAudio } from './chapter-audio.ts'
import { ownRenditions } from './own-renditions.ts'
import { isComplete, type Rendition } from './rendition.ts'

/** A novel as it shall lie on an audiobookshelf. */
export interface ShelfBook {
  readonly novel: NovelRow
  readonly place: ShelfPlace
  /** Its narrated chapters, in reading order. */
  readonly chapters: readonly Rendition[]
  readonly spoken: number
  /** Changes with whatever would be written otherwise. */
  readonly fingerprint: string
}

/** Raised when the same novel is written in another way. */
const layout = 'chapters-1'

/** The images that audiobookshelf takes for a cover. */
const coverEndings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
}

export async function shelfBook(studio: Studio, novel: NovelRow): Promise<ShelfBook> {
  const renditions = await ownRenditions(studio, novel)
  const chapters = renditions.filter(({ chapter }) => chapter.narrated === 1 && chapter.segmentCount > 0)
  const { title, author, coverType, metadata } = novel
  const told = chapters.map(({ chapter, recipe, tally }) => [
    chapter.number,
    chapter.title,
    recipe,
    tally.frames,
  ])
  const narrators = narratorsOf(studio, chapters)
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([layout, title, author, coverType, metadata, narrators, told]))
    .digest('hex')
  return {
    novel,
    place: { author, title, series: metadataOf(novel).series },
    chapters,
    spoken: chapters.filter(isComplete).length,
    fingerprint,
  }
}

/** In the header of a `.m4a`, for each frame: see `layOutChapter`. */
const headerBytes = 5

/** Bytes of a finished book's sound, more or less, which is nearly all of it; nothing is laid out for it. */
export function shelfBytes({ chapters }: ShelfBook): number {
  return chapters.reduce((sum, { tally }) => sum + tally.bytes + headerBytes * tally.frames, 0)
}

/** The files of a finished book: a `.m4a` a chapter, the cover, and what the book is. */
export async function* shelfFiles(studio: Studio, book: ShelfBook): AsyncGenerator<ShelfFile> {
  const { novel, chapters } = book
  const digits = Math.max(2, String(chapters.length).length)
  const layouts = new ChapterLayouts()
  for (const [at, rendition] of chapters.entries()) {
    const { size, read } = await chapterAudio(studio, layouts, rendition)
    const number = String(at + 1).padStart(digits, '0')
    yield { name: `${number} - ${shelfName(rendition.chapter.title)}.m4a`, content: read(0, size) }
  }
  const ending = coverEndings[novel.coverType ?? '']
  if (ending !== undefined) {
    yield { name: `cover.${ending}`, content: createReadStream(coverPath(studio.folder, novel.id)) }
  }
  yield { name: 'metadata.json', content: [Buffer.from(metadataFile(studio, book))] }
}

/** audiobookshelf's own file for what it knows of a book; it believes this before names and tags. */
function metadataFile(studio: Studio, { novel, chapters }: ShelfBook): string {
  const { description, published, series } = metadataOf(novel)
  let frames = 0
  const marks = chapters.map(({ chapter, tally }, id) => {
    const start = framesToSeconds(frames)
    frames += tally.frames
    return { id, start, end: framesToSeconds(frames), title: chapter.title }
  })
  return JSON.stringify(
    {
      tags: [],
      chapters: marks,
      title: novel.title,
      subtitle: null,
      authors: novel.author === '' ? [] : [novel.author],
      narrators: narratorsOf(studio, chapters),
      series: series ? [inSeries(series)] : [],
      genres: [],
      publishedYear: /^\d{4}/.exec(published ?? '')?.[0] ?? null,
      publishedDate: null,
      publisher: null,
      description: description ?? null,
      isbn: null,
      asin: null,
      language: novel.language === 'und' ? null : novel.language,
      explicit: false,
      abridged: false,
    },
    null,
    2,
  )
}

/** `Name #2`; a place with spaces in it would become part of the name. */
function inSeries({ name, position = '' }: { readonly name: string; readonly position?: string }): string {
  return /^[^#\s]+$/.test(position) ? `${name} #${position}` : name
}

function narratorsOf({ voices }: Studio, chapters: readonly Rendition[]): string[] {
  return [...new Set(chapters.map(({ voice }) => voices.nameOf(voice)))]
}
