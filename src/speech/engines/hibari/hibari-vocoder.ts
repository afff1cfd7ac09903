import { gaussianTable, seedNumber } from '../../seeded-noise.ts'
import { fourier } from './fourier.ts'
import { pulseTrain } from './pulse-train.ts'

/** Increased whenever the same spectra would give other samples. */
export const vocoderVersion = 1

export const hibariSampleRate = 24_000
/** Samples between frames. */
export const hibariHop = 300

const size = 1200
const bins = size / 2 + 1
/**
 * Frames per block. The spectra are stored bin by bin, so each bin's values for a block are read sequentially; 64 took
 * 12 % less time than 16.
 */
const block = 64

/** Output of the network: `bins` rows of `f0.length` frames each, and the pitch in Hz. */
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
/** Sum of squared Hann windows a quarter of their length apart. */
const overlap = 1.5
const synthesis = hann.map((value) => value / size / overlap)

/** e^x for x = −24 … 7 in steps of 1/64, read with linear interpolation (relative error 3·10⁻⁵). */
const expLow = -24
const expHigh = 7
const expSteps = 64
const exponential = Float64Array.from({ length: (expHigh - expLow) * expSteps + 2 }, (_, index) =>
  Math.exp(index / expSteps + expLow),
)

/** cos and sin of π·tanh θ for θ = −8 … 8 in steps of 1/128, in pairs (error 8·10⁻⁵). */
const turnHigh = 8
const turnSteps = 128
const turn = cosinesAndSines(
  2 * turnHigh * turnSteps,
  (index) => Math.PI * Math.tanh(index / turnSteps - turnHigh),
)

/** cos and sin of 512 angles around the circle, in pairs (error 2·10⁻⁵). */
const circleSteps = 512
const circle = cosinesAndSines(circleSteps, (index) => (2 * Math.PI * index) / circleSteps)
const stepsPerRadian = circleSteps / (2 * Math.PI)
/** Whole turns added so that every φ is positive before it is truncated to an index. */
const positiveTurns = 4096 * circleSteps

/** The block's frames in pairs: the first as real part of the samples, the second as imaginary part. */
const pairsRe = new Float64Array((block / 2) * size)
const pairsIm = new Float64Array((block / 2) * size)
const pairs = Array.from({ length: block / 2 }, (_, pair) => ({
  re: pairsRe.subarray(pair * size, (pair + 1) * size),
  im: pairsIm.subarray(pair * size, (pair + 1) * size),
}))
/** One bin's factor of E and the value added to it, for each frame of the block. */
const voiceRe = new Float64Array(block)
const voiceIm = new Float64Array(block)
const restRe = new Float64Array(block)
const restIm = new Float64Array(block)

/**
 * Synthesizes `f0.length`·300 samples at 24 kHz mono: filtered pulses of the pitch, plus noise, plus a residual: S =
 * e^min(lh,7)·e^{iπ·tanh θ}·E + e^min(ln,7)·Z + e^min(lr,7)·e^{iφ}, where E is the STFT of the pulses (Hann 1200, hop
 * 300, divided by 300), Z is complex Gaussian noise from `seed`, and the result is the inverse STFT of S. Two real
 * frames share one complex transform.
 */
export function synthesizeHibari(spectra: HibariSpectra, seed: string): Float32Array {
  const frames = spectra.f0.length
  const { samples: pulses, voiced } = pulseTrain(spectra.f0, size / 2)
  const sum = new Float64Array((frames - 1) * hibariHop + size)
  let random = seedNumber(seed)
  for (let from = 0; from < frames; from += block) {
    const count = Math.min(block, frames - from)
    analyse(pulses, voiced, from, count)
    for (let bin = 0; bin < bins; bin++) {
      random = draw(spectra, bin, from, count, random)
      filter(bin, count)
    }
    addFrames(sum, from, count)
  }
  return trimmed(sum, frames)
}

