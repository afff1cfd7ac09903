/** The studio's recipe: how every clip is made, whichever engine spoke it. */

/** Integrated loudness that a voice's one constant gain aims at, in LUFS: in the middle of what ACX asks for. */
export const targetLoudness = -19

/** No decoded sample is louder: −3 dBFS, as ACX asks. */
export const peakCeiling = 10 ** (-3 / 20)

/** What the limiter works to: coding noise comes on top, and 1 dB is left for it. */
export const limiterCeiling = peakCeiling * 10 ** (-1 / 20)

/** AAC-LC, in bits per second. */
export const bitRate = 64_000

/**
 * Zeros before the speech, in samples. The decoder overlaps neighbouring frames, so that a clip can be joined to any
 * other bit-exactly only when its first and its last frame hold nothing.
 */
export const headSamples = 1024

/** The least number of zeros after the speech, for the same reason. */
export const leastTailSamples = 1024

/** Part of each clip's key: changes whenever the same speech would become other bytes. */
export const masteringVersion = 'aac-lc-64k-24k-fast-2'
