import type { Pronunciation } from '../novel/pronunciation-annotations.ts'
import type { PhonemizedWord } from './espeak/phonemizer.ts'

/** Turns a text into words with their sounds: eSpeak's IPA, or what a language's own front end writes. */
export interface WordPhonemizer {
  /** `pronunciations`: words with other sounds than its own. */
  words(text: string, pronunciations?: readonly Pronunciation[]): PhonemizedWord[]
}
