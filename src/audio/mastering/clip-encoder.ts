import { type Clip, frameSamples, sampleRate, type WordTime } from '../../novel/clip.ts'
import { type AacEncoder, decodeFrames } from '../codec/aac.ts'
import { toAdts } from '../codec/adts.ts'
import { resample } from '../codec/ffmpeg.ts'
import {
  leadSamples,
  leastTailSamples,
  headSamples,
  limiterCeiling,
  peakCeiling,
} from '../mastering-settings.ts'
import { amplify, peakOf, trimSilence } from '../samples.ts'
import { limitPeaks } from './limiter.ts'

/** An engine's output for a segment. */
export interface EngineSamples {
  /** Mono, −1…1. */
  readonly samples: Float32Array
  readonly sampleRate: number
  /** Seconds from the first sample. */
  readonly words: readonly WordTime[]
}

export interface ClipOptions {
  /** The voice's constant linear gain. */
  readonly gain: number
  /** Silence before the speech in seconds, if more than joining clips requires. */
  readonly leadSeconds?: number | undefined
  /** Silence between this clip's speech and the next, in seconds. */
  readonly pauseSeconds: number
}

/**
 * Masters an engine's output into a clip: trims its silence, resamples it, brings it to the target loudness, limits
 * peaks, adds the pause and encodes so that clips join bit-exactly. Throws an `Error` if a sample is not finite or all
 * of them are silence.
 */
export function makeClip(speech: EngineSamples, options: ClipOptions, encoder: AacEncoder): Clip {
  const trimmed = trimSilence(speech.samples, speech.sampleRate)
  if (trimmed.samples.length === 0) throw new Error('The engine made nothing but silence')
  const resampled = resample(trimmed.samples, speech.sampleRate, sampleRate)
  const voiced = amplify(resampled, options.gain)
  const head = leadSamples(options.leadSeconds)
  const count = frameCountFor(head, voiced.length, options.pauseSeconds)
  const frames = encodeLimited(voiced, head, count, encoder)
  return {
    adts: toAdts(frames),
    frameSizes: frames.map((frame) => frame.length),
    words: shiftWords(
      speech.words,
      head / sampleRate - trimmed.start / speech.sampleRate,
      head / sampleRate,
      (head + voiced.length) / sampleRate,
    ),
  }
}

/**
 * Number of frames for head, speech and pause. The next clip's head is part of the pause; the rest is rounded to the
 * nearest frame that leaves enough silence for joining.
 */
function frameCountFor(head: number, speechSamples: number, pauseSeconds: number): number {
  const target = head - headSamples + speechSamples + pauseSeconds * sampleRate
  const least = head + speechSamples + leastTailSamples
  return Math.max(Math.round(target / frameSamples), Math.ceil(least / frameSamples))
}

/**
 * Shifts word times by `shift` seconds and clamps them to `[first, last]`: an engine may include its silence in a word.
 */
function shiftWords(words: readonly WordTime[], shift: number, first: number, last: number): WordTime[] {
  const inside = (seconds: number): number => Math.min(last, Math.max(first, seconds + shift))
  return words.map((word) => ({ ...word, from: inside(word.from), to: inside(word.to) }))
}

/** Audio that exceeds the ceiling after so many attempts is not speech. */
const maxAttempts = 5
/** Frames limited by more than 6 dB are decoded and checked, … */
const limitedAbove = limiterCeiling * 10 ** (6 / 20)
/** … and hiss less than 3 dB below the limiter's ceiling: it changes sign at more than a fifth of its samples. */
const hissAbove = limiterCeiling * 10 ** (-3 / 20)
const hissZeroCrossingRate = 0.2

/**
 * Encodes a clip below the peak ceiling: `frameCount` frames, the speech after `head` zeros. Coding noise adds to
 * peaks: in 700 sentences of Heart and eSpeak 0.31 dB at most at their gains and 0.80 dB at twice that, which the
 * limiter's headroom of 1 dB covers; loud hiss regained 6 dB. Decoding every clip would cost a seventh of encoding, so
 * only suspect frames are decoded, one in a hundred for these voices, and the whole clip is limited further if
 * necessary.
 */
function encodeLimited(
  voiced: Float32Array,
  head: number,
  frameCount: number,
  encoder: AacEncoder,
): Uint8Array[] {
  const suspects = suspectFrames(voiced, head)
  const samples = new Float32Array(frameCount * frameSamples)
  let ceiling = limiterCeiling
  for (let attempt = 1; ; attempt++) {
    samples.set(limitPeaks(voiced, sampleRate, ceiling), head)
    // Drops the encoder's priming frame: the clip's own head is just as silent.
    const frames = encoder.encode(samples).slice(1)
    if (attempt === maxAttempts) return frames
    const peak = decodedPeak(frames, suspects)
    if (peak <= peakCeiling) return frames
    ceiling *= (0.95 * peakCeiling) / peak
  }
}

/** Ascending indices of frames whose coding noise may exceed the ceiling. */
function suspectFrames(voiced: Float32Array, head: number): number[] {
  const suspects: number[] = []
  for (let start = 0; start < voiced.length;) {
    const frame = Math.floor((start + head) / frameSamples)
    const end = Math.min(voiced.length, (frame + 1) * frameSamples - head)
    const sound = voiced.subarray(start, end)
    const peak = peakOf(sound)
    if (peak > limitedAbove || (peak > hissAbove && zeroCrossingRate(sound) > hissZeroCrossingRate))
      suspects.push(frame)
    start = end
  }
  return suspects
}

/** Sign changes per sample. */
function zeroCrossingRate(samples: Float32Array): number {
  let changes = 0
  for (let i = 1; i < samples.length; i++) if (samples[i]! >= 0 !== samples[i - 1]! >= 0) changes++
  return changes / samples.length
}

/**
 * Peak of the given frames (ascending) and their neighbours after decoding: the transform, and its noise, spans two
 * frames. Each run of frames is decoded from the frame before it, which overlaps its first; all runs go through one
 * decoder, since opening one costs as much as ten frames.
 */
function decodedPeak(frames: readonly Uint8Array[], suspects: readonly number[]): number {
  const checked = new Set(suspects.flatMap((frame) => [frame - 1, frame, frame + 1]))
  const decoded = frames.flatMap((bytes, at) =>
    checked.has(at) || checked.has(at + 1) ? [{ at, bytes }] : [],
  )
  if (decoded.length === 0) return 0
  const samples = decodeFrames(decoded.map(({ bytes }) => bytes))
  let peak = 0
  for (const [index, { at }] of decoded.entries()) {
    if (!checked.has(at)) continue
    peak = Math.max(peak, peakOf(samples.subarray(index * frameSamples, (index + 1) * frameSamples)))
  }
  return peak
}
