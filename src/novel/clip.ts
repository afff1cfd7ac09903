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
