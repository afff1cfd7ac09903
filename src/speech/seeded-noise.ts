import { createHash } from 'node:crypto'

/** The median of each of 4,096 equally likely intervals of the standard normal distribution. */
export const gaussianTable = Float32Array.from({ length: 4096 }, (_, index) => quantile((index + 0.5) / 4096))

/** Initial state of a xorshift generator: never 0, the same for the same text on every machine. */
export function seedNumber(seed: string): number {
  return createHash('sha256').update(seed).digest().readInt32LE(0) || 1
}

/** `length` values of standard normal noise, the same for the same seed. */
export function normalNoise(length: number, seed: string): Float32Array {
  const noise = new Float32Array(length)
  let random = seedNumber(seed)
  for (let index = 0; index < length; index += 2) {
    random = nextRandom(random)
    noise[index] = gaussianTable[random & 4095]!
    noise[index + 1] = gaussianTable[(random >>> 12) & 4095]!
  }
  return noise
}

/** `length` values uniform from 0 to 1, the same for the same seed. */
export function uniformNoise(length: number, seed: string): Float32Array {
  const noise = new Float32Array(length)
  let random = seedNumber(seed)
  for (let index = 0; index < length; index++) {
    random = nextRandom(random)
    noise[index] = (random >>> 8) / 2 ** 24
  }
  return noise
}

/** xorshift32 (Marsaglia, "Xorshift RNGs", 2003). */
function nextRandom(state: number): number {
  let random = state
  random ^= random << 13
  random ^= random >>> 17
  random ^= random << 5
  return random
}

/**
 * The inverse of the normal distribution function, by Acklam's rational approximation (relative error below 1.2·10⁻⁹;
 * P. J. Acklam, "An algorithm for computing the inverse normal cumulative distribution function", 2003).
 */
function quantile(p: number): number {
  if (p > 0.5) return -quantile(1 - p)
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p))
    return (
      (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) *
        q +
        4.374664141464968) *
        q +
        2.938163982698783) /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) *
        q +
        1)
    )
  }
  const q = p - 0.5
  const r = q * q
  return (
    ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
      2.506628277459239) *
      q) /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
      1)
  )
}
