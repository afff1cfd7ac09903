import { createHash } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { stripHeadersInPlace } from '../../audio/codec/adts.ts'
import { type ChapterSizes, extentsBetween, tableRows } from '../../audio/mp4/m4b.ts'
import { clipKeyName } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import type { VirtualFile } from '../../playback/chapter-audio.ts'
import { type ClipDiscard, discardClip } from '../../playback/corrupt-clips.ts'
import type { Rendition } from '../../playback/renditions.ts'
import { novelById, type NovelRow } from '../../storage/queries/novel-queries.ts'
import type { ChapterSelection } from '../chapter-selection.ts'
import type { M4bLayoutCache } from './m4b-layout-cache.ts'
import { type BookSources, embeddableCover, planM4b } from './m4b-plan.ts'

/** To be raised when the same chapters and tags are laid out differently. */
const layoutVersion = 2
/** Bytes of tables that are computed and sent at once. */
const chunkBytes = 256 * 1024
/** Bytes of clips read between two minor collections: see `collectYoungGeneration`. */
const maxGarbageBytes = 8 * 1024 * 1024

/**
 * The computed `.m4b` of a novel's ready chapters: any byte range is assembled from the clips. Its ETag changes when
 * chapters are added. Throws `export.nothing-ready`.
 */
export async function m4bFile(
  context: ClipDiscard & BookSources,
  layouts: M4bLayoutCache,
  novel: NovelRow,
  chapters: ChapterSelection,
): Promise<VirtualFile> {
  const { ready, all } = chapters
  if (ready.length === 0) throw new Failure('export.nothing-ready', { chapters: all.length })
  const { named, tags } = planM4b(context, novel, chapters)
  const checksums = ready.map(({ counts }) => counts.checksums)
  const whole = JSON.stringify([layoutVersion, novel.id, tags, named, checksums])
  const etag = `"${createHash('sha256').update(whole).digest('hex').slice(0, 32)}"`
  const file = await layouts.layoutOf(etag, async () => {
    const cover = await embeddableCover(context, novel)
    return [named, { ...tags, ...(cover && { cover }) }]
  })
  return {
    size: file.size,
    etag,
    async *read(start, end) {
      for (const { extent, from, to } of extentsBetween(file, start, end)) {
        if (extent instanceof Uint8Array) {
          yield extent.subarray(from, to)
          continue
        }
        const rendition = ready[extent.chapter]
        if (!rendition) throw new Error(`the file has no chapter ${extent.chapter}`)
        const sizes = await layouts.chapterSizesOf(context, rendition)
        if (extent.of === 'frames') {
          yield* audioBetween(context, rendition, sizes, from, to)
          continue
        }
        for (let at = from; at < to; at += chunkBytes) {
          yield tableRows(file, extent.of, extent.chapter, sizes, at, Math.min(to, at + chunkBytes))
        }
      }
    },
  }
}

/** Bytes `[from, to)` of a chapter's frames. Throws an `Error` if a clip differs from the layout. */
async function* audioBetween(
  context: ClipDiscard,
  { novel, chapter, casting, counts }: Rendition,
  { framesBefore, bytesBefore }: ChapterSizes,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  let at = clipContaining(bytesBefore, from)
  const end = Math.min(counts.total, clipContaining(bytesBefore, to - 1) + 1)
  let garbage = 0
  for await (const { key, clip } of context.clips.range(chapter.id, casting, at, end)) {
    if (clip === undefined || clip === 'damaged') {
      // Nothing to requeue if the novel was deleted.
      if (await novelById(context.db, novel.id)) await discardClip(context, key)
      throw new Error(`clip ${clipKeyName(key)} is ${clip ?? 'missing'}`)
    }
    const start = bytesBefore[at]!
    const payload = stripHeadersInPlace(clip.adts, clip.frameSizes)
    const frames = framesBefore[at + 1]! - framesBefore[at]!
    if (clip.frameSizes.length !== frames || start + payload.length !== bytesBefore[at + 1]) {
      throw new Error(`clip ${clipKeyName(key)} has changed since its file was laid out`)
    }
    yield payload.subarray(Math.max(0, from - start), to - start)
    at++
    garbage += clip.adts.length
    if (garbage < maxGarbageBytes) continue
    collectYoungGeneration()
    garbage = 0
  }
  if (at < end) throw new Error(`chapter ${chapter.number} was deleted meanwhile`)
}

/** Index of the clip that contains this byte, by binary search. */
function clipContaining(bytesBefore: Float64Array, position: number): number {
  let [low, high] = [0, bytesBefore.length - 1]
  while (low + 1 < high) {
    const middle = (low + high) >> 1
    if (bytesBefore[middle]! <= position) low = middle
    else high = middle
  }
  return low
}

/**
 * Runs a minor garbage collection, which takes 1–2 ms. V8 accounts only for the small heap objects of buffers and lets
 * 64 MB of external memory accumulate before it collects; sending a book of 40 hours needed that memory for nothing else.
 */
const collectYoungGeneration: () => void = (() => {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as (options: { type: 'minor'; execution: 'sync' }) => void
  return () => gc({ type: 'minor', execution: 'sync' })
})()
