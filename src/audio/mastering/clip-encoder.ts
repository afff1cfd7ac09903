import { type Clip, frameSamples, sampleRate, type WordTime } from '../../novel/clip.ts'
import { type AacEncoder, decodeFrames } from '../codec/aac.ts'
import { toAdts } from '../codec/adts.ts'
import { resample } from '../codec/ffmpeg.ts'
import { headSamples, leastTailSamples, limiterCeiling, peakCeiling } from '../mastering-settings.ts'
import { amplify, peakOf, trimSilence } from '../samples.ts'
import { limitPeaks } from './limiter.ts'

/** What an engine made of a segment. */
export interface EngineSamples {
  /** Mono, −1…1. */
  readonly samples: Float32Array
  readonly sampleRate: number
  /** Seconds from the first sample. */
  readonly words: readonly WordTime[]
}

export interface ClipOptions {
  /** The voice's constant factor. */
  readonly gain: number
  /** Silence before the speech, where it is more than joins clips. */
  readonly leadSeconds?: number | undefined
  /** Silence between this clip's speech and the next one's. */
  readonly pauseSeconds: number
}

/**
 * Makes a segment's clip of what an engine said: its own silence trimmed, at the studio's rate and loudness, peaks
 * limited, the pause after it, encoded so that clips join bit-exactly. Throws an `Error` if a sample is not a finite
 * number or all of them are silence.
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

/** Zeros before the speech, in samples: whole frames, at least so many seconds. */
export function leadSamples(leadSeconds = 0): number {
  return Math.max(headSamples, Math.ceil((leadSeconds * sampleRate) / frameSamples) * frameSamples)
}

/**
 * How many frames hold head, speech and pause. The head of the next clip is heard as part of the pause; what is left is
 * rounded to the nearest frame that leaves silence enough to join.
 */
function frameCountFor(head: number, speechSamples: number, pauseSeconds: number): number {
  const wanted = head - headSamples + speechSamples + pauseSeconds * sampleRate
  const least = head + speechSamples + leastTailSamples
  return Math.max(Math.round(wanted / frameSamples), Math.ceil(least / frameSamples))
}

/** Moves words by `shift` seconds and keeps them inside `[first, last]`: an engine may count its silence to a word. */
function shiftWords(words: readonly WordTime[], shift: number, first: number, last: number): WordTime[] {
  const inside = (seconds: number): number => Math.min(last, Math.max(first, seconds + shift))
  return words.map((word) => ({ ...word, from: inside(word.from), to: inside(word.to) }))
}

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
function encodeLimited(
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
    if (peak > limitedAbove || (peak > hissAbove && zeroCrossingRate(sound) > hissZeroCrossingRate))
      doubtful.push(frame)
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
