import { LRUCache } from 'lru-cache'
import { type BookFile, type ChapterSizes, layOutBook } from '../../audio/mp4/m4b.ts'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import { type ClipDiscard, discardCorruptClips } from '../../playback/corrupt-clips.ts'
import type { Rendition } from '../../playback/renditions.ts'
import { frameSizesOf } from '../../storage/queries/clip-queries.ts'

/** Holds the frame sizes of 80 hours: the tables of a file are read one after another, and players seek. */
const maxSize = 16 * 1024 * 1024
/** A few milliseconds of reading between two yields to the event loop. */
const clipsPerBatch = 500

/** LRU caches of computed layouts. Keys are hashes or ids of all inputs, so entries need no invalidation. */
export class M4bLayoutCache {
  readonly #files = new LRUCache<string, BookFile>({ maxSize, sizeCalculation: bytesOf })
  readonly #sizes = new LRUCache<string, ChapterSizes>({
    maxSize,
    sizeCalculation: ({ frames, framesBefore, bytesBefore }) =>
      frames.byteLength + framesBefore.byteLength + bytesBefore.byteLength,
  })
  readonly #ends = new LRUCache<string, readonly number[]>({
    maxSize,
    sizeCalculation: (ends, id) => id.length + ends.length * 8,
  })

  /** The layout of the file with this ETag. */
  async layoutOf(etag: string, make: () => Promise<Parameters<typeof layOutBook>>): Promise<BookFile> {
    const cached = this.#files.get(etag)
    if (cached) return cached
    const parts = await make()
    // Finding what to lay out, and laying it out, take some 10 ms each with 2,000 chapters.
    await yieldToEventLoop()
    const file = layOutBook(...parts)
    this.#files.set(etag, file)
    return file
  }

  /** For each part of a novel that is divided by size: the index after its last chapter. */
  async partEndsOf(id: string, make: () => Promise<readonly number[]>): Promise<readonly number[]> {
    const cached = this.#ends.get(id)
    if (cached) return cached
    const ends = await make()
    this.#ends.set(id, ends)
    return ends
  }

  /**
   * The frame sizes of a complete chapter. Throws an `Error` if they differ from its counts, `audio.unfinished` if clips
   * are corrupt, which are requeued.
   */
  async chapterSizesOf(context: ClipDiscard, rendition: Rendition): Promise<ChapterSizes> {
    const { casting, chapter, counts } = rendition
    const id = [casting.id, chapter.id, counts.checksums, context.counts.invalidations].join('/')
    const cached = this.#sizes.get(id)
    if (cached) return cached
    const sizes = await readSizes(context, rendition)
    this.#sizes.set(id, sizes)
    return sizes
  }
}

/** Bytes of a layout in memory; an extent of audio is a small object. */
function bytesOf({ extents }: BookFile): number {
  return extents.reduce((sum, extent) => sum + (extent instanceof Uint8Array ? extent.length : 64), 0)
}

async function readSizes(context: ClipDiscard, rendition: Rendition): Promise<ChapterSizes> {
  const { casting, chapter, counts } = rendition
  const frames = new Uint16Array(counts.frames)
  const framesBefore = new Uint32Array(counts.total + 1)
  const bytesBefore = new Float64Array(counts.total + 1)
  let [clip, frame, bytes] = [0, 0, 0]
  for (let from = 0; from < counts.total; from += clipsPerBatch) {
    for (const sizes of await frameSizesOf(context.db, chapter.id, casting, from, from + clipsPerBatch)) {
      if (frame + sizes.length > counts.frames) break
      frames.set(sizes, frame)
      frame += sizes.length
      for (let at = 0; at < sizes.length; at++) bytes += sizes[at]!
      clip++
      framesBefore[clip] = frame
      bytesBefore[clip] = bytes
    }
    await yieldToEventLoop()
  }
  if (clip !== counts.total || frame !== counts.frames || bytes !== counts.bytes) {
    await discardCorruptClips(context, rendition)
    throw new Error(`chapter ${chapter.number} has changed since its file was laid out`)
  }
  return { frames, framesBefore, bytesBefore }
}
