import { createHash } from 'node:crypto'
import type { ClipKey } from './clip.ts'

/** Formats that a chapter can be transcoded to, for players without AAC. */
export const transcodeFormats = ['mp3', 'opus'] as const
export type TranscodeFormat = (typeof transcodeFormats)[number]

/** There is no `cancelled`: a transcode is deleted with its novel. */
export type TranscodeStatus = 'pending' | 'running' | 'completed' | 'failed'

/** Metadata written into a transcoded chapter. */
export interface TranscodeTags {
  /** Title of the chapter. */
  readonly title: string
  readonly novelTitle: string
  readonly author: string
  readonly narrator: string
  /** From 1, in reading order. */
  readonly number: number
  /** Number of chapters in the novel. */
  readonly of: number
  /** BCP 47. */
  readonly language: string
  /** A year, or an ISO 8601 date. */
  readonly published?: string
  readonly series?: { readonly name: string; readonly position?: string }
}

/** Cover in a format that players support. */
export interface TranscodeCover {
  readonly mediaType: 'image/jpeg' | 'image/png'
  readonly bytes: Uint8Array
}

/** A requested transcode of a chapter, as stored. */
export interface ChapterTranscode {
  /** 16 bytes, hex: see `transcodeKey`. Also the file's name and the id in the API. */
  readonly key: string
  readonly novelId: string
  readonly chapterId: number
  readonly form: TranscodeFormat
  /** 16 bytes, hex: id of the casting whose clips it is made of. */
  readonly casting: string
  readonly tags: TranscodeTags
  /** Total length of its clips, in AAC frames. */
  readonly frames: number
  /** `running` is not stored: it is known from the transcoder's current job. */
  readonly status: Exclude<TranscodeStatus, 'running'>
  /** Size of the file, once it exists. */
  readonly bytes?: number
  /** CRC-32 of the file, once it exists. */
  readonly crc32?: number
  readonly errorMessage?: string
  readonly createdAt: string
  /** Epoch milliseconds. */
  readonly askedAt: number
}

/** Part of each key: increased whenever the same clips and tags would produce different bytes. */
const transcoderVersion = 2

/**
 * SHA-256, truncated to 128 bits, of everything that determines the file: clips, format and tags. A clip that is
 * generated again changes the key only if its length changes.
 */
export function transcodeKey(content: {
  readonly form: TranscodeFormat
  readonly novelId: string
  /** Id of the casting. */
  readonly casting: string
  /** Per clip: its key and its length in AAC frames. */
  readonly clips: readonly (ClipKey & { readonly frames: number })[]
  readonly tags: TranscodeTags
}): string {
  const { form, novelId, casting, clips, tags } = content
  // The novel's id stands for its cover, which never changes; section marks are derived from the texts.
  const parts = [
    transcoderVersion,
    form,
    novelId,
    casting,
    tags,
    // The casting stands for the recipe of a single voice. With several the roles may change while the texts stay.
    clips.map(({ recipe, words, frames }) =>
      recipe === casting ? [words, frames] : [words, frames, recipe],
    ),
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
