import { hash as digest } from 'node:crypto'
import type { Pause } from './segment.ts'

/** How a rendition shall sound: everything that shapes the sound besides the text itself. */
export interface Recipe {
  /** The voice's id. */
  readonly voice: string
  /** 1 = the voice's own speed; 0.5–2. */
  readonly speed: number
  /** Engine, its version and its model's checksum. */
  readonly engine: string
  /** The studio's recipe: encoder settings, loudness, silence. Raised whenever the same samples would give other bytes. */
  readonly studio: string
  /** Silence after a segment, in seconds. */
  readonly pauses: Readonly<Record<Pause, number>>
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

export function recipeHash(recipe: Recipe): string {
  const { voice, speed, engine, studio, pauses } = recipe
  return hash([voice, speed, engine, studio, pauses.sentence, pauses.paragraph, pauses.section])
}

/** The half of the key that the text decides. */
export function wordsHash(spoken: string, pause: Pause): string {
  return hash([spoken, pause])
}

/** SHA-256 cut to 128 bits: a thousand million clips collide with probability 10⁻²¹. */
function hash(parts: readonly (string | number)[]): string {
  return digest('sha256', JSON.stringify(parts), 'hex').slice(0, 32)
}
