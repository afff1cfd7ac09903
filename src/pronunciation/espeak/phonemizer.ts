import type { Pronunciation } from '../../novel/pronunciation-annotations.ts'
import type { Espeak } from './espeak.ts'
import { alignGroups } from './phoneme-alignment.ts'
import { hasUnspacedScript, spokenWords, type TextWord, textWords } from './text-words.ts'

/** A word, or several fused words, with its phonemes: IPA with stress. */
export interface PhonemizedWord extends TextWord {
  readonly phonemes: string
}

/** Maximum of cached words with their phonemes in isolation; a long novel has 20,000. */
const maxCachedWords = 30_000

/** Rate for synthesis of which only the events are used: the library's fastest. */
const fastest = 450

/**
 * eSpeak as a phonemizer, word by word. Punctuation between the words is left to the caller. The library assigns
 * phonemes to words only during synthesis (1 to 2.5 ms per second of speech); conversion to phonemes only costs a
 * tenth of that, and the result is aligned with the words here. If the alignment is unreliable, the text is
 * synthesized.
 */
export class Phonemizer {
  readonly #espeak: Espeak
  readonly #code: string
  readonly #keepsUnits: boolean
  readonly #isolated = new Map<string, readonly string[]>()

  /**
   * `code`: the library's voice, such as `en-us`. `keepsUnits`: the library's phonemes are separated by `_`, so that a
   * diphthong can be distinguished from two vowels; not in texts that had to be synthesized.
   */
  constructor(espeak: Espeak, code: string, { keepsUnits = false } = {}) {
    this.#espeak = espeak
    this.#code = code
    this.#keepsUnits = keepsUnits
  }

  /** `pronunciations`: words with another pronunciation than the library's. */
  words(text: string, pronunciations: readonly Pronunciation[] = []): PhonemizedWord[] {
    return (
      this.matchedWords(text, pronunciations) ??
      this.#withTones(text, this.synthesizedWords(text, pronunciations), pronunciations)
    )
  }

  /** By alignment; `undefined` if the words cannot be separated reliably. */
  matchedWords(text: string, pronunciations: readonly Pronunciation[] = []): PhonemizedWord[] | undefined {
    if (hasUnspacedScript(text)) return undefined
    const words = textWords(text)
    const units = unitGroups(this.#espeak.phonemes(text, this.#code, pronunciations))
    const isolated = words.map(({ start, end }) =>
      this.#isolatedWord(text.slice(start, end), within(pronunciations, start, end)),
    )
    return alignGroups(isolated, units.map(withoutUnits))?.map((match) => ({
      start: words[match.words[0]]!.start,
      end: words[match.words[1] - 1]!.end,
      phonemes: this.#written(units.slice(...match.groups)),
    }))
  }

  /** By synthesis, from the library's events. */
  synthesizedWords(text: string, pronunciations: readonly Pronunciation[] = []): PhonemizedWord[] {
    const { events } = this.#espeak.synthesize(text, this.#code, fastest, pronunciations)
    return spokenWords(text, events).map(({ start, end, phonemes }) => ({
      start,
      end,
      phonemes: withoutSwitches(phonemes),
    }))
  }

  /**
   * The events of synthesis have neither tones (Chinese, Vietnamese) nor some lengths (Arabic); the converted phonemes
   * have both. Words that cannot be aligned with them are left unchanged.
   */
  #withTones(
    text: string,
    spoken: readonly PhonemizedWord[],
    pronunciations: readonly Pronunciation[],
  ): PhonemizedWord[] {
    const units = unitGroups(this.#espeak.phonemes(text, this.#code, pronunciations))
    const matches = alignGroups(
      spoken.map(({ phonemes }) => groupsOf(phonemes)),
      units.map(withoutUnits),
    )
    return (
      matches?.map((match) => ({
        start: spoken[match.words[0]]!.start,
        end: spoken[match.words[1] - 1]!.end,
        phonemes: this.#written(units.slice(...match.groups)),
      })) ?? [...spoken]
    )
  }

  #written(units: readonly string[]): string {
    return (this.#keepsUnits ? units : units.map(withoutUnits)).join(' ')
  }

  #isolatedWord(word: string, pronunciations: readonly Pronunciation[]): readonly string[] {
    const key = [
      word,
      ...pronunciations.map(({ start, end, phonemes }) => `${start} ${end} ${phonemes}`),
    ].join('\t')
    const cached = this.#isolated.get(key)
    if (cached !== undefined) return cached
    if (this.#isolated.size >= maxCachedWords) this.#isolated.clear()
    const groups = groupsOf(this.#espeak.phonemes(word, this.#code, pronunciations))
    this.#isolated.set(key, groups)
    return groups
  }
}

/** The pronunciations inside `[start, end)`, with offsets relative to `start`. */
function within(pronunciations: readonly Pronunciation[], start: number, end: number): Pronunciation[] {
  return pronunciations
    .filter((one) => one.start >= start && one.end <= end)
    .map((one) => ({ ...one, start: one.start - start, end: one.end - start }))
}

function groupsOf(phonemes: string): string[] {
  return unitGroups(phonemes).map(withoutUnits)
}

/** The groups with `_` between the library's phonemes. */
function unitGroups(phonemes: string): string[] {
  return withoutSwitches(phonemes)
    .split(/[ |]+/)
    .filter((group) => withoutUnits(group) !== '')
}

function withoutUnits(group: string): string {
  return group.replaceAll('_', '')
}

/** Removes language switches such as `(en)`, where a word is read by another language's rules. */
export function withoutSwitches(phonemes: string): string {
  return phonemes.replaceAll(/\([a-z][a-z-]*\)/gi, '')
}
