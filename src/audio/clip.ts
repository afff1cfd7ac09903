import { frameSamples, sampleRate, type Clip, type WordTime } from '../novel/clip.ts'
import { decodeFrames } from './aac-decoder.ts'
import type { AacEncoder } from './aac-encoder.ts'
import { toAdts } from './adts.ts'
import { limitPeaks } from './limiter.ts'
import { resample } from './resample.ts'
import { amplify, peakOf, refuseBroken, trimSilence } from './samples.ts'
import { headSamples, leastTailSamples, limiterCeiling, peakCeiling } from './studio.ts'

/** A sound that does not come under the ceiling in so many is no voice. */
const mostAttempts = 5

/** What an engine made of a segment. */
export interface SpokenSamples {
  /** Mono, −1…1. */
  readonly samples: Float32Array
  readonly sampleRate: number
  /** Seconds from the first sample. */
  readonly words: readonly WordTime[]
}

export interface Placing {
  /** The voice's constant factor. */
  readonly gain: number
  /** Silence between this clip's speech and the next one's. */
  readonly pauseSeconds: number
}

/**
 * Makes a segment's clip of what an engine said: its own silence trimmed, at the studio's rate and loudness, peaks
 * limited, the pause after it, encoded so that clips join bit-exactly. Throws an `Error` if a sample is not a finite
 * number or all of them are silence.
 */
export function makeClip(speech: SpokenSamples, placing: Placing, encoder: AacEncoder): Clip {
  refuseBroken(speech.samples)
  const trimmed = trimSilence(speech.samples, speech.sampleRate)
  if (trimmed.samples.length === 0) throw new Error('The engine made nothing but silence')
  const resampled = resample(trimmed.samples, speech.sampleRate, sampleRate)
  const voiced = amplify(resampled, placing.gain)
  const frames = encodeLimited(voiced, framesFor(voiced.length, placing.pauseSeconds), encoder)
  return {
    adts: toAdts(frames),
    frameSizes: frames.map((frame) => frame.length),
    words: shiftWords(
      speech.words,
      headSamples / sampleRate - trimmed.start / speech.sampleRate,
      headSamples / sampleRate,
      (headSamples + voiced.length) / sampleRate,
    ),
  }
}

/**
 * The frames of a clip under the studio's ceiling. Coding noise adds to peaks: in 200 sentences of eight languages at
 * their gains 0.14 dB at most, so that the limiter's margin of 1 dB is plenty, and to listen to each would cost a seventh
 * of the encoder's time. Hiss pressed flat was seen to regain 4 dB: what has to be pressed by more than 3 dB is listened
 * to, and pressed further where it must be.
 */
function encodeLimited(voiced: Float32Array, frameCount: number, encoder: AacEncoder): Uint8Array[] {
  const pressed = peakOf(voiced) > limiterCeiling * 10 ** (3 / 20)
  const samples = new Float32Array(frameCount * frameSamples)
  let ceiling = limiterCeiling
  for (let attempt = 1; ; attempt++) {
    samples.set(limitPeaks(voiced, sampleRate, ceiling), headSamples)
    // The first frame is the encoder's priming; the clip's own head is as silent, so it is not missed.
    const frames = encoder.encode(samples).slice(1)
    if (!pressed || attempt === mostAttempts) return frames
    const peak = peakOf(decodeFrames(frames))
    if (peak <= peakCeiling) return frames
    ceiling *= (0.95 * peakCeiling) / peak
  }
}

/**
 * How many frames hold head, speech and pause. The head of the next clip is heard as part of the pause; what is left is
 * rounded to the nearest frame that leaves silence enough to join.
 */
function framesFor(speechSamples: number, pauseSeconds: number): number {
  const wanted = speechSamples + pauseSeconds * sampleRate
  const least = headSamples + speechSamples + leastTailSamples
  return Math.max(Math.round(wanted / frameSamples), Math.ceil(least / frameSamples))
}

/** Moves words by `shift` seconds and keeps them inside `[first, last]`: an engine may count its silence to a word. */
function shiftWords(words: readonly WordTime[], shift: number, first: number, last: number): WordTime[] {
  const inside = (seconds: number): number => Math.min(last, Math.max(first, seconds + shift))
  return words.map((word) => ({ ...word, from: inside(word.from), to: inside(word.to) }))
}
