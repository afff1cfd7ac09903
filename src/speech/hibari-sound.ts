import { fourier } from './fourier.ts'
import { pulseTrain } from './pulse-train.ts'
import { gaussianTable, seedNumber } from './seeded-noise.ts'

/** Raised whenever the same spectra would give other samples. */
export const soundVersion = 1

export const hibariSampleRate = 24_000
/** Samples from one frame to the next. */
export const hibariHop = 300

const size = 1200
const bins = size / 2 + 1
/** Frames read at a time: a cache line of each spectrum, which is stored bin by bin. */
const block = 16

/** What the network draws: `bins` rows of `f0.length` frames each, and the pitch in Hz. */
export interface HibariSpectra {
  readonly lh: Float32Array
  readonly theta: Float32Array
  readonly ln: Float32Array
  readonly lr: Float32Array
  readonly phi: Float32Array
  readonly f0: Float32Array
}

const plan = fourier(size)
const hann = Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size))
/** Squared Hann windows a quarter of their length apart add up to this. */
const overlap = 1.5
const synthesis = hann.map((value) => value / size / overlap)

/** e^x for x = −24 … 7 in steps of 1/64, read with linear interpolation (relative error 3·10⁻⁵). */
const expLow = -24
const expHigh = 7
const expSteps = 64
const exponential = table((expHigh - expLow) * expSteps, (index) => Math.exp(index / expSteps + expLow))

/** cos and sin of π·tanh θ for θ = −8 … 8 in steps of 1/128, in pairs (error 8·10⁻⁵). */
const turnHigh = 8
const turnSteps = 128
const turn = pairs(2 * turnHigh * turnSteps, (index) => Math.PI * Math.tanh(index / turnSteps - turnHigh))

/** cos and sin of 512 angles around the circle, in pairs (error 2·10⁻⁵). */
const circleSteps = 512
const circle = pairs(circleSteps, (index) => (2 * Math.PI * index) / circleSteps)
const stepsPerRadian = circleSteps / (2 * Math.PI)

const pairsRe = Array.from({ length: block / 2 }, () => new Float64Array(size))
const pairsIm = Array.from({ length: block / 2 }, () => new Float64Array(size))

/**
 * The sound of the hibari family at 24 kHz mono, `f0.length`·300 samples: pulses of the pitch, filtered, plus noise,
 * plus what is left: S = e^min(lh,7)·e^{iπ·tanh θ}·E + e^min(ln,7)·Z + e^min(lr,7)·e^{iφ}, where E is the STFT of the
 * pulses (Hann 1200, hop 300, divided by 300), Z is complex Gaussian noise drawn from `seed`, and the sound is the
 * inverse STFT of S. Two real frames share one complex transform.
 */
export function hibariSound(spectra: HibariSpectra, seed: string): Float32Array {
  const frames = spectra.f0.length
  const { samples: pulses, voiced } = pulseTrain(spectra.f0, size / 2)
  const sum = new Float64Array((frames - 1) * hibariHop + size)
  let random = seedNumber(seed)
  for (let from = 0; from < frames; from += block) {
    const count = Math.min(block, frames - from)
    analyse(pulses, voiced, from, count)
    random = filter(spectra, from, count, random)
    addFrames(sum, from, count)
  }
  return trimmed(sum, frames)
}

/** Fills the block's pairs with the transforms of the windowed pulses. */
function analyse(pulses: Float64Array, voiced: Uint8Array, from: number, count: number): void {
  const frames = voiced.length
  for (let pair = 0; 2 * pair < count; pair++) {
    const re = pairsRe[pair]!
    const im = pairsIm[pair]!
    const frame = from + 2 * pair
    if (!anyVoiced(voiced, frame - 2, frame + 2)) {
      re.fill(0)
      im.fill(0)
      continue
    }
    const start = frame * hibariHop
    if (frame + 1 < frames) {
      for (let n = 0; n < size; n++) {
        const window = hann[n]!
        re[n] = pulses[start + n]! * window
        im[n] = pulses[start + hibariHop + n]! * window
      }
    } else {
      for (let n = 0; n < size; n++) re[n] = pulses[start + n]! * hann[n]!
      im.fill(0)
    }
    plan.transform(re, im)
  }
}

function anyVoiced(voiced: Uint8Array, first: number, last: number): boolean {
  for (let frame = Math.max(first, 0); frame <= last; frame++) if (voiced[frame]) return true
  return false
}

