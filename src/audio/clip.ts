import { frameSamples, sampleRate, type Clip, type WordTime } from '../novel/clip.ts'
import type { AacEncoder } from './aac-encoder.ts'
import { toAdts } from './adts.ts'
import { encodeLimited } from './encode-limited.ts'
import { resample } from './resample.ts'
import { amplify, trimSilence } from './samples.ts'
import { headSamples, leastTailSamples } from './studio.ts'

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
