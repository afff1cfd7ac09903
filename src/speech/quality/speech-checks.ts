import type { Speech } from '../speech-engine.ts'
import { spokenLetters } from './spoken-letters.ts'

/** Length of a window in seconds. */
const stretchSeconds = 0.02
/** A window below this fraction of the loudest one (−40 dB) is silent. */
const silentPart = 0.01
/** Speech with a peak below this (−50 dB) is silent. */
const silentPeak = 0.003
/** Loud speech reaches ±1 in at most 0.05 % of its samples; speech eight times too loud, in 2 to 15 %. */
const clippedLevel = 0.98
const clippedPart = 0.01
/** Maximum length of a pause or of the silence at an end, in seconds at speed 1. */
const longestSilence = 2.5

/**
 * Letters and digits per second of sounding speech: all of 93 sentences in three voices were between these. One-word
 * lines need the margins (seconds) below.
 */
const slowest = 7
const slowMargin = 0.8
const fastest = 28
const fastMargin = 0.1
/** Engines follow speeds other than 1 only approximately. */
const speedMargin = 1.25

/**
 * Checks an engine's speech cheaply: returns a reason for the log, or `undefined` if it is acceptable. Good speech must
 * never be refused, so a word or two too few or too many pass.
 */
export function checkSpeech(
  { samples, sampleRate }: Pick<Speech, 'samples' | 'sampleRate'>,
  text: string,
  speed = 1,
): string | undefined {
  if (samples.length === 0) return 'the speech is empty'
  const measures = measureSpeech(samples, sampleRate)
  if (measures === undefined) return 'the speech is damaged: some samples are not numbers'
  if (measures.peak < silentPeak) return 'the speech is silent'
  if (measures.clipped > clippedPart)
    return `the speech is clipped in ${percent(measures.clipped)} of its samples`
  if (measures.longestSilence > longestSilence / Math.min(1, speed))
    return `the speech is silent for ${measures.longestSilence.toFixed(1)} s`
  const margin = speed === 1 ? 1 : speedMargin
  const [fewest, most] = spokenLetters(text)
  const shortest = fewest / (fastest * speed * margin) - fastMargin
  const longest = (most / (slowest * speed)) * margin + slowMargin / Math.min(1, speed)
  if (measures.seconds < shortest) return `the speech is too short: ${measures.seconds.toFixed(1)} s of sound`
  if (measures.seconds > longest) return `the speech is too long: ${measures.seconds.toFixed(1)} s of sound`
  return undefined
}

interface SpeechMeasures {
  /** Largest absolute sample. */
  readonly peak: number
  /** Fraction of the samples that reach ±1, 0 to 1. */
  readonly clipped: number
  /** Duration without silence. */
  readonly seconds: number
  /** In seconds. */
  readonly longestSilence: number
}

/** `undefined` if a sample is not finite. */
function measureSpeech(samples: Float32Array, sampleRate: number): SpeechMeasures | undefined {
  const size = Math.round(sampleRate * stretchSeconds)
  const energies: number[] = []
  let [peak, clipped] = [0, 0]
  for (let from = 0; from < samples.length; from += size) {
    const to = Math.min(from + size, samples.length)
    let energy = 0
    for (let index = from; index < to; index++) {
      const level = Math.abs(samples[index]!)
      energy += level * level
      if (level > peak) peak = level
      if (level >= clippedLevel) clipped++
    }
    if (!Number.isFinite(energy)) return undefined
    energies.push(energy / (to - from))
  }
  const silent = Math.max(...energies) * silentPart ** 2
  let [sounding, longest, silentStretches] = [0, 0, 0]
  for (const energy of energies) {
    silentStretches = energy > silent ? 0 : silentStretches + 1
    longest = Math.max(longest, silentStretches)
    if (silentStretches === 0) sounding++
  }
  return {
    peak,
    clipped: clipped / samples.length,
    seconds: sounding * stretchSeconds,
    longestSilence: longest * stretchSeconds,
  }
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`
}
