import { createHash } from 'node:crypto'
import { takeOutHeaders } from '../audio/adts.ts'
import { type BookChapter, piecesBetween } from '../audio/m4b.ts'
import { type ChapterSizes, tableRows } from '../audio/m4b-tables.ts'
import type { BookTags } from '../audio/mp4-tags.ts'
import { clipRun } from '../database/clip-runs.ts'
import { novelById, type NovelRow } from '../database/novels.ts'
import type { Studio } from '../generation/studio.ts'
import { readCover } from '../library/cover.ts'
import { Failure } from '../novel/failure.ts'
import type { ImportedNovel } from '../novel/novel.ts'
import { type BookChapters, whichChapters, type WantedPart } from './book-chapters.ts'
import type { BookLayouts } from './book-layouts.ts'
import type { ChapterAudio } from './chapter-audio.ts'
import { loseClip } from './lose-clip.ts'
import type { Rendition } from './rendition.ts'
import { collectYoungGarbage } from './young-garbage.ts'

/** Changes whenever the same chapters and tags are laid out differently. */
const layoutVersion = 1
/** What is read and sent at once, of the tables and of the sound. */
const bytesAtOnce = 256 * 1024
/** Read clips that may lie about until they are collected. */
const mostGarbage = 8 * 1024 * 1024

/**
 * A novel's `.m4b`, as far as it is spoken: any range of it is read straight from the clips. Its tag changes when it
 * grows. Throws `export.nothing-ready`.
 */
export async function bookAudio(
  studio: Studio,
  layouts: BookLayouts,
  novel: NovelRow,
  chapters: BookChapters,
  wanted: WantedPart = {},
): Promise<ChapterAudio> {
  const { ready, all } = chapters
  if (ready.length === 0) throw new Failure('export.nothing-ready', { chapters: all.length })
  const named = chaptersNamed(ready)
  const tags = tagsOf(studio, novel, chapters, wanted)
  const checksums = ready.map(({ tally }) => tally.checksums)
  const whole = JSON.stringify([layoutVersion, novel.id, tags, named, checksums])
  const etag = `"${createHash('sha256').update(whole).digest('hex').slice(0, 32)}"`
  const file = await layouts.fileOf(etag, async () => {
    const cover = await coverOf(studio, novel)
    return [named, { ...tags, ...(cover && { cover }) }]
  })
  return {
    size: file.size,
    etag,
    async *read(start, end) {
      for (const { piece, from, to } of piecesBetween(file, start, end)) {
        if (piece instanceof Uint8Array) {
          yield piece.subarray(from, to)
          continue
        }
        const rendition = ready[piece.chapter]
        if (!rendition) throw new Error(`the file has no chapter ${piece.chapter}`)
        const sizes = await layouts.sizesOf(studio, rendition)
        if (piece.of === 'frames') {
          yield* soundBetween(studio, rendition, sizes, from, to)
          continue
        }
        for (let at = from; at < to; at += bytesAtOnce) {
          yield tableRows(file, piece.of, piece.chapter, sizes, at, Math.min(to, at + bytesAtOnce))
        }
      }
    },
  }
}

/** `[from, to)` of a chapter's frames, some clips at a time. Throws an `Error` when one is not what was laid out. */
async function* soundBetween(
  studio: Studio,
  rendition: Rendition,
  { framesBefore, bytesBefore }: ChapterSizes,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  const { chapter, recipe, tally } = rendition
  let next = clipAt(bytesBefore, from)
  let garbage = 0
  while (next < tally.total && bytesBefore[next]! < to) {
    const first = next
    do next++
    while (next < tally.total && bytesBefore[next]! < Math.min(to, bytesBefore[first]! + bytesAtOnce))
    const run = await clipRun(studio.db, chapter.id, recipe, first, next)
    if (run.length < next - first) throw new Error(`chapter ${chapter.number} is no longer there`)
    for (const [at, { key, clip }] of run.entries()) {
      if (clip === undefined || clip === 'damaged') {
        // With its novel gone there is nothing to speak again.
        if (await novelById(studio.db, rendition.novel.id)) await loseClip(studio, key)
        throw new Error(`the clip ${key.recipe}/${key.words} is ${clip ?? 'gone'}`)
      }
      const start = bytesBefore[first + at]!
      const payload = takeOutHeaders(clip.adts, clip.frameSizes)
      const frames = framesBefore[first + at + 1]! - framesBefore[first + at]!
      if (clip.frameSizes.length !== frames || start + payload.length !== bytesBefore[first + at + 1]) {
        throw new Error(`the clip ${key.recipe}/${key.words} has changed since its file was laid out`)
      }
      yield payload.subarray(Math.max(0, from - start), to - start)
      garbage += clip.adts.length
    }
    if (garbage < mostGarbage) continue
    collectYoungGarbage()
    garbage = 0
  }
}

/** The clip that holds this byte, by halving. */
function clipAt(bytesBefore: Float64Array, position: number): number {
  let [low, high] = [0, bytesBefore.length - 1]
  while (low + 1 < high) {
    const middle = (low + high) >> 1
    if (bytesBefore[middle]! <= position) low = middle
    else high = middle
  }
  return low
}

/** With the book's part before the title where several chapters are called the same. */
function chaptersNamed(ready: readonly Rendition[]): BookChapter[] {
  const titles = ready.map(({ chapter }) => chapter.title)
  const ambiguous = new Set(titles).size < titles.length
  return ready.map(({ chapter: { title, part }, tally }) => ({
    title: ambiguous && part !== null ? `${part} · ${title}` : title,
    clips: tally.total,
    frames: tally.frames,
    bytes: tally.bytes,
  }))
}

function tagsOf(studio: Studio, novel: NovelRow, chapters: BookChapters, wanted: WantedPart): BookTags {
  const { published, series, description } = JSON.parse(novel.metadata) as Pick<
    ImportedNovel,
    'published' | 'series' | 'description'
  >
  const { part, of, bookPart } = wanted
  const [first] = chapters.ready
  const comment = whichChapters(chapters)
  const words = [comment && `${comment}.`, description].filter(Boolean).join('\n\n')
  return {
    title: bookPart === undefined ? novel.title : `${novel.title}: ${first?.chapter.part ?? bookPart}`,
    author: novel.author,
    narrator: studio.voices.nameOf(first?.voice ?? ''),
    language: novel.language,
    ...(published !== undefined && { published: /^\d{4}/.exec(published)?.[0] ?? published }),
    ...(words !== '' && { description: words }),
    ...(comment !== undefined && { comment }),
    ...(series && { series }),
    ...(part !== undefined && of !== undefined && { part: { number: part, of } }),
  }
}

/** MP4 knows covers as JPEG and PNG; others are left out. */
async function coverOf({ folder }: Studio, { id, coverType }: NovelRow): Promise<BookTags['cover']> {
  if (coverType !== 'image/jpeg' && coverType !== 'image/png') return undefined
  const bytes = await readCover(folder, id)
  return bytes && { mediaType: coverType, bytes }
}
