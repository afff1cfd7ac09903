import { createHash } from 'node:crypto'

/** What a chapter can be recorded as: files of their own, for players that want no AAC. */
export const transcodeFormats = ['mp3', 'opus'] as const
export type TranscodeFormat = (typeof transcodeFormats)[number]

/** `pending` waits for its turn; there is no `cancelled`: a recording goes when its novel does. */
export type TranscodeStatus = 'pending' | 'running' | 'completed' | 'failed'

/** What a player shows of a recorded chapter. */
export interface TranscodeTags {
  /** The chapter's. */
  readonly title: string
  readonly novelTitle: string
  readonly author: string
  readonly narrator: string
  /** From 1, in reading order. */
  readonly number: number
  /** Of how many. */
  readonly of: number
  /** BCP 47. */
  readonly language: string
  /** A year, or an ISO 8601 date. */
  readonly published?: string
  readonly series?: { readonly name: string; readonly position?: string }
}

/** A cover that players take. */
export interface TranscodeCover {
  readonly mediaType: 'image/jpeg' | 'image/png'
  readonly bytes: Uint8Array
}

/** A chapter that somebody wants as a file, written down. */
export interface ChapterTranscode {
  /** 16 bytes, hex: see `recordingKey`. It is the file's name and the id at the door. */
  readonly key: string
  readonly novelId: string
  readonly chapterId: number
  readonly form: TranscodeFormat
  /** 16 bytes, hex: the recipe whose clips it is made of. */
  readonly recipe: string
  readonly tags: TranscodeTags
  /** Length of its clips, in AAC frames. */
  readonly frames: number
  /** `running` is nowhere written: it is what the recorder has in its hands. */
  readonly status: Exclude<TranscodeStatus, 'running'>
  /** Size of the file, once there is one. */
  readonly bytes?: number
  /** CRC-32 of the file, once there is one. */
  readonly crc32?: number
  readonly errorMessage?: string
  readonly createdAt: string
  /** Epoch milliseconds. */
  readonly askedAt: number
}

/** Part of each key: raised whenever the same clips and tags would become other bytes. */
const transcoderVersion = 2

/**
 * SHA-256, cut to 128 bits, of all that shapes the file: its clips, its form and what is written in front of them. A
 * clip that is spoken again is another one when its length is.
 */
export function transcodeKey(made: {
  readonly form: TranscodeFormat
  readonly novelId: string
  readonly recipe: string
  /** Of each clip: the hash of its words, and its length in AAC frames. */
  readonly clips: readonly { readonly words: string; readonly frames: number }[]
  readonly tags: TranscodeTags
}): string {
  const { form, novelId, recipe, clips, tags } = made
  // A novel's cover and its chapters' texts never change, so its id stands for them, and the marks follow from all this.
  const parts = [
    transcoderVersion,
    form,
    novelId,
    recipe,
    tags,
    clips.map(({ words, frames }) => [words, frames]),
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
