import { calibrationTexts } from './calibration.ts'
import { narratedSeconds } from './voice-pace.ts'
import { spokenLetters } from './spoken-letters.ts'

/**
 * Letters a second of sound, pauses left out, over those of the calibration text with its pauses: 1.10 to 1.16 in
 * English, French, German and Mandarin.
 */
const soundingShare = 1.13

/** Seconds of sound that are too few and too many for a text. */
export interface LengthLimits {
  readonly least: number
  readonly most: number
}

/**
 * Limits at the common pace. What is said takes a part of the letters' time and `once`, whatever its length, as ends are
 * drawn out; of that, 900 sentences by Heart, Joe and eSpeak in four languages took 0.73 at least. A single word may be
 * shorter by `shortMargin`, less the longer it is. The longest is a part of the letters' time with a margin: 1,421
 * sentences of six novels by Heart took 1.45 at most.
 */
const paced = {
  perLetter: 0.92,
  once: 0.25,
  shortest: 0.65,
  shortMargin: 0.27,
  longest: 1.55,
  longMargin: 0.6,
}
/** Letters and digits a second of a voice whose pace is not known, with margins in seconds for single words. */
const unpaced = { slowest: 7, slowMargin: 0.8, fastest: 28, fastMargin: 0.1 }
/** Engines follow a speed only approximately. */
const speedMargin = 1.25
/** Letters that may be read out for a digit, and for a capital of a word that may be spelled. */
const lettersOfDigit = 5
const lettersOfCapital = 3

/**
 * Seconds of sound, without pauses, within which a text at this speed is. `language` (BCP 47): that of the voice if it
 * has the common pace, else `undefined`.
 */
export function lengthLimits(text: string, language: string | undefined, speed: number): LengthLimits {
  const rate = language === undefined ? undefined : lettersASecond(language)
  if (rate === undefined || hasOtherScript(text, language)) return unpacedLimits(text, speed, speedMargin)
  const letters = lettersOf(text)
  const expected = letters / (rate * speed)
  const spelled = (text.match(/\p{N}/gu)?.length ?? 0) * lettersOfDigit + capitalsOf(text) * lettersOfCapital
  const signs = (text.match(/[\p{S}&%@#/]/gu)?.length ?? 0) * 8
  const shortMargin = paced.shortMargin * Math.max(0, 1 - letters / rate)
  return {
    least: (paced.shortest * ((paced.perLetter * letters) / rate + paced.once) - shortMargin) / speed,
    most:
      paced.longest * (expected + (spelled + signs) / (rate * speed)) + paced.longMargin / Math.min(1, speed),
  }
}

/** The same for a voice of any pace. All of 93 sentences in three voices were within these at speed 1. */
export function unpacedLimits(text: string, speed = 1, margin = 1): LengthLimits {
  const [fewest, most] = spokenLetters(text)
  return {
    least: fewest / (unpaced.fastest * speed * margin) - unpaced.fastMargin,
    most: (most / (unpaced.slowest * speed)) * margin + unpaced.slowMargin / Math.min(1, speed),
  }
}

const rates = new Map<string, number | undefined>()

/** Letters a second of sound at the common pace; `undefined` for a language without a calibration text. */
function lettersASecond(language: string): number | undefined {
  if (!rates.has(language)) {
    const seconds = narratedSeconds(language)
    const [text = ''] = calibrationTexts(language)
    rates.set(language, seconds && (soundingShare * lettersOf(text)) / seconds)
  }
  return rates.get(language)
}

function lettersOf(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
}

/** The capitals of words in capitals, which may be an abbreviation or a number. */
function capitalsOf(text: string): number {
  return [...text.matchAll(/\p{Lu}[\p{Lu}.]*(?![\p{Ll}])/gu)].reduce(
    (sum, [word]) => sum + (word.length <= 8 ? word.length : 0),
    0,
  )
}

/** Whether it has letters that the language does not write with, which are read by name. */
function hasOtherScript(text: string, language: string | undefined): boolean {
  const [sample = ''] = calibrationTexts(language ?? '')
  const isLatin = /^\p{Script=Latin}/u.test(sample)
  return isLatin ? /(?!\p{Script=Latin})\p{L}/u.test(text) : /\p{Script=Latin}/u.test(text)
}
