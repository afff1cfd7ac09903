import { createHash } from 'node:crypto'
import { adtsPayload } from '../audio/codec/adts.ts'
import {
  type ChapterFile,
  chapterFileSize,
  fragment,
  layOutChapter,
  partsOf,
} from '../audio/mp4/chapter-mp4.ts'
import type { ChapterTags } from '../audio/mp4/mp4-tags.ts'
import type { Application } from '../jobs/application.ts'
import { frameSamples, textHash } from '../novel/clip.ts'
import { Failure } from '../novel/failure.ts'
import { segmentsOf } from '../storage/queries/chapter-queries.ts'
import { clipLayouts, clipLengths, getClip } from '../storage/queries/clip-queries.ts'
import { discardClip, discardCorruptClips } from './corrupt-clips.ts'
import { type Rendition, requireComplete } from './renditions.ts'

/** A chapter's `.m4a`, which nobody has written: any range of it is read straight from the clips. */
export interface VirtualFile {
  /** Bytes of the whole file. */
  readonly size: number
  readonly etag: string
  /** The bytes `[start, end)`. Throws an `Error` when a clip was found damaged on the way; it is spoken again. */
  read(start: number, end: number): AsyncGenerator<Uint8Array>
}

interface ChapterLayout {
  readonly file: ChapterFile
  /** For each clip of the file, in order: the hash of its text. */
  readonly textHashes: readonly string[]
  readonly etag: string
}

const maxLayouts = 16

/**
 * The layouts of the chapters asked for last: a player asks for a chapter in many small ranges. A layout is some 5
 * bytes a frame, 200 kB for half an hour.
 */
export class ChapterLayoutCache {
  readonly #layouts = new Map<string, ChapterLayout>()

  async layoutOf(application: Application, rendition: Rendition): Promise<ChapterLayout> {
    const id = layoutKey(application, rendition)
    const kept = this.#layouts.get(id)
    this.#layouts.delete(id)
    const layout = kept ?? (await layOut(application, rendition))
    this.#layouts.set(id, layout)
    for (const oldest of this.#layouts.keys()) {
      if (this.#layouts.size <= maxLayouts) break
      this.#layouts.delete(oldest)
    }
    return layout
  }
}

/** Of all that a layout depends on: the same key is the same file. */
function layoutKey(application: Application, { novel, chapter, voice, recipe, counts }: Rendition): string {
  // A clip that is spoken again may be as long as the damaged one before it.
  const { invalidations } = application.counts
  const narrator = application.voices.nameOf(voice)
  return JSON.stringify([
    recipe,
    chapter.id,
    counts.frames,
    invalidations,
    novel.title,
    novel.author,
    narrator,
  ])
}

/** Bytes of a finished chapter's file, which a feed or a book tells of thousands at once: nothing is laid out for it. */
export function chapterBytes(application: Application, rendition: Rendition): number {
  const { total, frames, bytes } = rendition.counts
  return chapterFileSize({ clips: total, frames, bytes }, tagsOf(application, rendition))
}

function tagsOf({ voices }: Application, { novel, chapter, voice }: Rendition): ChapterTags {
  return {
    title: chapter.title,
    novelTitle: novel.title,
    author: novel.author,
    narrator: voices.nameOf(voice),
    number: chapter.number,
  }
}

async function layOut(application: Application, rendition: Rendition): Promise<ChapterLayout> {
  const { chapter, recipe } = rendition
  const clips = await clipLayouts(application.db, chapter.id, recipe)
  const sizes = clips.flatMap(({ frameSizes }) => (frameSizes ? [frameSizes] : []))
  if (sizes.length < clips.length) await discardCorruptClips(application, rendition)
  const file = layOutChapter(sizes, tagsOf(application, rendition))
  const textHashes = clips.map((clip) => clip.textHash)
  const etag = createHash('sha256').update(file.header).update(textHashes.join()).digest('hex').slice(0, 32)
  return { file, textHashes, etag: `"${etag}"` }
}

/** Throws `audio.none`, `audio.unfinished`. */
export async function chapterAudio(
  application: Application,
  layouts: ChapterLayoutCache,
  rendition: Rendition,
): Promise<VirtualFile> {
  requireComplete(application, rendition)
  const { file, textHashes, etag } = await layouts.layoutOf(application, rendition)
  return {
    size: file.size,
    etag,
    async *read(start, end) {
      for (const part of partsOf(file, start, end)) {
        const bytes =
          part.clip === undefined
            ? file.header
            : await readPayload(application, rendition.recipe, textHashes[part.clip])
        yield bytes.subarray(part.start, part.end)
      }
    },
  }
}

async function readPayload(
  application: Application,
  recipe: string,
  textHash: string | undefined,
): Promise<Uint8Array> {
  const key = { recipe, words: textHash ?? '' }
  const clip = await getClip(application.db, key)
  if (clip === undefined || clip === 'damaged') {
    await discardClip(application, key)
    throw new Error(`the clip ${recipe}/${textHash} is ${clip ?? 'gone'}`)
  }
  return adtsPayload(clip.adts, clip.frameSizes)
}

/**
 * A segment as one movie fragment for Media Source players. Its decode time is where it stands in the chapter if all
 * before it is spoken; otherwise it counts from the first segment of the unbroken run that it belongs to, and the
 * player sets its own offset. Throws `segment.unknown`, `segment.unspoken`.
 */
export async function segmentFragment(
  application: Application,
  { chapter, recipe }: Rendition,
  index: number,
): Promise<Uint8Array> {
  const segment = (await segmentsOf(application.db, chapter.id))[index]
  if (!segment) throw new Failure('segment.unknown', { index, last: chapter.segmentCount - 1 })
  const key = { recipe, words: textHash(segment.spoken, segment.pause, segment.opening) }
  const clip = await getClip(application.db, key)
  if (clip === 'damaged') await discardClip(application, key)
  if (clip === undefined || clip === 'damaged') throw new Failure('segment.unspoken')
  const lengths = await clipLengths(application.db, chapter.id, recipe)
  let frames = 0
  for (let previous = index - 1; previous >= 0; previous--) {
    const length = lengths[previous]
    if (length === undefined) break
    frames += length
  }
  return fragment(index + 1, frames * frameSamples, adtsPayload(clip.adts, clip.frameSizes), clip.frameSizes)
}
