import type { Pronunciation } from '../../novel/pronunciation-annotations.ts'
import type { Espeak } from './espeak.ts'
import { alignGroups } from './phoneme-alignment.ts'
import { hasUnspacedScript, spokenWords, textWords, type TextWord } from './text-words.ts'

/** A word, or several that are run together, with its phonemes: IPA with stress. */
export interface PhonemizedWord extends TextWord {
  readonly phonemes: string
}

/** Words kept with the phonemes they have alone; a long novel has 20,000. */
const maxCachedWords = 30_000

/** The rate at which sound is made only to hear where its words are: the library's fastest. */
const fastest = 450

/**
 * eSpeak's phonemes, word by word. What stands between the words, punctuation above all, is for the caller to take from
 * the text. The library tells which word a phoneme belongs to only when it speaks (1 to 2.5 ms per second of speech); the
 * phonemes alone cost a tenth of that and are matched with the words here. Where that would be a guess, it speaks.
 */
export class Phonemizer {
  readonly #espeak: Espeak
  readonly #code: string
  readonly #alone = new Map<string, readonly string[]>()

  /** `code`: the library's voice, such as `en-us`. */
  constructor(espeak: Espeak, code: string) {
    this.#espeak = espeak
    this.#code = code
  }

  /** `pronunciations`: words that are said otherwise than the library would by itself. */
  words(text: string, pronunciations: readonly Pronunciation[] = []): PhonemizedWord[] {
    return (
      this.matchedWords(text, pronunciations) ??
      this.#withTones(text, this.synthesizedWords(text, pronunciations), pronunciations)
    )
  }

  /** The fast way; `undefined` where the words cannot be told apart for sure. */
  matchedWords(text: string, pronunciations: readonly Pronunciation[] = []): PhonemizedWord[] | undefined {
    if (hasUnspacedScript(text)) return undefined
    const words = textWords(text)
    const groups = groupsOf(this.#espeak.phonemes(text, this.#code, pronunciations))
    const alone = words.map(({ start, end }) =>
      this.#wordAlone(text.slice(start, end), within(pronunciations, start, end)),
    )
    return alignGroups(alone, groups)?.map((match) => ({
      start: words[match.words[0]]!.start,
      end: words[match.words[1] - 1]!.end,
      phonemes: groups.slice(...match.groups).join(' '),
    }))
  }

  /** The sure way: the library speaks and tells where it is. */
  synthesizedWords(text: string, pronunciations: readonly Pronunciation[] = []): PhonemizedWord[] {
    const { events } = this.#espeak.synthesize(text, this.#code, fastest, pronunciations)
    return spokenWords(text, events).map(({ start, end, phonemes }) => ({
      start,
      end,
      phonemes: withoutSwitches(phonemes),
    }))
  }

  /**
   * While it speaks the library tells neither tones (Chinese, Vietnamese) nor some lengths (Arabic); the phonemes alone
   * have both. Words that cannot be found again in them stay as they were heard.
   */
  #withTones(
    text: string,
    heard: readonly PhonemizedWord[],
    pronunciations: readonly Pronunciation[],
  ): PhonemizedWord[] {
    const groups = groupsOf(this.#espeak.phonemes(text, this.#code, pronunciations))
    const matches = alignGroups(
      heard.map(({ phonemes }) => groupsOf(phonemes)),
      groups,
    )
    return (
      matches?.map((match) => ({
        start: heard[match.words[0]]!.start,
        end: heard[match.words[1] - 1]!.end,
        phonemes: groups.slice(...match.groups).join(' '),
      })) ?? [...heard]
    )
  }

  #wordAlone(word: string, pronunciations: readonly Pronunciation[]): readonly string[] {
    const key = [
      word,
      ...pronunciations.map(({ start, end, phonemes }) => `${start} ${end} ${phonemes}`),
    ].join('\t')
    const known = this.#alone.get(key)
    if (known !== undefined) return known
    if (this.#alone.size >= maxCachedWords) this.#alone.clear()
    const groups = groupsOf(this.#espeak.phonemes(word, this.#code, pronunciations))
    this.#alone.set(key, groups)
    return groups
  }
}

/** Those that lie in `[start, end)`, with offsets from there. */
function within(pronunciations: readonly Pronunciation[], start: number, end: number): Pronunciation[] {
  return pronunciations
    .filter((one) => one.start >= start && one.end <= end)
    .map((one) => ({ ...one, start: one.start - start, end: one.end - start }))
}

function groupsOf(phonemes: string): string[] {
  return withoutSwitches(phonemes)
    .replaceAll('_', '')
    .split(/[ |]+/)
    .filter((group) => group !== '')
}

/** `(en)` and the like, where a word is read by another language's rules. */
function withoutSwitches(phonemes: string): string {
  return phonemes.replaceAll(/\([a-z][a-z-]*\)/gi, '')
}
