import { createHash } from 'node:crypto'
import { type BookChapter, layOutBook } from '../../audio/mp4/m4b.ts'
import type { BookTags } from '../../audio/mp4/mp4-tags.ts'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import type { VoiceRegistry } from '../../jobs/voices/voice-registry.ts'
import { Failure } from '../../novel/failure.ts'
import type { Rendition } from '../../playback/renditions.ts'
import { readCover } from '../../storage/novel-files.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { metadataOf, type NovelRow } from '../../storage/queries/novel-queries.ts'
import { type ChapterSelection, describeSelection } from '../chapter-selection.ts'
import type { M4bLayoutCache } from './m4b-layout-cache.ts'

/** What a book file's tags and cover are read from. */
export interface BookSources {
  readonly voices: Pick<VoiceRegistry, 'nameOf'>
  readonly objects: ObjectStore
}

/** The input for the layout of a novel's `.m4b`, except its cover. */
export interface M4bPlan {
  readonly named: readonly BookChapter[]
  readonly tags: BookTags
}

export function planM4b(
  context: Pick<BookSources, 'voices'>,
  novel: NovelRow,
  chapters: ChapterSelection,
): M4bPlan {
  return { named: m4bChapters(chapters.ready), tags: tagsOf(context, novel, chapters) }
}

/** Titles are prefixed with the book's part if several chapters have the same title. */
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

function tagsOf(context: Pick<BookSources, 'voices'>, novel: NovelRow, chapters: ChapterSelection): BookTags {
  const { published, series, description } = metadataOf(novel)
  const { part, bookPart } = chapters
  const [first] = chapters.ready
  const comment = describeSelection(chapters)
  const descriptionText = [comment && `${comment}.`, description].filter(Boolean).join('\n\n')
  return {
    title: bookPart === undefined ? novel.title : `${novel.title}: ${first?.chapter.part ?? bookPart}`,
    author: novel.author,
    narrator: context.voices.nameOf(first?.voice ?? ''),
    language: novel.language,
    ...(published !== undefined && { published: /^\d{4}/.exec(published)?.[0] ?? published }),
    ...(descriptionText !== '' && { description: descriptionText }),
    ...(comment !== undefined && { comment }),
    ...(series && { series }),
    ...(part && { part }),
  }
}

/** MP4 defines JPEG and PNG covers; `undefined` for other types. */
export async function embeddableCover(
  { objects }: Pick<BookSources, 'objects'>,
  { id, coverType }: NovelRow,
): Promise<BookTags['cover']> {
  if (coverType !== 'image/jpeg' && coverType !== 'image/png') return undefined
  const bytes = await readCover(objects, id)
  return bytes && { mediaType: coverType, bytes }
}

/** Placeholder until the parts are counted; no real part number has more digits. */
const unknownPart = { number: 9999, of: 9999 }

/**
 * Divides the ready chapters greedily into files of at most `maxBytes`, header and cover included, and returns the
 * selection of file `number` (from 1). Chapters stay whole; only a chapter that is larger by itself exceeds the limit.
 * Throws `export.no-part` after the last file.
 */
export async function partBySize(
  context: BookSources,
  layouts: M4bLayoutCache,
  novel: NovelRow,
  chapters: ChapterSelection,
  { number, maxBytes }: { readonly number: number; readonly maxBytes: number },
): Promise<ChapterSelection> {
  const { ready } = chapters
  if (ready.length === 0) return chapters
  const plan = (some: readonly Rendition[]): M4bPlan =>
    planM4b(context, novel, { ...chapters, ready: some, part: unknownPart })
  const checksums = ready.map(({ counts }) => counts.checksums)
  const id = createHash('sha256').update(JSON.stringify([novel.id, maxBytes, plan(ready), checksums]))
  const ends = await layouts.partEndsOf(id.digest('hex'), async () => {
    const cover = await embeddableCover(context, novel)
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

/**
 * The index after the last chapter that fits, by binary search: laying out is cheap, but not for each of thousands of
 * chapters.
 */
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