/** Turns the block's pairs from E into S, both frames of a pair at once. Returns the generator's state. */
function filter(spectra: HibariSpectra, from: number, count: number, seed: number): number {
  const { lh, theta, ln, lr, phi } = spectra
  const frames = spectra.f0.length
  let random = seed
  for (let bin = 0; bin < bins; bin++) {
    const row = bin * frames + from
    const mirror = bin === 0 ? 0 : size - bin
    const real = bin === 0 || bin === bins - 1
    for (let pair = 0; 2 * pair < count; pair++) {
      const re = pairsRe[pair]!
      const im = pairsIm[pair]!
      const ar = re[bin]!
      const ai = im[bin]!
      const br = re[mirror]!
      const bi = im[mirror]!
      let s1r = 0
      let s1i = 0
      let s2r = 0
      let s2i = 0
      for (let second = 0; second < 2; second++) {
        const at = row + 2 * pair + second
        if (second === 1 && 2 * pair + 1 >= count) break
        // The two real frames' spectra come apart by the symmetry of each; both are divided by 2 and by the hop.
        const er = (second === 0 ? ar + br : ai + bi) / (2 * hibariHop)
        const ei = (second === 0 ? ai - bi : br - ar) / (2 * hibariHop)

        const gain = expOf(lh[at]!)
        let position = (theta[at]! + turnHigh) * turnSteps
        position =
          position < 0 ? 0 : position > 2 * turnHigh * turnSteps ? 2 * turnHigh * turnSteps : position
        let index = position | 0
        let part = position - index
        index *= 2
        const hr = gain * (turn[index]! + (turn[index + 2]! - turn[index]!) * part)
        const hi = gain * (turn[index + 1]! + (turn[index + 3]! - turn[index + 1]!) * part)

        const rest = expOf(lr[at]!)
        position = phi[at]! * stepsPerRadian
        const whole = Math.floor(position)
        part = position - whole
        index = (whole & (circleSteps - 1)) * 2
        const rr = rest * (circle[index]! + (circle[index + 2]! - circle[index]!) * part)
        const ri = rest * (circle[index + 1]! + (circle[index + 3]! - circle[index + 1]!) * part)

        const breath = expOf(ln[at]!)
        random ^= random << 13
        random ^= random >>> 17
        random ^= random << 5
        const sr = hr * er - hi * ei + breath * gaussianTable[random & 4095]! + rr
        const si = hr * ei + hi * er + breath * gaussianTable[(random >>> 12) & 4095]! + ri
        if (second === 0) {
          s1r = sr
          s1i = si
        } else {
          s2r = sr
          s2i = si
        }
      }
      if (real) {
        re[bin] = s1r
        im[bin] = s2r
      } else {
        re[bin] = s1r - s2i
        im[bin] = s1i + s2r
        re[mirror] = s1r + s2i
        im[mirror] = s2r - s1i
      }
    }
  }
  return random
}

function expOf(x: number): number {
  if (x >= expHigh) return exponential[(expHigh - expLow) * expSteps]!
  if (x <= expLow) return 0
  const position = (x - expLow) * expSteps
  const index = position | 0
  const low = exponential[index]!
  return low + (exponential[index + 1]! - low) * (position - index)
}

/** Back to samples, windowed and added to `sum`. */
function addFrames(sum: Float64Array, from: number, count: number): void {
  for (let pair = 0; 2 * pair < count; pair++) {
    const re = pairsRe[pair]!
    const im = pairsIm[pair]!
    plan.transform(im, re)
    const start = (from + 2 * pair) * hibariHop
    for (let n = 0; n < size; n++) sum[start + n]! += re[n]! * synthesis[n]!
    if (2 * pair + 1 >= count) continue
    for (let n = 0; n < size; n++) sum[start + hibariHop + n]! += im[n]! * synthesis[n]!
  }
}

/** Cuts the half window at both ends, where fewer than four windows overlap and the sum is divided by what they add up to. */
function trimmed(sum: Float64Array, frames: number): Float32Array {
  const half = size / 2
  const samples = Float32Array.from(sum.subarray(half, half + frames * hibariHop))
  for (let index = 0; index < samples.length; index++) {
    const position = index + half
    if (position >= size - hibariHop && position < frames * hibariHop) continue
    let weight = 0
    const last = Math.min(Math.floor(position / hibariHop), frames - 1)
    for (let frame = Math.max(0, last - 3); frame <= last; frame++) {
      const n = position - frame * hibariHop
      if (n < size) weight += hann[n]! ** 2
    }
    samples[index]! *= overlap / Math.max(weight, 1e-8)
  }
  return samples
}

function table(steps: number, value: (index: number) => number): Float32Array {
  return Float32Array.from({ length: steps + 2 }, (_, index) => value(index))
}

function pairs(steps: number, angle: (index: number) => number): Float32Array {
  return Float32Array.from({ length: 2 * (steps + 2) }, (_, index) => {
    const value = angle(index >> 1)
    return index % 2 === 0 ? Math.cos(value) : Math.sin(value)
  })
}
