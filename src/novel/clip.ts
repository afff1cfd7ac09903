import { hash } from 'node:crypto'
import type { ClipDoubt } from './clip-doubt.ts'
import type { Pause } from './segment.ts'

/** Time of a word: `[start, end)` into the spoken text, `from` and `to` in seconds from the clip's first sample. */
export interface WordTime {
  readonly start: number
  readonly end: number
  readonly from: number
  readonly to: number
}

/** One segment's audio: AAC-LC frames of 1,024 samples each at 24 kHz mono, as ADTS. */
export interface Clip {
  readonly adts: Uint8Array
  /** Bytes of each frame without its 7-byte ADTS header. */
  readonly frameSizes: readonly number[]
  readonly words: readonly WordTime[]
  /** Set on a new clip that the second ear suspects; it is stored apart from the clip. */
  readonly doubt?: ClipDoubt | undefined
}

/** Sample rate of all clips, in Hz. */
export const sampleRate = 24_000
/** Samples in an AAC frame. */
export const frameSamples = 1024

/** Length of a number of AAC frames in seconds. */
export function framesToSeconds(frames: number): number {
  return (frames * frameSamples) / sampleRate
}

/** Seconds of silence. */
export interface Pauses extends Readonly<Record<Pause, number>> {
  /** Before a chapter's first word; absent: only the silence that joining clips requires. */
  readonly opening?: number
}

/** Everything that determines a rendition's sound except the text. */
export interface Recipe {
  /** The voice's id. */
  readonly voice: string
  /** 1 = normal speed; 0.5–2. */
  readonly speed: number
  /** Engine, its version and settings, and what defines the voice: model, configuration, address, gain. */
  readonly engine: string
  /**
   * Mastering version: encoder settings, loudness, silence. Increased whenever the same samples would produce different
   * bytes.
   */
  readonly studio: string
  /**
   * Version of the rule that gives all voices the same pace at speed 1; absent: the voice's own pace, as in recipes
   * older than the rule.
   */
  readonly pace?: string
  /** For a voice with several accents: the language that it pronounces, e.g. `en-gb`. */
  readonly accent?: string
  /** Silence after a segment, and before a chapter. */
  readonly pauses: Pauses
}

/**
 * A clip's key has two halves: the recipe hash and the text hash. The text hash is computed at import, so accepting a
 * generation of a thousand chapters hashes nothing.
 */
export interface ClipKey {
  /** 16 bytes, hex. */
  readonly recipe: string
  /** 16 bytes, hex. */
  readonly words: string
}

/** A key as text, for maps, sets and messages. */
export function clipKeyName({ recipe, words }: ClipKey): string {
  return `${recipe}/${words}`
}

/** SHA-256 truncated to 128 bits, hex. A recipe without a pace predates the pace rule and keeps its hash. */
export function recipeHash({ voice, speed, engine, studio, pace, accent, pauses }: Recipe): string {
  const before = [voice, speed, engine, studio, pauses.sentence, pauses.paragraph, pauses.section]
  return hashOf(pace === undefined ? before : [...before, pace, accent ?? '', pauses.opening ?? 0])
}

/**
 * The text half of a clip's key, 16 bytes hex. `opening`: the segment is the first of its chapter and has leading
 * silence.
 */
export function textHash(spoken: string, pause: Pause, opening = false): string {
  return hashOf(opening ? [spoken, pause, 'opening'] : [spoken, pause])
}

/** SHA-256 of a list as JSON, truncated to 128 bits, hex: a thousand million clips collide with probability 10⁻²¹. */
export function hashOf(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32)
}
