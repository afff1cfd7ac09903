/** The largest absolute value. */
export function peakOf(samples: Float32Array): number {
  let peak = 0
  for (let i = 0; i < samples.length; i++) {
    const value = Math.abs(samples[i]!)
    if (value > peak) peak = value
  }
  return peak
}

/** Multiplies every sample by a constant factor, in place: allocating a new buffer costs more. */
export function amplify(samples: Float32Array, gain: number): Float32Array {
  for (let i = 0; i < samples.length; i++) samples[i]! *= gain
  return samples
}

/** Concatenates arrays; a single one is returned itself, not copied. */
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

/** Converts −1…1 to 16-bit integers, rounded; values beyond ±1 are clipped. */
export function toInt16(samples: Float32Array): Int16Array {
  const rounded = new Int16Array(samples.length)
  for (let i = 0; i < samples.length; i++) {
    rounded[i] = Math.max(-32768, Math.min(32767, Math.round(samples[i]! * 32768)))
  }
  return rounded
}

export interface Trimmed {
  /** A copy, faded in and out over the trimmed margin. Empty if the input was silence. */
  readonly samples: Float32Array
  /** Number of samples trimmed before them. */
  readonly start: number
}

const windowSeconds = 0.005
const marginBefore = 0.015
const marginAfter = 0.04
const fadeSeconds = 0.005
/** Measured on Heart: its silence is 75 dB below its loudest 5 ms, an initial /h/ or a fading /s/ 30 to 50 dB. */
const silenceBelowLoudest = 10 ** (-55 / 20)
/** Below −80 dBFS everything is silence. */
const absoluteSilence = 10 ** (-80 / 20)

/**
 * Trims an engine's silence at both ends, keeping 15 ms before and 40 ms after for soft consonants. Throws an `Error`
 * if there are no samples, or one is not finite: it would silence a whole chapter.
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
  const trimmed = samples.slice(start, end)
  fadeEnds(trimmed, Math.round(fadeSeconds * sampleRate))
  return { samples: trimmed, start }
}

/** Root mean square of each window of `width` samples; the last may be shorter. */
function windowLevels(samples: Float32Array, width: number): Float32Array {
  const levels = new Float32Array(Math.ceil(samples.length / width))
  for (let window = 0; window < levels.length; window++) {
    const end = Math.min(samples.length, (window + 1) * width)
    let sum = 0
    for (let i = window * width; i < end; i++) sum += samples[i]! ** 2
    // A sum of squares of finite 32-bit floats cannot overflow a double.
    if (!Number.isFinite(sum)) throw nonFiniteSample(samples)
    levels[window] = Math.sqrt(sum / (end - window * width))
  }
  return levels
}

function nonFiniteSample(samples: Float32Array): Error {
  const at = samples.findIndex((sample) => !Number.isFinite(sample))
  return new Error(`Sample ${at} is ${samples[at]}`)
}

/** Raised-cosine fades at both ends, so that a cut through noise does not click. */
function fadeEnds(samples: Float32Array, length: number): void {
  const fade = Math.min(length, samples.length >> 1)
  for (let i = 0; i < fade; i++) {
    const factor = 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / fade)
    samples[i]! *= factor
    samples[samples.length - 1 - i]! *= factor
  }
}
