/** Length of a frame in seconds. */
export const frameSeconds = 0.01
/** Samples of one value for at least so long are listed: sound has none. */
const leastHeldSeconds = 0.012
/** Two successive equal samples louder than this are the flat top of a clipped wave; quieter ones occur in 16-bit sound. */
const flatAbove = 0.05
const clippedAbove = 0.98

/** Samples `[start, end)` that all have one value. */
interface HeldSamples {
  readonly start: number
  readonly end: number
}

/** What one pass over a take's samples finds. */
export interface SoundFrames {
  /** Samples of a frame. */
  readonly width: number
  /** Mean square of each frame. */
  readonly energies: Float32Array
  /** Mean square of each frame's first difference over its energy: small for vowels, large for hiss, 0 for silence. */
  readonly brightness: Float32Array
  /** Largest absolute sample; NaN if a sample is not finite. */
  readonly peak: number
  /** Fraction of the samples that reach ±1, and fraction of those in flat tops. */
  readonly clipped: number
  readonly flat: number
  readonly held: readonly HeldSamples[]
}

/**
 * Measures a take, without a transform: some 30 µs for a second of speech. What good speech has not, samples at the limit
 * and equal ones in succession, is counted in a second look at those frames alone that have any.
 */
export function soundFrames(samples: Float32Array, sampleRate: number): SoundFrames {
  const width = Math.max(1, Math.round(sampleRate * frameSeconds))
  const count = Math.ceil(samples.length / width)
  const energies = new Float32Array(count)
  const brightness = new Float32Array(count)
  let [loudest, clipped, flat, before, mostEqual] = [0, 0, 0, 0, 0]
  let finite = true
  for (let frame = 0; frame < count; frame++) {
    const from = frame * width
    const to = Math.min(samples.length, from + width)
    const first = before
    let [energy, change, most, equal] = [0, 0, 0, 0]
    for (let at = from; at < to; at++) {
      const value = samples[at]!
      const difference = value - before
      before = value
      const power = value * value
      energy += power
      change += difference * difference
      if (power > most) most = power
      if (difference === 0) equal++
    }
    if (most > loudest) loudest = most
    if (equal > mostEqual) mostEqual = equal
    if (equal > 0 && most > flatAbove ** 2) flat += flatSamples(samples, from, to, first)
    if (most > (clippedAbove - 0.01) ** 2) clipped += clippedSamples(samples, from, to)
    if (!Number.isFinite(energy)) finite = false
    energies[frame] = energy / (to - from)
    brightness[frame] = energy > 0 ? change / energy : 0
  }
  const leastHeld = Math.round(sampleRate * leastHeldSeconds)
  return {
    width,
    energies,
    brightness,
    peak: finite ? Math.sqrt(loudest) : NaN,
    clipped: clipped / Math.max(1, samples.length),
    flat: flat / Math.max(1, samples.length),
    // Of so many in succession at least a third are in one frame.
    held: mostEqual * 3 < Math.min(leastHeld, 3 * width) - 3 ? [] : heldSamples(samples, leastHeld),
  }
}

function flatSamples(samples: Float32Array, from: number, to: number, first: number): number {
  let count = 0
  for (let at = from, before = first; at < to; before = samples[at++]!)
    if (samples[at] === before && Math.abs(before) > flatAbove) count++
  return count
}

function clippedSamples(samples: Float32Array, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at++) if (Math.abs(samples[at]!) >= clippedAbove) count++
  return count
}

/** Runs of at least so many equal samples. */
function heldSamples(samples: Float32Array, least: number): HeldSamples[] {
  const held: HeldSamples[] = []
  let start = 0
  for (let at = 1; at <= samples.length; at++) {
    if (at < samples.length && samples[at] === samples[start]) continue
    if (at - start >= least) held.push({ start, end: at })
    start = at
  }
  return held
}
