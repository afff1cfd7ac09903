import { createHash } from 'node:crypto'
import { type BookChapter, layOutBook } from '../../audio/mp4/m4b.ts'
import type { BookTags } from '../../audio/mp4/mp4-tags.ts'
import type { Application } from '../../jobs/application.ts'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import { Failure } from '../../novel/failure.ts'
import type { Rendition } from '../../playback/renditions.ts'
import { readCover } from '../../storage/folder/novel-files.ts'
import { metadataOf, type NovelRow } from '../../storage/queries/novel-queries.ts'
import { type ChapterSelection, describeSelection } from '../chapter-selection.ts'
import type { M4bLayoutCache } from './m4b-layout-cache.ts'

/** What a novel's `.m4b` is laid out of, but for its cover. */
export interface M4bPlan {
  readonly named: readonly BookChapter[]
  readonly tags: BookTags
}

export function planM4b(application: Application, novel: NovelRow, chapters: ChapterSelection): M4bPlan {
  return { named: m4bChapters(chapters.ready), tags: tagsOf(application, novel, chapters) }
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

function tagsOf(application: Application, novel: NovelRow, chapters: ChapterSelection): BookTags {
  const { published, series, description } = metadataOf(novel)
  const { part, bookPart } = chapters
  const [first] = chapters.ready
  const comment = describeSelection(chapters)
  const descriptionText = [comment && `${comment}.`, description].filter(Boolean).join('\n\n')
  return {
    title: bookPart === undefined ? novel.title : `${novel.title}: ${first?.chapter.part ?? bookPart}`,
    author: novel.author,
    narrator: application.voices.nameOf(first?.voice ?? ''),
    language: novel.language,
    ...(published !== undefined && { published: /^\d{4}/.exec(published)?.[0] ?? published }),
    ...(descriptionText !== '' && { description: descriptionText }),
    ...(comment !== undefined && { comment }),
    ...(series && { series }),
    ...(part && { part }),
  }
}

/** MP4 knows covers as JPEG and PNG; others are left out. */
export async function embeddableCover(
  { folder }: Application,
  { id, coverType }: NovelRow,
): Promise<BookTags['cover']> {
  if (coverType !== 'image/jpeg' && coverType !== 'image/png') return undefined
  const bytes = await readCover(folder, id)
  return bytes && { mediaType: coverType, bytes }
}

/** While they are counted nobody knows how many there will be; no number is longer than this one. */
const unknownPart = { number: 9999, of: 9999 }

/**
 * The chapters of one of the files into which these are divided so that none has more than `maxBytes`, header and cover
 * included: each is filled with whole chapters as far as they go, and only a chapter that is larger by itself makes a
 * larger file. Throws `export.no-part` behind the last.
 */
export async function partBySize(
  application: Application,
  layouts: M4bLayoutCache,
  novel: NovelRow,
  chapters: ChapterSelection,
  { number, maxBytes }: { readonly number: number; readonly maxBytes: number },
): Promise<ChapterSelection> {
  const { ready } = chapters
  if (ready.length === 0) return chapters
  const plan = (some: readonly Rendition[]): M4bPlan =>
    planM4b(application, novel, { ...chapters, ready: some, part: unknownPart })
  const checksums = ready.map(({ counts }) => counts.checksums)
  const id = createHash('sha256').update(JSON.stringify([novel.id, maxBytes, plan(ready), checksums]))
  const ends = await layouts.partEndsOf(id.digest('hex'), async () => {
    const cover = await embeddableCover(application, novel)
    const found: number[] = []
    const fits = (some: readonly Rendition[]): boolean => {
      const { named, tags } = plan(some)
      return layOutBook(named, { ...tags, ...(cover && { cover }) }).size <= maxBytes
    }
    for (let from = 0; from < ready.length; await yieldToEventLoop()) {
      from = endOfPart(ready, from, maxBytes, fits)
      found.push(from)
    }
    return found
  })
  const of = ends.length
  if (number <= of) {
    const some = ready.slice(ends[number - 2] ?? 0, ends[number - 1])
    return { ...chapters, ready: some, ...(of > 1 && { part: { number, of } }) }
  }
  const detail = `With at most ${maxBytes} bytes each there ${of === 1 ? 'is 1 part' : `are ${of} parts`}`
  throw new Failure('export.no-part', { part: number, detail })
}

/** Behind the last chapter that fits, by halving: laying out is cheap, but not for each chapter of thousands. */
function endOfPart(
  ready: readonly Rendition[],
  from: number,
  maxBytes: number,
  fits: (some: readonly Rendition[]) => boolean,
): number {
  let upperBound = from
  for (let audioBytes = 0; upperBound < ready.length && audioBytes <= maxBytes; upperBound++)
    audioBytes += ready[upperBound]!.counts.bytes
  let low = from + 1
  let high = upperBound
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(ready.slice(from, middle))) low = middle
    else high = middle - 1
  }
  return low
}
