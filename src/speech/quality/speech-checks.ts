import type { Speech } from '../speech-engine.ts'
import { unpacedLimits } from './expected-length.ts'

/** Length of a window in seconds. */
const stretchSeconds = 0.02
/** A window below this fraction of the loudest one (−40 dB) is silent. */
const silentPart = 0.01
/** Speech with a peak below this (−50 dB) is silent. */
const silentPeak = 0.003
/** Loud speech reaches ±1 in at most 0.05 % of its samples; speech eight times too loud, in 2 to 15 %. */
const clippedLevel = 0.98
const clippedPart = 0.01
/** Maximum length of a pause or of the silence at an end, in seconds. */
const longestSilence = 2.5

/**
 * Checks an engine's speech at speed 1 cheaply: returns a reason for the log, or `undefined` if it is acceptable. Good speech must
 * never be refused, so a word or two too few or too many pass.
 */
export function checkSpeech(
  { samples, sampleRate }: Pick<Speech, 'samples' | 'sampleRate'>,
  text: string,
): string | undefined {
  if (samples.length === 0) return 'the speech is empty'
  const measures = measureSpeech(samples, sampleRate)
  if (measures === undefined) return 'the speech is damaged: some samples are not numbers'
  if (measures.peak < silentPeak) return 'the speech is silent'
  if (measures.clipped > clippedPart)
    return `the speech is clipped in ${percent(measures.clipped)} of its samples`
  if (measures.longestSilence > longestSilence)
    return `the speech is silent for ${measures.longestSilence.toFixed(1)} s`
  const { least, most } = unpacedLimits(text)
  if (measures.seconds < least) return `the speech is too short: ${measures.seconds.toFixed(1)} s of sound`
  if (measures.seconds > most) return `the speech is too long: ${measures.seconds.toFixed(1)} s of sound`
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
