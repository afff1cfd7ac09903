import type { DoubtCode, DoubtReason } from '../../novel/clip-doubt.ts'
import type { Speech } from '../speech-engine.ts'
import { lengthLimits } from './expected-length.ts'
import { repeatedSeconds } from './repeated-sound.ts'
import { frameSeconds, soundFrames, type SoundFrames } from './sound-frames.ts'

/** What is known of the take's voice and text besides the samples. */
export interface Expected {
  readonly text: string
  /** 1: the common pace, or the voice's own. */
  readonly speed: number
  /** BCP 47, of a voice that speaks at the common pace; left out: its pace is not known. */
  readonly language?: string | undefined
  /** Whether it is a neural voice. One made by rules repeats itself exactly, and has silent consonants. */
  readonly neural: boolean
}

/** What the second ear finds in a take. */
export interface Heard {
  /** Why it cannot be used at all, for the log. */
  readonly unusable?: string
  /** What is suspicious; none: it is right. */
  readonly reasons: readonly DoubtReason[]
}

/** Energies below the loudest frame's: −40 dB is silence, −20 dB at an end is a cut, −26 dB beside a gap is a dropout. */
const silentPart = 1e-4
const cutPart = 1e-2
const besideGapPart = 2.5e-3
/** Speech with a peak below this (−50 dB) is silent. */
const silentPeak = 0.003
/** Good speech has 0.05 % at most of either. */
const limits = {
  clipped: 0.01,
  flat: 0.003,
  /** Seconds: 0.8 was the longest pause inside 2,400 sentences; Heart's own silence at an end is 0.7. */
  pause: 1.4,
  end: 2.5,
  /** Sound after the end of the last word. */
  tail: 0.3,
  /** Part of the last word that is not there. */
  missing: 0.1,
  /** Inside a sound. */
  gap: 0.025,
  /** Words a minute: a narrator has 160, an auctioneer 250. */
  wordsAMinute: 330,
}
/** A take this many times too long is no speech. */
const unusableLength = 4

/**
 * Listens to a take: what of it cannot be, or is not likely, for its text. Reads the samples once. Good speech is
 * suspected in less than one of a hundred takes.
 */
export function listen(
  speech: Pick<Speech, 'samples' | 'sampleRate' | 'words' | 'wordsAreEstimated'>,
  expected: Expected,
): Heard {
  const { samples, sampleRate } = speech
  // Estimated times end where the sound does, whatever is in it.
  const timed = { samples, sampleRate, words: speech.wordsAreEstimated ? [] : speech.words }
  if (samples.length === 0) return unusable('the speech is empty')
  const frames = soundFrames(samples, sampleRate)
  if (Number.isNaN(frames.peak)) return unusable('the speech is damaged: some samples are not numbers')
  if (frames.peak < silentPeak) return unusable('the speech is silent')
  const sound = soundOf(frames)
  const { text, speed, language, neural } = expected
  const slow = Math.min(1, speed)
  const { least, most } = lengthLimits(text, language, speed)
  if (sound.seconds > unusableLength * most)
    return unusable(`the speech is too long: ${sound.seconds.toFixed(1)} s of sound`)
  if (heldSeconds(frames, samples, sampleRate) > sound.seconds / 2)
    return unusable('the speech is damaged: its samples are all the same')
  const reasons: DoubtReason[] = []
  const doubt = (code: DoubtCode, value: number, limit: number): void => {
    reasons.push({ code, value: rounded(value), limit: rounded(limit) })
  }
  if (sound.seconds < least) doubt('too-short', sound.seconds, least)
  if (sound.seconds > most) doubt('too-long', sound.seconds, most)
  const rate = wordsAMinute(text, sound)
  if (rate > limits.wordsAMinute * Math.max(1, speed))
    doubt('fast', rate, limits.wordsAMinute * Math.max(1, speed))
  if (sound.pause > limits.pause / slow) doubt('silence', sound.pause, limits.pause / slow)
  else if (sound.end > limits.end / slow) doubt('silence', sound.end, limits.end / slow)
  if (frames.clipped > limits.clipped) doubt('clipped', frames.clipped, limits.clipped)
  else if (frames.flat > limits.flat) doubt('clipped', frames.flat, limits.flat)
  const gap = neural ? gapSeconds(frames, samples, sampleRate, sound.loudest) : 0
  if (gap > limits.gap) doubt('dropout', gap, limits.gap)
  const tail = tailSeconds(timed, sound)
  if (tail > limits.tail) doubt('tail', tail, limits.tail)
  const missing = missingSeconds(timed, sound, frames)
  if (missing !== undefined) doubt('cut-off', missing, limits.missing)
  const repeated = neural && !repeatsItself(text) ? repeatedSeconds(frames) : 0
  if (repeated > 0) doubt('repeat', repeated, 0)
  return { reasons }
}

function unusable(reason: string): Heard {
  return { unusable: reason, reasons: [] }
}

function rounded(value: number): number {
  return Number(value.toPrecision(3))
}

/** Where a take sounds, in seconds. */
interface Sound {
  readonly from: number
  readonly to: number
  /** Without silence. */
  readonly seconds: number
  /** The longest silence inside, and at an end. */
  readonly pause: number
  readonly end: number
  readonly loudest: number
}

