/** The largest absolute value. */
export function peakOf(samples: Float32Array): number {
  let peak = 0
  for (let i = 0; i < samples.length; i++) {
    const value = Math.abs(samples[i]!)
    if (value > peak) peak = value
  }
  return peak
}

/** Multiplies every sample by a constant factor, in place: fresh memory for a sentence costs more than this does. */
export function amplify(samples: Float32Array, gain: number): Float32Array {
  for (let i = 0; i < samples.length; i++) samples[i]! *= gain
  return samples
}

/** One after another; a single one as it is. */
export function concatenate(parts: readonly Float32Array[]): Float32Array {
  const [first] = parts
  if (first && parts.length === 1) return first
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Rounded to 16 bits; what is beyond ±1 is clipped. */
export function toInt16(samples: Float32Array): Int16Array {
  const rounded = new Int16Array(samples.length)
  for (let i = 0; i < samples.length; i++) {
    rounded[i] = Math.max(-32768, Math.min(32767, Math.round(samples[i]! * 32768)))
  }
  return rounded
}

export interface Trimmed {
  /** A copy, faded in and out over the kept margin. Empty if there was nothing but silence. */
  readonly samples: Float32Array
  /** How many samples were cut off before them. */
  readonly start: number
}

const windowSeconds = 0.005
const marginBefore = 0.015
const marginAfter = 0.04
const fadeSeconds = 0.005
/** Measured on Heart: its silence lies 75 dB under its loudest 5 ms, an initial /h/ or a dying /s/ 30 to 50 dB. */
const silenceBelowLoudest = 10 ** (-55 / 20)
/** Quieter than this is silence whatever follows it: −80 dBFS. */
const absoluteSilence = 10 ** (-80 / 20)

/**
 * Cuts an engine's silence off both ends, leaving 15 ms before and 40 ms after, where soft consonants live. Throws an
 * `Error` if there are no samples, or one is not a finite number: it would silence a whole chapter.
 */
export function trimSilence(samples: Float32Array, sampleRate: number): Trimmed {
  if (samples.length === 0) throw new Error('There are no samples')
  const width = Math.max(1, Math.round(windowSeconds * sampleRate))
  const levels = windowLevels(samples, width)
  const threshold = Math.max(absoluteSilence, peakOf(levels) * silenceBelowLoudest)
  const first = levels.findIndex((level) => level > threshold)
  if (first < 0) return { samples: new Float32Array(0), start: 0 }
  const last = levels.findLastIndex((level) => level > threshold)
  const start = Math.max(0, first * width - Math.round(marginBefore * sampleRate))
  const end = Math.min(samples.length, (last + 1) * width + Math.round(marginAfter * sampleRate))
  const kept = samples.slice(start, end)
  fadeEnds(kept, Math.round(fadeSeconds * sampleRate))
  return { samples: kept, start }
}

/** Root mean square of each window of `width` samples; the last may be shorter. */
function windowLevels(samples: Float32Array, width: number): Float32Array {
  const levels = new Float32Array(Math.ceil(samples.length / width))
  for (let window = 0; window < levels.length; window++) {
    const end = Math.min(samples.length, (window + 1) * width)
    let sum = 0
    for (let i = window * width; i < end; i++) sum += samples[i]! ** 2
    // No sum of squares of finite samples overflows a double.
    if (!Number.isFinite(sum)) throw nonFiniteSample(samples)
    levels[window] = Math.sqrt(sum / (end - window * width))
  }
  return levels
}

function nonFiniteSample(samples: Float32Array): Error {
  const at = samples.findIndex((sample) => !Number.isFinite(sample))
  return new Error(`Sample ${at} is ${samples[at]}`)
}

/** A raised cosine at both ends, so that a cut through noise is not a click. */
function fadeEnds(samples: Float32Array, length: number): void {
  const fade = Math.min(length, samples.length >> 1)
  for (let i = 0; i < fade; i++) {
    const factor = 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / fade)
    samples[i]! *= factor
    samples[samples.length - 1 - i]! *= factor
  }
}
