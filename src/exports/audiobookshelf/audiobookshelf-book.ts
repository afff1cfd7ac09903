import { createHash } from 'node:crypto'
import { framesToSeconds } from '../../novel/clip.ts'
import { chapterAudio, ChapterLayoutCache, type ChapterSound } from '../../playback/chapter-audio.ts'
import { defaultRenditions, isComplete, type Rendition, type Renditions } from '../../playback/renditions.ts'
import { coverKey } from '../../storage/object-keys.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { metadataOf, type NovelRow } from '../../storage/queries/novel-queries.ts'
import {
  type AudiobookshelfFile,
  audiobookshelfName,
  type AudiobookshelfPlace,
} from './audiobookshelf-folder.ts'

/** A novel as it is exported to audiobookshelf's folder. */
export interface AudiobookshelfBook {
  readonly novel: NovelRow
  readonly place: AudiobookshelfPlace
  /** Its narrated chapters, in reading order. */
  readonly chapters: readonly Rendition[]
  readonly chaptersComplete: number
  /** SHA-256 of everything that the exported files depend on. */
  readonly fingerprint: string
}

/** What the files are read from. */
export interface AudiobookshelfSources extends ChapterSound {
  readonly objects: ObjectStore
}

/** To be changed when the same novel is exported as different files. */
const layoutVersion = 'chapters-1'

/** Image types that audiobookshelf accepts as cover. */
const coverExtensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
}

/** Throws what `defaultRenditions` throws. */
export async function audiobookshelfBook(context: Renditions, novel: NovelRow): Promise<AudiobookshelfBook> {
  const renditions = await defaultRenditions(context, novel)
  const chapters = renditions.filter(({ chapter }) => chapter.narrated === 1 && chapter.segmentCount > 0)
  const { title, author, coverType, metadata } = novel
  const chapterStates = chapters.map(({ chapter, casting, counts }) => [
    chapter.number,
    chapter.title,
    casting.id,
    counts.frames,
  ])
  const narrators = narratorsOf(context, chapters)
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([layoutVersion, title, author, coverType, metadata, narrators, chapterStates]))
    .digest('hex')
  return {
    novel,
    place: { author, title, series: metadataOf(novel).series },
    chapters,
    chaptersComplete: chapters.filter(isComplete).length,
    fingerprint,
  }
}

/** Bytes per frame in the header of a `.m4a`: see `layOutChapter`. */
const headerBytes = 5

/** Approximate size in bytes of a complete book, from its counts: the audio, which is nearly all of it. */
export function audiobookshelfBytes({ chapters }: AudiobookshelfBook): number {
  return chapters.reduce((sum, { counts }) => sum + counts.bytes + headerBytes * counts.frames, 0)
}

/** The files of a complete book: a `.m4a` per chapter, the cover, and `metadata.json`. */
export async function* audiobookshelfFiles(
  context: AudiobookshelfSources,
  book: AudiobookshelfBook,
): AsyncGenerator<AudiobookshelfFile> {
  const { novel, chapters } = book
  const digits = Math.max(2, String(chapters.length).length)
  const layouts = new ChapterLayoutCache()
  for (const [at, rendition] of chapters.entries()) {
    const { size, read } = await chapterAudio(context, layouts, rendition)
    const number = String(at + 1).padStart(digits, '0')
    yield { name: `${number} - ${audiobookshelfName(rendition.chapter.title)}.m4a`, content: read(0, size) }
  }
  const ending = coverExtensions[novel.coverType ?? '']
  const cover = ending === undefined ? undefined : await context.objects.get(coverKey(novel.id))
  if (cover) yield { name: `cover.${ending}`, content: cover.body }
  yield { name: 'metadata.json', content: [Buffer.from(metadataFile(context, book))] }
}

/** audiobookshelf's own metadata format, which takes precedence over folder names and tags. */
function metadataFile(context: Pick<Renditions, 'voices'>, { novel, chapters }: AudiobookshelfBook): string {
  const { description, published, series } = metadataOf(novel)
  let frames = 0
  const marks = chapters.map(({ chapter, counts }, id) => {
    const start = framesToSeconds(frames)
    frames += counts.frames
    return { id, start, end: framesToSeconds(frames), title: chapter.title }
  })
  return JSON.stringify(
    {
      tags: [],
      chapters: marks,
      title: novel.title,
      subtitle: null,
      authors: novel.author === '' ? [] : [novel.author],
      narrators: narratorsOf(context, chapters),
      series: series ? [seriesLabel(series)] : [],
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

/** `Name #2`; a position with spaces in it would be read as part of the name. */
function seriesLabel({ name, position = '' }: { readonly name: string; readonly position?: string }): string {
  return /^[^#\s]+$/.test(position) ? `${name} #${position}` : name
}

function narratorsOf({ voices }: Pick<Renditions, 'voices'>, chapters: readonly Rendition[]): string[] {
  return [...new Set(chapters.map(({ voice }) => voices.nameOf(voice)))]
}