function soundOf({ energies }: SoundFrames): Sound {
  let loudest = 0
  for (const energy of energies) if (energy > loudest) loudest = energy
  let [first, last, count, pause] = [-1, -1, 0, 0]
  for (let frame = 0; frame < energies.length; frame++) {
    if (energies[frame]! <= loudest * silentPart) continue
    if (first < 0) first = frame
    else pause = Math.max(pause, frame - last - 1)
    last = frame
    count++
  }
  return {
    from: first * frameSeconds,
    to: (last + 1) * frameSeconds,
    seconds: count * frameSeconds,
    pause: pause * frameSeconds,
    end: Math.max(first, energies.length - 1 - last) * frameSeconds,
    loudest,
  }
}

/** Of a text with spaces and at least four words; 0 for others. */
function wordsAMinute(text: string, { from, to }: Sound): number {
  const words = text.match(/[\p{L}\p{N}]+[\p{L}\p{N}\p{M}'’-]*/gu)?.length ?? 0
  return words < 4 ? 0 : (words * 60) / (to - from)
}

/** Seconds of loud samples of one value. */
function heldSeconds({ held }: SoundFrames, samples: Float32Array, sampleRate: number): number {
  let count = 0
  for (const { start, end } of held) if (Math.abs(samples[start]!) > silentPeak) count += end - start
  return count / sampleRate
}

/** The longest run of equal samples that breaks off a sound and lets it go on. */
function gapSeconds(
  { held, width }: SoundFrames,
  samples: Float32Array,
  sampleRate: number,
  loudest: number,
): number {
  let longest = 0
  for (const { start, end } of held) {
    const isInside =
      energyOf(samples, start - width, start) > loudest * besideGapPart &&
      energyOf(samples, end, end + width) > loudest * besideGapPart
    if (isInside) longest = Math.max(longest, (end - start) / sampleRate)
  }
  return longest
}

function energyOf(samples: Float32Array, from: number, to: number): number {
  if (from < 0 || to > samples.length) return 0
  let sum = 0
  for (let at = from; at < to; at++) sum += samples[at]! ** 2
  return sum / (to - from)
}

/** Sound after the last word; where the times of the words are not known, a steady hiss or hum at the end. */
function tailSeconds(
  { words, samples, sampleRate }: Pick<Speech, 'samples' | 'sampleRate' | 'words'>,
  sound: Sound,
): number {
  const last = words.at(-1)
  if (last !== undefined) return sound.to - last.to
  return steadySeconds(samples, sampleRate, sound)
}

/** Frames of 50 ms whose levels differ by less than this from the mean are steady: in dB. */
const steadyWithin = 1.5
const steadyFrame = 0.05

/** Seconds at the end whose level does not change: no speech is so even. */
function steadySeconds(samples: Float32Array, sampleRate: number, { to, from, loudest }: Sound): number {
  const width = Math.round(sampleRate * steadyFrame)
  let [sum, count] = [0, 0]
  let end = Math.min(samples.length, Math.round(to * sampleRate))
  // The frame in which the sound ends is not full.
  end -= Math.round(0.01 * sampleRate)
  while (end - width >= from * sampleRate) {
    const level = 10 * Math.log10(energyOf(samples, end - width, end) / loudest + 1e-9)
    if (count > 0 && Math.abs(level - sum / count) > steadyWithin) break
    sum += level
    count++
    end -= width
  }
  return count * steadyFrame
}

/**
 * Seconds of the last word that are missing, or 0 if the take ends in the middle of a sound; `undefined` if it is whole.
 */
function missingSeconds(
  { words, samples, sampleRate }: Pick<Speech, 'samples' | 'sampleRate' | 'words'>,
  sound: Sound,
  frames: SoundFrames,
): number | undefined {
  const last = words.at(-1)
  const seconds = samples.length / sampleRate
  if (last !== undefined) {
    if (last.to - seconds > limits.missing) return last.to - seconds
    if (last.from - sound.to > limits.missing) return last.to - sound.to
  }
  return energyOf(samples, samples.length - frames.width, samples.length) > sound.loudest * cutPart
    ? 0
    : undefined
}

/** Most words of a repeated phrase. */
const longestPhrase = 8

/** Whether a text says something twice in succession, as "No, no!". */
function repeatsItself(text: string): boolean {
  const words = text.toLowerCase().match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? []
  for (let length = 1; length <= longestPhrase; length++) {
    let same = 0
    for (let at = length; at < words.length; at++) {
      same = words[at] === words[at - length] ? same + 1 : 0
      if (same === length) return true
    }
  }
  return false
}

/** How wrong a take is: 0 if nothing is suspicious. Of two takes the lesser is kept. */
export function suspicion({ unusable: fault, reasons }: Pick<Heard, 'unusable' | 'reasons'>): number {
  if (fault !== undefined) return Infinity
  return reasons.reduce((sum, { value, limit }) => sum + 1 + excess(value, limit), 0)
}

function excess(value: number, limit: number): number {
  return limit > 0 && value > 0 ? Math.min(3, Math.abs(Math.log(value / limit))) : 0
}
