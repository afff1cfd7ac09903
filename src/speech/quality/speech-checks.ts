import type { Speech } from '../speech-engine.ts'

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
  const shortest = minLetters(text) / (fastest * speed * margin) - fastMargin
  const longest = (maxLetters(text) / (slowest * speed)) * margin + slowMargin / Math.min(1, speed)
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

/** Number of alphabetic letters that a character corresponds to when spoken: minimum and maximum. */
type LetterCount = readonly [fewest: number, most: number]

const letter: LetterCount = [1, 1]

/** Scripts whose characters are not about one sound each; the first match counts. */
const scripts: readonly (readonly [RegExp, LetterCount])[] = [
  // One syllable each; a rare character is read as "Chinese letter" or similar.
  [/\p{Script=Han}/u, [2.5, 5]],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, [1.2, 2.5]],
  [/\p{Script=Hangul}/u, [1.5, 3]],
  // Vowels are left out in writing.
  [/[\p{Script=Arabic}\p{Script=Hebrew}]/u, [0.8, 2.5]],
  [/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Georgian}]/u, letter],
]
/** The scripts of India and Indochina, Ethiopian and others: a consonant carries a vowel. */
const otherScript: LetterCount = [0.6, 3]

/** "7" is "seven" and "1,000,000" "a million". */
const digit: LetterCount = [0.7, 6]
/** Capitals may be spelled out ("BBC") or a number ("XVII"). */
const capital: LetterCount = [1, 4]
/** Letters unknown to a voice are read by name ("alpha", "Chinese letter"). */
const foreignLetter: LetterCount = [0.2, 12]
/** Signs that may be read out: "%", "&", "$", an emoji. */
const sign: LetterCount = [0, 8]

/** Minimum number of spoken letters of a text: without characters that a voice may skip. */
function minLetters(text: string): number {
  return countLetters(text)[0]
}

/** Maximum number of spoken letters of a text: with numbers read out and capitals spelled. */
function maxLetters(text: string): number {
  return countLetters(text)[1]
}

function countLetters(text: string): LetterCount {
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0
  const mostlyLatin = latin * 2 > (text.match(/\p{L}/gu)?.length ?? 0)
  const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)
  let [fewest, most] = [0, 0]
  for (const [word] of text.matchAll(/[\p{L}\p{M}]+|\p{N}|[\p{S}&%@#/]/gu)) {
    const shouted = word.length <= 6 && word === word.toUpperCase() && word !== word.toLowerCase()
    for (const character of word) {
      const [low, high] = lettersOf(character, shouted, mostlyLatin, japanese)
      fewest += low
      most += high
    }
  }
  return [fewest, most]
}

function lettersOf(
  character: string,
  shouted: boolean,
  mostlyLatin: boolean,
  japanese: boolean,
): LetterCount {
  if (/\p{N}/u.test(character)) return digit
  if (/\p{M}/u.test(character)) return [0, 1]
  if (!/\p{L}/u.test(character)) return sign
  if (/\p{Script=Latin}/u.test(character)) return mostlyLatin ? (shouted ? capital : letter) : [0.5, 3]
  if (mostlyLatin || (japanese && /\p{Script=Han}/u.test(character))) return foreignLetter
  return scripts.find(([pattern]) => pattern.test(character))?.[1] ?? otherScript
}
