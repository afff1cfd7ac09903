const blockSeconds = 0.002
/** Blocks on either side. */
const reach = 3
const releaseSeconds = 0.08

/**
 * Reduces the gain around each peak, from 12 ms before it, so that no sample's absolute value is above `ceiling` by
 * more than rounding; samples without such a peak are returned as they are.
 *
 * Each block of 2 ms has a required gain, `ceiling / their peak`. The minimum within ± 6 ms, released exponentially,
 * then averaged over ± 6 ms, is smooth and nowhere above its own block's required gain, which bounds every value in the
 * average.
 */
export function limitPeaks(samples: Float32Array, sampleRate: number, ceiling: number): Float32Array {
  const size = Math.max(1, Math.round(blockSeconds * sampleRate))
  const needs = requiredGains(samples, size, ceiling)
  if (!needs) return samples
  const held = slidingMinimum(needs, reach)
  release(held, 1 - Math.exp(-size / (releaseSeconds * sampleRate)))
  const gains = slidingMean(held, reach)
  return applyGains(samples, gains, size)
}

/** Required gain per block; `undefined` if no block needs limiting. */
function requiredGains(samples: Float32Array, size: number, ceiling: number): Float64Array | undefined {
  const needs = new Float64Array(Math.ceil(samples.length / size)).fill(1)
  let needed = false
  for (let block = 0; block < needs.length; block++) {
    const end = Math.min(samples.length, (block + 1) * size)
    let peak = 0
    for (let i = block * size; i < end; i++) {
      const value = Math.abs(samples[i]!)
      if (value > peak) peak = value
    }
    if (peak > ceiling) {
      needs[block] = ceiling / peak
      needed = true
    }
  }
  return needed ? needs : undefined
}

function slidingMinimum(values: Float64Array, distance: number): Float64Array {
  const result = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    let least = values[i]!
    const end = Math.min(values.length, i + distance + 1)
    for (let k = Math.max(0, i - distance); k < end; k++) if (values[k]! < least) least = values[k]!
    result[i] = least
  }
  return result
}

/** Instant attack, exponential release to 1; never above the input. */
function release(gains: Float64Array, share: number): void {
  let gain = 1
  for (let i = 0; i < gains.length; i++) {
    gain += (1 - gain) * share
    if (gain > 0.9999) gain = 1
    gain = Math.min(gains[i]!, gain)
    gains[i] = gain
  }
}

function slidingMean(values: Float64Array, distance: number): Float64Array {
  const result = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const start = Math.max(0, i - distance)
    const end = Math.min(values.length, i + distance + 1)
    let sum = 0
    for (let k = start; k < end; k++) sum += values[k]!
    result[i] = sum / (end - start)
  }
  return result
}

/** At block edges the lower of the two gains, interpolated linearly within a block. */
function applyGains(samples: Float32Array, gains: Float64Array, size: number): Float32Array {
  const result = samples.slice()
  const last = gains.length - 1
  for (let block = 0; block <= last; block++) {
    const own = gains[block]!
    const from = Math.min(own, gains[Math.max(0, block - 1)]!)
    const to = Math.min(own, gains[Math.min(last, block + 1)]!)
    if (from === 1 && to === 1) continue
    const start = block * size
    const end = Math.min(samples.length, start + size)
    const step = (to - from) / size
    for (let i = start; i < end; i++) {
      result[i]! *= from + step * (i - start)
    }
  }
  return result
}
