import { targetLoudness } from '../mastering-settings.ts'

interface Biquad {
  readonly b: readonly [number, number, number]
  /** a₀ = 1 */
  readonly a: readonly [number, number]
}

/**
 * The two filters of ITU-R BS.1770-4, annex 1, at any rate: its tables are for 48 kHz, so these are derived from the
 * analog prototypes behind the tables (frequency, Q and gain as derived by libebur128), with the bilinear transform.
 */
export function kWeighting(sampleRate: number): readonly [Biquad, Biquad] {
  const shelf = { frequency: 1681.974450955533, q: 0.7071752369554196, gain: 3.999843853973347 }
  const k = Math.tan((Math.PI * shelf.frequency) / sampleRate)
  const high = 10 ** (shelf.gain / 20)
  const band = high ** 0.4996667741545416
  const a0 = 1 + k / shelf.q + k * k
  const highPass = { frequency: 38.13547087602444, q: 0.5003270373238773 }
  const h = Math.tan((Math.PI * highPass.frequency) / sampleRate)
  const c0 = 1 + h / highPass.q + h * h
  return [
    {
      b: [
        (high + (band * k) / shelf.q + k * k) / a0,
        (2 * (k * k - high)) / a0,
        (high - (band * k) / shelf.q + k * k) / a0,
      ],
      a: [(2 * (k * k - 1)) / a0, (1 - k / shelf.q + k * k) / a0],
    },
    { b: [1, -2, 1], a: [(2 * (h * h - 1)) / c0, (1 - h / highPass.q + h * h) / c0] },
  ]
}

/**
 * Integrated loudness of mono samples in LUFS, ITU-R BS.1770-4: blocks of 400 ms overlapping by three quarters, an
 * absolute gate at −70 LUFS and a relative gate 10 LU below the mean of the blocks that pass it. `-Infinity` if none
 * pass. Samples shorter than a block, which the standard does not cover, are one block.
 */
export function loudness(samples: Float32Array, sampleRate: number): number {
  const steps = stepPowers(samples, sampleRate)
  const blocks: number[] = []
  for (let i = 0; i + 4 <= steps.length; i++) {
    blocks.push((steps[i]! + steps[i + 1]! + steps[i + 2]! + steps[i + 3]!) / 4)
  }
  if (blocks.length === 0) blocks.push(steps.reduce((sum, power) => sum + power, 0) / steps.length)
  const audible = blocks.filter((power) => lufs(power) > -70)
  const gate = lufs(mean(audible)) - 10
  return lufs(mean(audible.filter((power) => lufs(power) > gate)))
}

/**
 * Linear gain that brings a voice, measured over a calibration text, to the target loudness. Throws an `Error` for
 * silence.
 */
export function normalizationGain(samples: Float32Array, sampleRate: number): number {
  const measured = loudness(samples, sampleRate)
  if (!Number.isFinite(measured)) throw new Error('Silence cannot be normalized to the target loudness')
  // Rounded to 0.01 dB, so that a difference in the last bit of an engine's arithmetic does not change the gain.
  return 10 ** (Math.round((targetLoudness - measured) * 100) / 100 / 20)
}

/**
 * Mean square of the K-weighted samples in each whole step of 100 ms; of all of them if they are shorter than a block.
 */
function stepPowers(samples: Float32Array, sampleRate: number): number[] {
  const [shelf, highPass] = kWeighting(sampleRate)
  const block = 0.4 * sampleRate
  const step = samples.length < block ? samples.length : block / 4
  const powers: number[] = []
  let [s1, s2, h1, h2, sum, counted] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!
    const y = shelf.b[0] * x + s1
    s1 = shelf.b[1] * x - shelf.a[0] * y + s2
    s2 = shelf.b[2] * x - shelf.a[1] * y
    const z = highPass.b[0] * y + h1
    h1 = highPass.b[1] * y - highPass.a[0] * z + h2
    h2 = highPass.b[2] * y - highPass.a[1] * z
    sum += z * z
    counted++
    if (i + 1 >= Math.round((powers.length + 1) * step)) {
      powers.push(sum / counted)
      sum = 0
      counted = 0
    }
  }
  return powers
}

/** BS.1770-4, formula 2, one channel. */
function lufs(power: number): number {
  return -0.691 + 10 * Math.log10(power)
}

function mean(powers: readonly number[]): number {
  return powers.length === 0 ? 0 : powers.reduce((sum, power) => sum + power, 0) / powers.length
}
