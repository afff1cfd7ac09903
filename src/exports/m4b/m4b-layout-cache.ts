import { type BookFile, layOutBook, type ChapterSizes } from '../../audio/mp4/m4b.ts'
import { frameSizesOf } from '../../storage/queries/clip-queries.ts'
import type { Application } from '../../jobs/application.ts'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import { discardCorruptClips } from '../../playback/corrupt-clips.ts'
import type { Rendition } from '../../playback/renditions.ts'

/** Enough for the sizes of 80 hours: the tables of a file are read one after another, and players jump. */
const maxCacheBytes = 16 * 1024 * 1024
/** Some milliseconds of reading, then others have their turn. */
const clipsPerBatch = 500

/** What was computed last for whole novels, by what it was computed from: what has changed is never found again. */
export class M4bLayoutCache {
  readonly #files = new SizedLruCache<BookFile>()
  readonly #sizes = new SizedLruCache<ChapterSizes>()
  readonly #ends = new SizedLruCache<readonly number[]>()

  /** The layout of a file under its tag. */
  async layoutOf(etag: string, make: () => Promise<Parameters<typeof layOutBook>>): Promise<BookFile> {
    const kept = this.#files.get(etag)
    if (kept) return kept
    const file = layOutBook(...(await make()))
    const held = file.extents.reduce(
      (sum, piece) => sum + (piece instanceof Uint8Array ? piece.length : 64),
      0,
    )
    this.#files.set(etag, file, held)
    return file
  }

  /** Behind which chapters the parts end into which a novel is divided. */
  async partEndsOf(id: string, make: () => Promise<readonly number[]>): Promise<readonly number[]> {
    const kept = this.#ends.get(id)
    if (kept) return kept
    const ends = await make()
    this.#ends.set(id, ends, id.length + ends.length * 8)
    return ends
  }

  /**
   * The sizes of a whole chapter's frames. Throws an `Error` if it has changed since it was counted,
   * `audio.unfinished` if clips of it are damaged, which are spoken again.
   */
  async chapterSizesOf(application: Application, rendition: Rendition): Promise<ChapterSizes> {
    const { recipe, chapter, counts } = rendition
    const id = [recipe, chapter.id, counts.checksums, application.counts.invalidations].join('/')
    const kept = this.#sizes.get(id)
    if (kept) return kept
    const sizes = await readSizes(application, rendition)
    const { frames, framesBefore, bytesBefore } = sizes
    this.#sizes.set(id, sizes, frames.byteLength + framesBefore.byteLength + bytesBefore.byteLength)
    return sizes
  }
}

async function readSizes(application: Application, rendition: Rendition): Promise<ChapterSizes> {
  const { recipe, chapter, counts } = rendition
  const frames = new Uint16Array(counts.frames)
  const framesBefore = new Uint32Array(counts.total + 1)
  const bytesBefore = new Float64Array(counts.total + 1)
  let [clip, frame, bytes] = [0, 0, 0]
  for (let from = 0; from < counts.total; from += clipsPerBatch) {
    for (const sizes of await frameSizesOf(application.db, chapter.id, recipe, from, from + clipsPerBatch)) {
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

/** Forgets what was asked for longest ago when it holds too many bytes. */
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
