import { spokenLanguage } from './voice.ts'

/**
 * UTF-16 units of text that a narrator reads in a second at speed 1, pauses between sentences included: 160 words a
 * minute in English with 5.7 units a word, spaces included. The others have the syllables a second of
 * `src/speech/quality/voice-pace.ts` times the units that a syllable is written with.
 */
const charactersPerSecond: Readonly<Record<string, number>> = {
  en: 15,
  de: 15,
  fr: 15,
  es: 15,
  it: 15,
  vi: 15.5,
  zh: 4.3,
  yue: 4.3,
  ja: 6.5,
  ko: 6,
  th: 12,
}
const usual = 14.5

/** The pace of a language of which nothing was measured: UTF-16 units a second at speed 1. */
export function typicalPace(language: string): number {
  return charactersPerSecond[spokenLanguage(language)] ?? usual
}

/** Seconds of speech per second of one place of a backend, where this machine has not spoken the voice yet. */
const speechPerSecondByEngine: Readonly<Record<string, number>> = {
  espeak: 150,
  hibari: 60,
  piper: 20,
  kokoro: 2,
  'kokoro-zh': 2,
  vieneu: 1.4,
  supertonic: 0.5,
  server: 4,
}

/** `voice`: its id, which begins with the engine's name. */
export function typicalSpeakingSpeed(voice: string): number {
  return speechPerSecondByEngine[voice.split(':', 1)[0] ?? ''] ?? 20
}
