import { createHash } from 'node:crypto'
import { adtsPayload } from '../audio/adts.ts'
import { type ChapterFile, chapterFileSize, layOutChapter, partsOf } from '../audio/m4a.ts'
import type { ChapterTags } from '../audio/mp4-tags.ts'
import { clipLayouts, getClip } from '../database/clips.ts'
import type { Studio } from '../generation/studio.ts'
import { type Rendition, requireComplete } from './rendition.ts'
import { loseClip, loseDamaged } from './lose-clip.ts'

/** A chapter's `.m4a`, which nobody has written: any range of it is read straight from the clips. */
export interface ChapterAudio {
  /** Bytes of the whole file. */
  readonly size: number
  readonly etag: string
  /** The bytes `[start, end)`. Throws an `Error` when a clip was found damaged on the way; it is spoken again. */
  read(start: number, end: number): AsyncGenerator<Uint8Array>
}

interface LaidOut {
  readonly file: ChapterFile
  /** For each clip of the file, in order: the hash of its text. */
  readonly words: readonly string[]
  readonly etag: string
}

const mostLayouts = 16

/**
 * The layouts of the chapters asked for last: a player asks for a chapter in many small ranges. A layout is some 5
 * bytes a frame, 200 kB for half an hour.
 */
export class ChapterLayouts {
  readonly #kept = new Map<string, LaidOut>()

  async of(studio: Studio, rendition: Rendition): Promise<LaidOut> {
    const id = layoutKey(studio, rendition)
    const kept = this.#kept.get(id)
    this.#kept.delete(id)
    const layout = kept ?? (await layOut(studio, rendition))
    this.#kept.set(id, layout)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostLayouts) break
      this.#kept.delete(oldest)
    }
    return layout
  }
}

/** Of all that a layout depends on: the same key is the same file. */
function layoutKey(studio: Studio, { novel, chapter, voice, recipe, tally }: Rendition): string {
  // A clip that is spoken again may be as long as the damaged one before it.
  const { recounts } = studio.book
  const narrator = studio.voices.nameOf(voice)
  return JSON.stringify([recipe, chapter.id, tally.frames, recounts, novel.title, novel.author, narrator])
}

/** Bytes of a finished chapter's file, which a feed or a book tells of thousands at once: nothing is laid out for it. */
export function chapterBytes(studio: Studio, rendition: Rendition): number {
  const { total, frames, bytes } = rendition.tally
  return chapterFileSize({ clips: total, frames, bytes }, tagsOf(studio, rendition))
}

function tagsOf({ voices }: Studio, { novel, chapter, voice }: Rendition): ChapterTags {
  return {
    title: chapter.title,
    novelTitle: novel.title,
    author: novel.author,
    narrator: voices.nameOf(voice),
    number: chapter.number,
  }
}

async function layOut(studio: Studio, rendition: Rendition): Promise<LaidOut> {
  const { chapter, recipe } = rendition
  const clips = await clipLayouts(studio.db, chapter.id, recipe)
  const sizes = clips.flatMap(({ frameSizes }) => (frameSizes ? [frameSizes] : []))
  if (sizes.length < clips.length) await loseDamaged(studio, rendition)
  const file = layOutChapter(sizes, tagsOf(studio, rendition))
  const words = clips.map((clip) => clip.words)
  const etag = createHash('sha256').update(file.header).update(words.join()).digest('hex').slice(0, 32)
  return { file, words, etag: `"${etag}"` }
}

/** Throws `audio.none`, `audio.unfinished`. */
export async function chapterAudio(
  studio: Studio,
  layouts: ChapterLayouts,
  rendition: Rendition,
): Promise<ChapterAudio> {
  requireComplete(studio, rendition)
  const { file, words, etag } = await layouts.of(studio, rendition)
  return {
    size: file.size,
    etag,
    async *read(start, end) {
      for (const part of partsOf(file, start, end)) {
        const bytes =
          part.clip === undefined ? file.header : await payloadOf(studio, rendition.recipe, words[part.clip])
        yield bytes.subarray(part.start, part.end)
      }
    },
  }
}

async function payloadOf(studio: Studio, recipe: string, words: string | undefined): Promise<Uint8Array> {
  const key = { recipe, words: words ?? '' }
  const clip = await getClip(studio.db, key)
  if (clip === undefined || clip === 'damaged') {
    await loseClip(studio, key)
    throw new Error(`the clip ${recipe}/${words} is ${clip ?? 'gone'}`)
  }
  return adtsPayload(clip.adts, clip.frameSizes)
}
