import { LRUCache } from 'lru-cache'
import { createHash } from 'node:crypto'
import { adtsPayload, stripHeadersInPlace } from '../audio/codec/adts.ts'
import {
  type ChapterFile,
  chapterFileSize,
  type FilePart,
  fragment,
  layOutChapter,
  partsOf,
} from '../audio/mp4/chapter-mp4.ts'
import type { ChapterTags } from '../audio/mp4/mp4-tags.ts'
import { recipeForRole } from '../novel/casting.ts'
import { clipKeyName, frameSamples, textHash } from '../novel/clip.ts'
import { Failure } from '../novel/failure.ts'
import { segmentsOf } from '../storage/queries/chapter-queries.ts'
import { clipLayouts, clipLengths } from '../storage/queries/clip-queries.ts'
import { type ClipDiscard, discardClip, discardCorruptClips } from './corrupt-clips.ts'
import { type CountsHealth, type Rendition, type Renditions, requireComplete } from './renditions.ts'

/** What the audio of chapters is read from; corrupt clips are requeued. */
export interface ChapterSound extends Renditions, ClipDiscard, CountsHealth {}

/** A computed audio file: any byte range of it is assembled from the stored clips. Nothing is written to disk. */
export interface VirtualFile {
  /** Bytes of the whole file. */
  readonly size: number
  readonly etag: string
  /** Yields the bytes `[start, end)`. Throws an `Error` when a clip is missing or corrupt; the clip is requeued. */
  read(start: number, end: number): AsyncGenerator<Uint8Array>
}

interface ChapterLayout {
  /** Its clips are those of the chapter's segments. */
  readonly file: ChapterFile
  readonly etag: string
}

const maxLayouts = 16

/**
 * LRU cache of the last 16 chapter layouts, because a player requests a chapter in many small ranges. A layout takes
 * about 5 bytes per frame: 200 kB for half an hour.
 */
export class ChapterLayoutCache {
  readonly #layouts = new LRUCache<string, ChapterLayout>({ max: maxLayouts })

  async layoutOf(context: ChapterSound, rendition: Rendition): Promise<ChapterLayout> {
    const id = layoutKey(context, rendition)
    const layout = this.#layouts.get(id) ?? (await layOut(context, rendition))
    this.#layouts.set(id, layout)
    return layout
  }
}

/** Covers everything that a layout depends on: equal keys mean equal bytes. */
function layoutKey(context: ChapterSound, { novel, chapter, voice, casting, counts }: Rendition): string {
  // A clip that replaces a corrupt one may have the same length, so `frames` alone does not tell them apart.
  const { invalidations } = context.counts
  const narrator = context.voices.nameOf(voice)
  return JSON.stringify([
    casting.id,
    chapter.id,
    counts.frames,
    invalidations,
    novel.title,
    novel.author,
    narrator,
  ])
}

/** Size in bytes of a complete chapter's file, from its counts alone: feeds and books list thousands of chapters. */
export function chapterBytes(context: Pick<Renditions, 'voices'>, rendition: Rendition): number {
  const { total, frames, bytes } = rendition.counts
  return chapterFileSize({ clips: total, frames, bytes }, tagsOf(context, rendition))
}

function tagsOf({ voices }: Pick<Renditions, 'voices'>, { novel, chapter, voice }: Rendition): ChapterTags {
  return {
    title: chapter.title,
    novelTitle: novel.title,
    author: novel.author,
    narrator: voices.nameOf(voice),
    number: chapter.number,
  }
}

async function layOut(context: ChapterSound, rendition: Rendition): Promise<ChapterLayout> {
  const { chapter, casting, counts } = rendition
  const clips = await clipLayouts(context.db, chapter.id, casting)
  const sizes = clips.flatMap(({ frameSizes }) => (frameSizes ? [frameSizes] : []))
  if (sizes.length < clips.length) await discardCorruptClips(context, rendition)
  // One was discarded since they were counted.
  if (clips.length < counts.total)
    throw new Failure('audio.unfinished', { done: clips.length, total: counts.total })
  const file = layOutChapter(sizes, tagsOf(context, rendition))
  // The names that the clips of a single voice have always had; with several the recipes belong to them.
  const names = clips.map(({ key: { recipe, words } }) =>
    recipe === casting.id ? words : `${recipe}/${words}`,
  )
  const etag = createHash('sha256').update(file.header).update(names.join()).digest('hex').slice(0, 32)
  return { file, etag: `"${etag}"` }
}

/** The `.m4a` of a complete chapter. Throws `audio.none`, `audio.unfinished`, `storage.salvaging`. */
export async function chapterAudio(
  context: ChapterSound,
  layouts: ChapterLayoutCache,
  rendition: Rendition,
): Promise<VirtualFile> {
  requireComplete(context, rendition)
  const { file, etag } = await layouts.layoutOf(context, rendition)
  return {
    size: file.size,
    etag,
    async *read(start, end) {
      const parts = [...partsOf(file, start, end)]
      const [first] = parts
      if (first?.clip === undefined && first) yield file.header.subarray(first.start, first.end)
      yield* readClips(
        context,
        rendition,
        file,
        parts.filter(({ clip }) => clip !== undefined),
      )
    },
  }
}

/** `parts`: of consecutive clips. */
async function* readClips(
  context: ChapterSound,
  { chapter, casting }: Rendition,
  { clipStarts }: ChapterFile,
  parts: readonly FilePart[],
): AsyncGenerator<Uint8Array> {
  const from = parts[0]?.clip ?? 0
  const to = (parts.at(-1)?.clip ?? -1) + 1
  let at = 0
  for await (const { key, clip } of context.clips.range(chapter.id, casting, from, to)) {
    const part = parts[at++]!
    if (clip === undefined || clip === 'damaged') {
      await discardClip(context, key)
      throw new Error(`clip ${clipKeyName(key)} is ${clip ?? 'missing'}`)
    }
    const payload = stripHeadersInPlace(clip.adts, clip.frameSizes)
    if (payload.length !== clipStarts[from + at]! - clipStarts[from + at - 1]!)
      throw new Error(`clip ${clipKeyName(key)} has changed since its file was laid out`)
    yield payload.subarray(part.start, part.end)
  }
  if (at < parts.length) throw new Error(`chapter ${chapter.number} was deleted meanwhile`)
}

/**
 * A segment as one movie fragment (moof + mdat) for Media Source players. Its decode time is its position in the chapter
 * if every earlier segment is spoken; otherwise it counts from the first segment of the contiguous spoken run that it
 * belongs to, and the player sets the offset. Throws `segment.unknown`, `segment.unspoken`.
 */
export async function segmentFragment(
  context: ChapterSound,
  { chapter, casting }: Rendition,
  index: number,
): Promise<Uint8Array> {
  const segment = (await segmentsOf(context.db, chapter.id))[index]
  if (!segment) throw new Failure('segment.unknown', { index, last: chapter.segmentCount - 1 })
  const recipe = recipeForRole(casting, segment.role ?? 0)
  const key = { recipe, words: textHash(segment.spoken, segment.pause, segment.opening) }
  const clip = await context.clips.get(key)
  if (clip === 'damaged') await discardClip(context, key)
  if (clip === undefined || clip === 'damaged') throw new Failure('segment.unspoken')
  const lengths = await clipLengths(context.db, chapter.id, casting)
  let frames = 0
  for (let previous = index - 1; previous >= 0; previous--) {
    const length = lengths[previous]
    if (length === undefined) break
    frames += length
  }
  return fragment(index + 1, frames * frameSamples, adtsPayload(clip.adts, clip.frameSizes), clip.frameSizes)
}