/** Fills the block's pairs with the transforms of the windowed pulses. */
function analyse(pulses: Float64Array, voiced: Uint8Array, from: number, count: number): void {
  const frames = voiced.length
  for (let pair = 0; 2 * pair < count; pair++) {
    const { re, im } = pairs[pair]!
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

/**
 * Fills one bin's factors and added values for the block's frames; the factors include E's division by the hop and the
 * 2 of its separation. Returns the generator's next state (xorshift32: Marsaglia, "Xorshift RNGs", 2003).
 */
function draw(spectra: HibariSpectra, bin: number, from: number, count: number, seed: number): number {
  const { lh, theta, ln, lr, phi } = spectra
  const row = bin * spectra.f0.length + from
  let random = seed
  for (let frame = 0; frame < count; frame++) {
    const at = row + frame
    const gain = expOf(lh[at]!) / (2 * hibariHop)
    const angle = theta[at]!
    let position =
      ((angle < -turnHigh ? -turnHigh : angle > turnHigh ? turnHigh : angle) + turnHigh) * turnSteps
    let index = position | 0
    let part = position - index
    index *= 2
    voiceRe[frame] = gain * (turn[index]! + (turn[index + 2]! - turn[index]!) * part)
    voiceIm[frame] = gain * (turn[index + 1]! + (turn[index + 3]! - turn[index + 1]!) * part)

    const rest = expOf(lr[at]!)
    const noise = expOf(ln[at]!)
    random ^= random << 13
    random ^= random >>> 17
    random ^= random << 5
    position = phi[at]! * stepsPerRadian + positiveTurns
    index = position | 0
    part = position - index
    index = (index & (circleSteps - 1)) * 2
    restRe[frame] =
      rest * (circle[index]! + (circle[index + 2]! - circle[index]!) * part) +
      noise * gaussianTable[random & 4095]!
    restIm[frame] =
      rest * (circle[index + 1]! + (circle[index + 3]! - circle[index + 1]!) * part) +
      noise * gaussianTable[(random >>> 12) & 4095]!
  }
  // A last unpaired frame shares its transform with silence.
  if (count % 2 === 1) voiceRe[count] = voiceIm[count] = restRe[count] = restIm[count] = 0
  return random
}

/**
 * Transforms one bin of the block's pairs from E to S. The spectra of a pair's two real signals are separated by their
 * symmetry, and combined again in the same way.
 */
function filter(bin: number, count: number): void {
  const real = bin === 0 || bin === bins - 1
  let at = bin
  let mirror = bin === 0 ? 0 : size - bin
  for (let frame = 0; frame < count; frame += 2, at += size, mirror += size) {
    const ar = pairsRe[at]!
    const ai = pairsIm[at]!
    const br = pairsRe[mirror]!
    const bi = pairsIm[mirror]!
    const e1r = ar + br
    const e1i = ai - bi
    const e2r = ai + bi
    const e2i = br - ar
    const s1r = voiceRe[frame]! * e1r - voiceIm[frame]! * e1i + restRe[frame]!
    const s1i = voiceRe[frame]! * e1i + voiceIm[frame]! * e1r + restIm[frame]!
    const s2r = voiceRe[frame + 1]! * e2r - voiceIm[frame + 1]! * e2i + restRe[frame + 1]!
    const s2i = voiceRe[frame + 1]! * e2i + voiceIm[frame + 1]! * e2r + restIm[frame + 1]!
    pairsRe[at] = real ? s1r : s1r - s2i
    pairsIm[at] = real ? s2r : s1i + s2r
    if (real) continue
    pairsRe[mirror] = s1r + s2i
    pairsIm[mirror] = s2r - s1i
  }
}

function expOf(x: number): number {
  const position = ((x < expLow ? expLow : x > expHigh ? expHigh : x) - expLow) * expSteps
  const index = position | 0
  return exponential[index]! + (exponential[index + 1]! - exponential[index]!) * (position - index)
}

/** Inverse transform, windowed and added to `sum`. */
function addFrames(sum: Float64Array, from: number, count: number): void {
  for (let pair = 0; 2 * pair < count; pair++) {
    const { re, im } = pairs[pair]!
    plan.transform(im, re)
    const start = (from + 2 * pair) * hibariHop
    for (let n = 0; n < size; n++) sum[start + n]! += re[n]! * synthesis[n]!
    if (2 * pair + 1 >= count) continue
    for (let n = 0; n < size; n++) sum[start + hibariHop + n]! += im[n]! * synthesis[n]!
  }
}

/** Trims the half window at both ends, where fewer than four windows overlap, and divides by the sum of the windows. */
function trimmed(sum: Float64Array, frames: number): Float32Array {
  const half = size / 2
  const samples = new Float32Array(sum.subarray(half, half + frames * hibariHop))
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

function cosinesAndSines(steps: number, angle: (index: number) => number): Float32Array {
  return Float32Array.from({ length: 2 * (steps + 2) }, (_, index) => {
    const value = angle(index >> 1)
    return index % 2 === 0 ? Math.cos(value) : Math.sin(value)
  })
}
