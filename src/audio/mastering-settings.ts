import { frameSamples, sampleRate } from '../novel/clip.ts'

/** Mastering settings of every clip, whichever engine spoke it. */

/** Target of a voice's constant gain, integrated loudness in LUFS: the middle of ACX's range. */
export const targetLoudness = -19

/** Peak limit of decoded samples, linear: −3 dBFS, as ACX requires. */
export const peakCeiling = 10 ** (-3 / 20)

/** The limiter's ceiling, linear: 1 dB lower, as headroom for coding noise. */
export const limiterCeiling = peakCeiling * 10 ** (-1 / 20)

/** AAC-LC, in bits per second. */
export const bitRate = 64_000

/**
 * Zeros before the speech, in samples. The decoder overlaps neighbouring frames, so a clip can be joined to any other
 * bit-exactly only if its first and last frames are silent.
 */
export const headSamples = 1024

/** Zeros before the speech, in samples: whole frames of at least `leadSeconds`. */
export function leadSamples(leadSeconds = 0): number {
  return Math.max(headSamples, Math.ceil((leadSeconds * sampleRate) / frameSamples) * frameSamples)
}

/** Minimum number of zeros after the speech, for the same reason as before it. */
export const leastTailSamples = 1024

/** Part of each clip's key: changed whenever the same speech would give different bytes. */
export const masteringVersion = 'aac-lc-64k-24k-fast-2'
