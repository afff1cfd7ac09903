import { trimSilence } from '../../audio/samples.ts'
import { spokenLanguage } from '../../novel/voice.ts'
import type { Speech, SpeechEngine } from '../speech-engine.ts'
import { calibrationTexts, type VoiceToMeasure } from './calibration.ts'

/** Part of a clip's key: changed whenever the same voice would get another pace. */
export const paceRule = 'narrator-1'

/**
 * Long sentences, over which English pace is measured together with the short ones of the calibration text: eSpeak
 * lengthens the end of each, and over short ones alone would seem 12 % slower than in a novel.
 */
const longEnglish =
  'The house stood at the end of a narrow road, behind a wall that nobody had mended for many years. ' +
  'On the evening when our story begins, a light was burning in one of its upper windows, although the people of the village believed that it was empty. ' +
  'An old man, who had walked a long way through the rain, stopped before the gate and looked up at it without a word.'

/**
 * Duration of both texts at 160 words a minute, without the pauses between sentences. Heart speaks them in 25.83 s, and
 * needs a factor of 0.82 to read the beginnings of six chapters of Alice, Frankenstein, The Time Machine and War and
 * Peace, with the default pauses, at 160 words a minute overall (by default: 195).
 */
const englishSeconds = 31.5

/**
 * Syllables of the calibration texts as spelled out, and a narrator's syllables a second. The rates are those of people
 * reading the same texts in their languages (Pellegrino, Coupé and Marsico, "A cross-language perspective on speech
 * information rate", Language 87, 2011, table 3), all slowed in the ratio of English (6.19) to 160 words a minute.
 * Languages outside the eight have the mean of the seventeen of Coupé, Oh, Dediu and Pellegrino, "Different languages,
 * similar encoding efficiency", Science Advances 5, 2019. Arabic is omitted: eSpeak drops unwritten vowels.
 */
const languages: Readonly<Record<string, { readonly syllables: number; readonly rate?: number }>> = {
  cs: { syllables: 35 },
  da: { syllables: 35 },
  de: { syllables: 32, rate: 5.97 },
  el: { syllables: 46 },
  en: { syllables: 33, rate: 6.19 },
  es: { syllables: 44, rate: 7.82 },
  fi: { syllables: 38 },
  fr: { syllables: 35, rate: 7.18 },
  hi: { syllables: 36 },
  hu: { syllables: 43 },
  id: { syllables: 42 },
  it: { syllables: 41, rate: 6.99 },
  ja: { syllables: 45, rate: 7.84 },
  ko: { syllables: 45 },
  nl: { syllables: 30 },
  pl: { syllables: 36 },
  pt: { syllables: 43 },
  ro: { syllables: 43 },
  ru: { syllables: 41 },
  sv: { syllables: 35 },
  tr: { syllables: 38 },
  uk: { syllables: 44 },
  vi: { syllables: 26, rate: 5.22 },
  yue: { syllables: 28, rate: 5.18 },
  zh: { syllables: 28, rate: 5.18 },
}
const usualRate = 6.63
const englishRate = 6.19

/** Syllables a second of the English calibration text, as spoken by Heart with that factor. */
const narratedEnglish = 3.9

/** Limits of the factor: beyond half and double the measurement is wrong. */
const slowest = 0.5
const fastest = 2

/**
 * Factor on a voice's engine speed that gives all voices the same pace. English at 160 words a minute, other languages
 * by syllables; 1 for a language without data. Text and seed are fixed, so every process finds the same factor. Throws
 * when the engine fails or the speech is silent.
 */
export async function measurePace(
  engine: SpeechEngine,
  { voice, language, model }: VoiceToMeasure,
): Promise<number> {
  const english = spokenLanguage(language) === 'en'
  const targetSeconds = english ? englishSeconds : narratedSeconds(language)
  if (targetSeconds === undefined) return 1
  const [calibrationText = ''] = calibrationTexts(language)
  const text = english ? `${longEnglish} ${calibrationText}` : calibrationText
  let seconds = 0
  for (const [sentence] of text.matchAll(/[^.。।]+[.。।]/g)) {
    const speech = await engine.speak({ text: sentence.trim(), voice, speed: 1, seed: 'pace', model })
    const { samples } = trimSilence(speech.samples, speech.sampleRate)
    seconds += samples.length / speech.sampleRate
  }
  return clampPace(seconds / targetSeconds)
}

/** Like `measurePace`, from one recording of the calibration text. */
export function paceOfSpeech(speech: Pick<Speech, 'samples' | 'sampleRate'>, language: string): number {
  const targetSeconds = narratedSeconds(language)
  return targetSeconds === undefined ? 1 : clampPace(soundingSeconds(speech) / targetSeconds)
}

/** Target duration of a language's calibration text, without the pauses between sentences. */
export function narratedSeconds(language: string): number | undefined {
  const data = languages[spokenLanguage(language)]
  if (data === undefined) return undefined
  const { syllables, rate = usualRate } = data
  return syllables / ((narratedEnglish * rate) / englishRate)
}

function clampPace(pace: number): number {
  if (!(pace > 0)) throw new Error('it is silent')
  return Math.min(fastest, Math.max(slowest, Number(pace.toFixed(4))))
}

/** In seconds: pauses at commas are shorter, those between sentences longer. */
const leastPause = 0.3
const windowSeconds = 0.02
/** −40 dB relative to the loudest window. */
const silentPart = 0.01

/** Duration without the silence at both ends and the pauses between sentences. */
function soundingSeconds({ samples, sampleRate }: Pick<Speech, 'samples' | 'sampleRate'>): number {
  const { samples: trimmed } = trimSilence(samples, sampleRate)
  const width = Math.round(windowSeconds * sampleRate)
  const levels: number[] = []
  for (let from = 0; from < trimmed.length; from += width) {
    let energy = 0
    const to = Math.min(trimmed.length, from + width)
    for (let at = from; at < to; at++) energy += trimmed[at]! ** 2
    levels.push(Math.sqrt(energy / (to - from)))
  }
  const silent = levels.reduce((most, level) => Math.max(most, level), 0) * silentPart
  let [paused, silentWindows] = [0, 0]
  for (const level of [...levels, Infinity]) {
    if (level <= silent) {
      silentWindows++
      continue
    }
    if (silentWindows * windowSeconds >= leastPause) paused += silentWindows * windowSeconds
    silentWindows = 0
  }
  return trimmed.length / sampleRate - paused
}
