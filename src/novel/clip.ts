import { hash as digest } from 'node:crypto'
import type { Pause } from './segment.ts'

/** When a word is heard: `[start, end)` into the spoken text, `from` and `to` in seconds from the clip's first sample. */
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
}

/** Nightjar's sample rate in Hz, everywhere. */
export const sampleRate = 24_000
/** Samples in an AAC frame. */
export const frameSamples = 1024

/** The length of so many AAC frames in seconds. */
export function framesToSeconds(frames: number): number {
  return (frames * frameSamples) / sampleRate
}

/** Seconds of silence. */
export interface Pauses extends Readonly<Record<Pause, number>> {
  /** Before a chapter's first word; left out: none beyond what joins clips. */
  readonly opening?: number
}

/** How a rendition shall sound: everything that shapes the sound besides the text itself. */
export interface Recipe {
  /** The voice's id. */
  readonly voice: string
  /** 1 = the usual speed; 0.5–2. */
  readonly speed: number
  /** Engine, its version and settings, and what the voice is made of: model, configuration, address, gain. */
  readonly engine: string
  /** The studio's recipe: encoder settings, loudness, silence. Raised whenever the same samples would give other bytes. */
  readonly studio: string
  /** The rule that makes speed 1 the same pace whichever voice speaks; left out: the voice's own pace, as before there was one. */
  readonly pace?: string
  /** Of a voice that can speak in several: eSpeak's code, e.g. `en-gb`. */
  readonly accent?: string
  /** Silence after a segment, and before a chapter. */
  readonly pauses: Pauses
}

/**
 * A clip's key has two halves: the hash of its recipe and the hash of its words. The second is known at import, so
 * accepting a generation of a thousand chapters hashes nothing.
 */
export interface ClipKey {
  /** 16 bytes, hex. */
  readonly recipe: string
  /** 16 bytes, hex. */
  readonly words: string
}

/** A recipe without a pace is from before there was one, and keeps the hash that it had. */
export function recipeHash({ voice, speed, engine, studio, pace, accent, pauses }: Recipe): string {
  const before = [voice, speed, engine, studio, pauses.sentence, pauses.paragraph, pauses.section]
  return hash(pace === undefined ? before : [...before, pace, accent ?? '', pauses.opening ?? 0])
}

/** The half of the key that the text decides; `opening`: it is heard first in its chapter, after a silence. */
export function textHash(spoken: string, pause: Pause, opening = false): string {
  return hash(opening ? [spoken, pause, 'opening'] : [spoken, pause])
}

/** SHA-256 cut to 128 bits: a thousand million clips collide with probability 10⁻²¹. */
function hash(parts: readonly (string | number)[]): string {
  return digest('sha256', JSON.stringify(parts), 'hex').slice(0, 32)
}
