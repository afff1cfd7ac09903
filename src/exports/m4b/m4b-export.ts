import { createHash } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { stripHeadersInPlace } from '../../audio/codec/adts.ts'
import { type ChapterSizes, extentsBetween, tableRows } from '../../audio/mp4/m4b.ts'
import type { Application } from '../../jobs/application.ts'
import { Failure } from '../../novel/failure.ts'
import type { VirtualFile } from '../../playback/chapter-audio.ts'
import { discardClip } from '../../playback/corrupt-clips.ts'
import type { Rendition } from '../../playback/renditions.ts'
import { clipRange } from '../../storage/queries/clip-queries.ts'
import { novelById, type NovelRow } from '../../storage/queries/novel-queries.ts'
import type { ChapterSelection } from '../chapter-selection.ts'
import type { M4bLayoutCache } from './m4b-layout-cache.ts'
import { embeddableCover, planM4b } from './m4b-plan.ts'

/** Changes whenever the same chapters and tags are laid out differently. */
const layoutVersion = 2
/** What is read and sent at once, of the tables and of the sound. */
const chunkBytes = 256 * 1024
/** Read clips that may lie about until they are collected. */
const maxGarbageBytes = 8 * 1024 * 1024

/**
 * A novel's `.m4b`, as far as it is spoken: any range of it is read straight from the clips. Its tag changes when it
 * grows. Throws `export.nothing-ready`.
 */
export async function m4bFile(
  application: Application,
  layouts: M4bLayoutCache,
  novel: NovelRow,
  chapters: ChapterSelection,
): Promise<VirtualFile> {
  const { ready, all } = chapters
  if (ready.length === 0) throw new Failure('export.nothing-ready', { chapters: all.length })
  const { named, tags } = planM4b(application, novel, chapters)
  const checksums = ready.map(({ counts }) => counts.checksums)
  const whole = JSON.stringify([layoutVersion, novel.id, tags, named, checksums])
  const etag = `"${createHash('sha256').update(whole).digest('hex').slice(0, 32)}"`
  const file = await layouts.layoutOf(etag, async () => {
    const cover = await embeddableCover(application, novel)
    return [named, { ...tags, ...(cover && { cover }) }]
  })
  return {
    size: file.size,
    etag,
    async *read(start, end) {
      for (const { piece, from, to } of extentsBetween(file, start, end)) {
        if (piece instanceof Uint8Array) {
          yield piece.subarray(from, to)
          continue
        }
        const rendition = ready[piece.chapter]
        if (!rendition) throw new Error(`the file has no chapter ${piece.chapter}`)
        const sizes = await layouts.chapterSizesOf(application, rendition)
        if (piece.of === 'frames') {
          yield* audioBetween(application, rendition, sizes, from, to)
          continue
        }
        for (let at = from; at < to; at += chunkBytes) {
          yield tableRows(file, piece.of, piece.chapter, sizes, at, Math.min(to, at + chunkBytes))
        }
      }
    },
  }
}

/** `[from, to)` of a chapter's frames, some clips at a time. Throws an `Error` when one is not what was laid out. */
async function* audioBetween(
  application: Application,
  rendition: Rendition,
  { framesBefore, bytesBefore }: ChapterSizes,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  const { chapter, recipe, counts } = rendition
  let next = clipContaining(bytesBefore, from)
  let garbage = 0
  while (next < counts.total && bytesBefore[next]! < to) {
    const first = next
    do next++
    while (next < counts.total && bytesBefore[next]! < Math.min(to, bytesBefore[first]! + chunkBytes))
    const clips = await clipRange(application.db, chapter.id, recipe, first, next)
    if (clips.length < next - first) throw new Error(`chapter ${chapter.number} is no longer there`)
    for (const [at, { key, clip }] of clips.entries()) {
      if (clip === undefined || clip === 'damaged') {
        // With its novel gone there is nothing to speak again.
        if (await novelById(application.db, rendition.novel.id)) await discardClip(application, key)
        throw new Error(`the clip ${key.recipe}/${key.words} is ${clip ?? 'gone'}`)
      }
      const start = bytesBefore[first + at]!
      const payload = stripHeadersInPlace(clip.adts, clip.frameSizes)
      const frames = framesBefore[first + at + 1]! - framesBefore[first + at]!
      if (clip.frameSizes.length !== frames || start + payload.length !== bytesBefore[first + at + 1]) {
        throw new Error(`the clip ${key.recipe}/${key.words} has changed since its file was laid out`)
      }
      yield payload.subarray(Math.max(0, from - start), to - start)
      garbage += clip.adts.length
    }
    if (garbage < maxGarbageBytes) continue
    collectYoungGeneration()
    garbage = 0
  }
}

/** The clip that holds this byte, by halving. */
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
 * Collects what was made lately. V8 counts the few bytes that stand for a buffer on its own heap and lets 64 MB of the
 * buffers themselves pile up before it looks: with a book of 40 hours that was all of the memory that sending it took.
 * A collection of the young takes a millisecond or two.
 */
const collectYoungGeneration: () => void = (() => {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as (options: { type: 'minor'; execution: 'sync' }) => void
  return () => gc({ type: 'minor', execution: 'sync' })
})()
