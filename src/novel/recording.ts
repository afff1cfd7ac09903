import { createHash } from 'node:crypto'

/** What a chapter can be recorded as: files of their own, for players that want no AAC. */
export const recordingForms = ['mp3', 'opus'] as const
export type RecordingForm = (typeof recordingForms)[number]

/** `pending` waits for its turn; there is no `cancelled`: a recording goes when its novel does. */
export type RecordingStatus = 'pending' | 'running' | 'completed' | 'failed'

/** What a player shows of a recorded chapter. */
export interface RecordingTags {
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
export interface RecordingCover {
  readonly mediaType: 'image/jpeg' | 'image/png'
  readonly bytes: Uint8Array
}

/** A chapter that somebody wants as a file, written down. */
export interface Recording {
  /** 16 bytes, hex: see `recordingKey`. It is the file's name and the id at the door. */
  readonly key: string
  readonly novelId: string
  readonly chapterId: number
  readonly form: RecordingForm
  /** 16 bytes, hex: the recipe whose clips it is made of. */
  readonly recipe: string
  readonly tags: RecordingTags
  /** Length of its clips, in AAC frames. */
  readonly frames: number
  /** `running` is nowhere written: it is what the recorder has in its hands. */
  readonly status: Exclude<RecordingStatus, 'running'>
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
const recorderVersion = 2

/**
 * SHA-256, cut to 128 bits, of all that shapes the file: its clips, its form and what is written in front of them. A
 * clip that is spoken again is another one when its length is.
 */
export function recordingKey(made: {
  readonly form: RecordingForm
  readonly novelId: string
  readonly recipe: string
  /** Of each clip: the hash of its words, and its length in AAC frames. */
  readonly clips: readonly { readonly words: string; readonly frames: number }[]
  readonly tags: RecordingTags
}): string {
  const { form, novelId, recipe, clips, tags } = made
  // A novel's cover and its chapters' texts never change, so its id stands for them, and the marks follow from all this.
  const parts = [
    recorderVersion,
    form,
    novelId,
    recipe,
    tags,
    clips.map(({ words, frames }) => [words, frames]),
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
