import { trimSilence } from '../../audio/samples.ts'
import { spokenLanguage } from '../../novel/voice.ts'
import { type VoiceToMeasure, calibrationTexts } from './calibration.ts'
import type { SpeechEngine, Speech } from '../speech-engine.ts'

/** Part of a clip's key: raised whenever the same voice would be given another pace. */
export const paceRule = 'narrator-1'

/**
 * Long sentences, which the pace of English is measured over together with the short ones of the calibration text: eSpeak
 * draws out the end of each, and over short ones alone would seem 12 % slower than it is in a novel.
 */
const longEnglish =
  'The house stood at the end of a narrow road, behind a wall that nobody had mended for many years. ' +
  'On the evening when our story begins, a light was burning in one of its upper windows, although the people of the village believed that it was empty. ' +
  'An old man, who had walked a long way through the rain, stopped before the gate and looked up at it without a word.'

/**
 * What both last at 160 words a minute, without the pauses between the sentences. Heart speaks them in 25.83 s, and needs
 * a factor of 0.82 to read six chapters' beginnings of Alice, Frankenstein, The Time Machine and War and Peace, with the
 * studio's pauses, at 160 words a minute all together (by herself: 195).
 */
const englishSeconds = 31.5

/**
 * Syllables of the calibration texts as they are written out, and how many of them a second a narrator speaks. The rates
 * are those of people who read the same texts in their languages (Pellegrino, Coupé and Marsico, "A cross-language
 * perspective on speech information rate", Language 87, 2011, table 3), all slowed down as the English ones are (6.19) by
 * 160 words a minute. Languages that are not among the eight have the mean of the seventeen of Coupé, Oh, Dediu and
 * Pellegrino, "Different languages, similar encoding efficiency", Science Advances 5, 2019. Arabic is left out: eSpeak
 * swallows the vowels that are not written.
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

/** Syllables a second of the English calibration text, as Heart speaks it at that factor. */
const narratedEnglish = 3.9

/** A voice is neither halved nor doubled: beyond that it is another voice, or the measure is wrong. */
const slowest = 0.5
const fastest = 2

/**
 * How many times faster than by itself a voice speaks when everybody speaks alike: what its engine's speed is multiplied
 * with. English at 160 words a minute, other languages by their syllables; 1 for a language that nothing is known of.
 * Text and seed are fixed, so every process finds the same. Throws when the engine cannot speak.
 */
export async function measurePace(
  engine: SpeechEngine,
  { voice, language, model }: VoiceToMeasure,
): Promise<number> {
  const english = spokenLanguage(language) === 'en'
  const wanted = english ? englishSeconds : narratedSeconds(language)
  if (wanted === undefined) return 1
  const [calibrationText = ''] = calibrationTexts(language)
  const text = english ? `${longEnglish} ${calibrationText}` : calibrationText
  let seconds = 0
  for (const [sentence] of text.matchAll(/[^.。।]+[.。।]/g)) {
    const speech = await engine.speak({ text: sentence.trim(), voice, speed: 1, seed: 'pace', model })
    const { samples } = trimSilence(speech.samples, speech.sampleRate)
    seconds += samples.length / speech.sampleRate
  }
  return clampPace(seconds / wanted)
}

/** The same of a voice that was only heard with its calibration text, as one sound. */
export function paceOfSpeech(speech: Pick<Speech, 'samples' | 'sampleRate'>, language: string): number {
  const wanted = narratedSeconds(language)
  return wanted === undefined ? 1 : clampPace(soundingSeconds(speech) / wanted)
}

/** What a language's calibration text lasts, without the pauses between its sentences. */
function narratedSeconds(language: string): number | undefined {
  const known = languages[spokenLanguage(language)]
  if (known === undefined) return undefined
  const { syllables, rate = usualRate } = known
  return syllables / ((narratedEnglish * rate) / englishRate)
}

function clampPace(pace: number): number {
  if (!(pace > 0)) throw new Error('it is silent')
  return Math.min(fastest, Math.max(slowest, Number(pace.toFixed(4))))
}

/** Pauses at commas are shorter than this, in seconds, and those between sentences longer. */
const leastPause = 0.3
const windowSeconds = 0.02
/** −40 dB below the loudest window. */
const silentPart = 0.01

/** Without the silence at both ends and the pauses between sentences. */
function soundingSeconds({ samples, sampleRate }: Pick<Speech, 'samples' | 'sampleRate'>): number {
  const { samples: kept } = trimSilence(samples, sampleRate)
  const width = Math.round(windowSeconds * sampleRate)
  const levels: number[] = []
  for (let from = 0; from < kept.length; from += width) {
    let energy = 0
    const to = Math.min(kept.length, from + width)
    for (let at = from; at < to; at++) energy += kept[at]! ** 2
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
  return kept.length / sampleRate - paused
}
