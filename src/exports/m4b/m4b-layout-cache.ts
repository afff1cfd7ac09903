import { type BookFile, type ChapterSizes, layOutBook } from '../../audio/mp4/m4b.ts'
import type { Application } from '../../jobs/application.ts'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import { discardCorruptClips } from '../../playback/corrupt-clips.ts'
import type { Rendition } from '../../playback/renditions.ts'
import { frameSizesOf } from '../../storage/queries/clip-queries.ts'

/** Holds the frame sizes of 80 hours: the tables of a file are read one after another, and players seek. */
const maxCacheBytes = 16 * 1024 * 1024
/** A few milliseconds of reading between two yields to the event loop. */
const clipsPerBatch = 500

/** LRU caches of computed layouts. Keys are hashes or ids of all inputs, so entries need no invalidation. */
export class M4bLayoutCache {
  readonly #files = new SizedLruCache<BookFile>()
  readonly #sizes = new SizedLruCache<ChapterSizes>()
  readonly #ends = new SizedLruCache<readonly number[]>()

  /** The layout of the file with this ETag. */
  async layoutOf(etag: string, make: () => Promise<Parameters<typeof layOutBook>>): Promise<BookFile> {
    const cached = this.#files.get(etag)
    if (cached) return cached
    const file = layOutBook(...(await make()))
    const bytes = file.extents.reduce(
      (sum, piece) => sum + (piece instanceof Uint8Array ? piece.length : 64),
      0,
    )
    this.#files.set(etag, file, bytes)
    return file
  }

  /** For each part of a novel that is divided by size: the index after its last chapter. */
  async partEndsOf(id: string, make: () => Promise<readonly number[]>): Promise<readonly number[]> {
    const cached = this.#ends.get(id)
    if (cached) return cached
    const ends = await make()
    this.#ends.set(id, ends, id.length + ends.length * 8)
    return ends
  }

  /**
   * The frame sizes of a complete chapter. Throws an `Error` if they differ from its counts, `audio.unfinished` if clips
   * are corrupt, which are requeued.
   */
  async chapterSizesOf(application: Application, rendition: Rendition): Promise<ChapterSizes> {
    const { casting, chapter, counts } = rendition
    const id = [casting.id, chapter.id, counts.checksums, application.counts.invalidations].join('/')
    const cached = this.#sizes.get(id)
    if (cached) return cached
    const sizes = await readSizes(application, rendition)
    const { frames, framesBefore, bytesBefore } = sizes
    this.#sizes.set(id, sizes, frames.byteLength + framesBefore.byteLength + bytesBefore.byteLength)
    return sizes
  }
}

async function readSizes(application: Application, rendition: Rendition): Promise<ChapterSizes> {
  const { casting, chapter, counts } = rendition
  const frames = new Uint16Array(counts.frames)
  const framesBefore = new Uint32Array(counts.total + 1)
  const bytesBefore = new Float64Array(counts.total + 1)
  let [clip, frame, bytes] = [0, 0, 0]
  for (let from = 0; from < counts.total; from += clipsPerBatch) {
    for (const sizes of await frameSizesOf(application.db, chapter.id, casting, from, from + clipsPerBatch)) {
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
    await discardCorruptClips(application, rendition)
    throw new Error(`chapter ${chapter.number} has changed since its file was laid out`)
  }
  return { frames, framesBefore, bytesBefore }
}

/** Evicts the least recently used entries beyond `maxCacheBytes`. */
class SizedLruCache<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly bytes: number }>()
  #bytes = 0

  get(key: string): Value | undefined {
    const found = this.#entries.get(key)
    if (!found) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, found)
    return found.value
  }

  set(key: string, value: Value, bytes: number): void {
    this.#bytes += bytes - (this.#entries.get(key)?.bytes ?? 0)
    this.#entries.delete(key)
    this.#entries.set(key, { value, bytes })
    for (const [oldest, { bytes: freed }] of this.#entries) {
      if (this.#bytes <= maxCacheBytes) break
      this.#entries.delete(oldest)
      this.#bytes -= freed
    }
  }
}
