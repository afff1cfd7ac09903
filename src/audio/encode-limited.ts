import { frameSamples, sampleRate } from '../novel/clip.ts'
import { decodeFrames } from './aac-decoder.ts'
import type { AacEncoder } from './aac-encoder.ts'
import { limitPeaks } from './limiter.ts'
import { peakOf } from './samples.ts'
import { limiterCeiling, peakCeiling } from './studio.ts'

/** A sound that does not come under the ceiling in so many is no voice. */
const maxAttempts = 5
/** What has to be pressed by more than 6 dB is listened to, … */
const limitedAbove = limiterCeiling * 10 ** (6 / 20)
/** … and what hisses less than 3 dB below the limiter's ceiling: it changes sign at more than a fifth of its samples. */
const hissAbove = limiterCeiling * 10 ** (-3 / 20)
const hissZeroCrossingRate = 0.2

/**
 * The frames of a clip under the studio's ceiling: `frameCount` of them, the voice behind `head` zeros. Coding noise adds to
 * peaks. In 700 sentences of Heart and eSpeak it added 0.31 dB at most at their gains, 0.80 dB at twice that, so that the
 * limiter's margin of 1 dB is plenty; loud hiss was seen to regain 6 dB. To listen to every clip would cost a seventh of
 * encoding, so only the frames are listened to where that can happen, one in a hundred of these voices, and the whole is
 * pressed further where it must be.
 */
export function encodeLimited(
  voiced: Float32Array,
  head: number,
  frameCount: number,
  encoder: AacEncoder,
): Uint8Array[] {
  const doubtful = suspectFrames(voiced, head)
  const samples = new Float32Array(frameCount * frameSamples)
  let ceiling = limiterCeiling
  for (let attempt = 1; ; attempt++) {
    samples.set(limitPeaks(voiced, sampleRate, ceiling), head)
    // The first frame is the encoder's priming; the clip's own head is as silent, so it is not missed.
    const frames = encoder.encode(samples).slice(1)
    if (attempt === maxAttempts) return frames
    const peak = decodedPeak(frames, doubtful)
    if (peak <= peakCeiling) return frames
    ceiling *= (0.95 * peakCeiling) / peak
  }
}

/** The frames of a clip, ascending, whose coding noise may take them over the ceiling. */
function suspectFrames(voiced: Float32Array, head: number): number[] {
  const doubtful: number[] = []
  for (let start = 0; start < voiced.length;) {
    const frame = Math.floor((start + head) / frameSamples)
    const end = Math.min(voiced.length, (frame + 1) * frameSamples - head)
    const sound = voiced.subarray(start, end)
    const peak = peakOf(sound)
    if (peak > limitedAbove || (peak > hissAbove && zeroCrossingRate(sound) > hissZeroCrossingRate)) doubtful.push(frame)
    start = end
  }
  return doubtful
}

/** How often the sign changes, of all samples. */
function zeroCrossingRate(samples: Float32Array): number {
  let changes = 0
  for (let i = 1; i < samples.length; i++) if (samples[i]! >= 0 !== samples[i - 1]! >= 0) changes++
  return changes / samples.length
}

/**
 * The loudest sample, absolute, that is heard of some frames, ascending, and of their neighbours: a transform reaches over
 * two frames, and so does its noise. Each stretch is decoded from the frame before it, half of which is heard in its
 * first; all stretches go through one decoder, since opening one costs as much as ten frames.
 */
function decodedPeak(frames: readonly Uint8Array[], doubtful: readonly number[]): number {
  const heard = new Set(doubtful.flatMap((frame) => [frame - 1, frame, frame + 1]))
  const decoded = frames.flatMap((bytes, at) => (heard.has(at) || heard.has(at + 1) ? [{ at, bytes }] : []))
  if (decoded.length === 0) return 0
  const samples = decodeFrames(decoded.map(({ bytes }) => bytes))
  let peak = 0
  for (const [index, { at }] of decoded.entries()) {
    if (!heard.has(at)) continue
    peak = Math.max(peak, peakOf(samples.subarray(index * frameSamples, (index + 1) * frameSamples)))
  }
  return peak
}
