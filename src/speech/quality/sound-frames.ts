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

/** Measures a take in one pass, without a transform: some 60 µs for a second of speech. */
export function soundFrames(samples: Float32Array, sampleRate: number): SoundFrames {
  const width = Math.max(1, Math.round(sampleRate * frameSeconds))
  const leastHeld = Math.round(sampleRate * leastHeldSeconds)
  const count = Math.ceil(samples.length / width)
  const energies = new Float32Array(count)
  const brightness = new Float32Array(count)
  const held: HeldSamples[] = []
  let [peak, clipped, flat, heldFrom, before] = [0, 0, 0, 0, 0]
  let finite = true
  for (let frame = 0; frame < count; frame++) {
    const to = Math.min(samples.length, (frame + 1) * width)
    let [energy, change] = [0, 0]
    for (let at = frame * width; at < to; at++) {
      const value = samples[at]!
      const difference = value - before
      const level = Math.abs(value)
      energy += value * value
      change += difference * difference
      if (level > peak) peak = level
      if (level >= clippedAbove) clipped++
      if (difference === 0) {
        if (level > flatAbove) flat++
      } else {
        if (at - heldFrom >= leastHeld) held.push({ start: heldFrom, end: at })
        heldFrom = at
        before = value
      }
    }
    if (!Number.isFinite(energy)) finite = false
    energies[frame] = energy / (to - frame * width)
    brightness[frame] = energy > 0 ? change / energy : 0
  }
  if (samples.length - heldFrom >= leastHeld) held.push({ start: heldFrom, end: samples.length })
  return {
    width,
    energies,
    brightness,
    peak: finite ? peak : NaN,
    clipped: clipped / Math.max(1, samples.length),
    flat: flat / Math.max(1, samples.length),
    held,
  }
}
