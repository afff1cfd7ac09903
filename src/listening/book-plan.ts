import type { BookChapter } from '../audio/m4b.ts'
import type { BookTags } from '../audio/mp4-tags.ts'
import { metadataOf, type NovelRow } from '../database/novels.ts'
import type { Application } from '../generation/studio.ts'
import { readCover } from '../library/cover.ts'
import { type ChapterSelection, describeSelection } from './book-chapters.ts'
import type { Rendition } from './rendition.ts'

/** What a novel's `.m4b` is laid out of, but for its cover. */
export interface M4bPlan {
  readonly named: readonly BookChapter[]
  readonly tags: BookTags
}

export function planM4b(studio: Application, novel: NovelRow, chapters: ChapterSelection): M4bPlan {
  return { named: m4bChapters(chapters.ready), tags: tagsOf(studio, novel, chapters) }
}

/** With the book's part before the title where several chapters are called the same. */
function m4bChapters(ready: readonly Rendition[]): BookChapter[] {
  const titles = ready.map(({ chapter }) => chapter.title)
  const ambiguous = new Set(titles).size < titles.length
  return ready.map(({ chapter: { title, part }, counts }) => ({
    title: ambiguous && part !== null ? `${part} · ${title}` : title,
    clips: counts.total,
    frames: counts.frames,
    bytes: counts.bytes,
  }))
}

function tagsOf(studio: Application, novel: NovelRow, chapters: ChapterSelection): BookTags {
  const { published, series, description } = metadataOf(novel)
  const { part, bookPart } = chapters
  const [first] = chapters.ready
  const comment = describeSelection(chapters)
  const descriptionText = [comment && `${comment}.`, description].filter(Boolean).join('\n\n')
  return {
    title: bookPart === undefined ? novel.title : `${novel.title}: ${first?.chapter.part ?? bookPart}`,
    author: novel.author,
    narrator: studio.voices.nameOf(first?.voice ?? ''),
    language: novel.language,
    ...(published !== undefined && { published: /^\d{4}/.exec(published)?.[0] ?? published }),
    ...(descriptionText !== '' && { description: descriptionText }),
    ...(comment !== undefined && { comment }),
    ...(series && { series }),
    ...(part && { part }),
  }
}

/** MP4 knows covers as JPEG and PNG; others are left out. */
export async function embeddableCover({ folder }: Application, { id, coverType }: NovelRow): Promise<BookTags['cover']> {
  if (coverType !== 'image/jpeg' && coverType !== 'image/png') return undefined
  const bytes = await readCover(folder, id)
  return bytes && { mediaType: coverType, bytes }
}
