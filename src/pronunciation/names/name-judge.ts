import { primarySubtag } from '../../novel/voice.ts'
import type { Espeak } from '../espeak/espeak.ts'
import { espeakMnemonics } from '../espeak/espeak-mnemonics.ts'
import { espeakVoiceNamed } from '../espeak/espeak-voices.ts'
import { withoutSwitches } from '../espeak/phonemizer.ts'
import { ipaOfArpabet } from './arpabet.ts'
import { espeakDictionary } from './espeak-dictionary.ts'
import {
  isForeignToVietnamese,
  languageOfName,
  type NameLanguage,
  nameVoices,
  soundsInEnglish,
} from './foreign-names.ts'
import { LetterPatterns } from './letter-patterns.ts'
import { soundDistance } from './sound-distance.ts'

/** What is known of how a name is said. */
export interface Judgement {
  /** How eSpeak says it now: IPA with stress; empty where it has no voice for the language. */
  readonly said: string
  /** 0 it is in a dictionary, and said so; 1 nothing supports how it is said. */
  readonly doubt: number
  readonly proposal?: Proposal
}

/** Another pronunciation, which may be the right one. */
export interface Proposal {
  readonly ipa: string
  /** Where it comes from: a dictionary of the novel's language, or the rules of the language that the name may be from. */
  readonly basis: 'dictionary' | NameLanguage
}

/** Added where eSpeak has no rules for a word. */
const switchedDoubt = 0.3
/** From this distance on a pronunciation is another one, and no accent. */
const otherwise = 0.3

/** Judges the names of a novel in one language. */
export class NameJudge {
  readonly #espeak: Espeak
  readonly #code: string
  readonly #voice: string | undefined
  readonly #known: ReadonlySet<string>
  readonly #patterns: LetterPatterns
  readonly #dictionary: Readonly<Record<string, string>>

  /** `words`: of the novel itself, in lower case: how its language is spelt. */
  static async open(espeak: Espeak, language: string, words: Iterable<string>): Promise<NameJudge> {
    const isEnglish = primarySubtag(language) === 'en'
    // 4.7 MB, of which nothing is needed for other languages.
    const dictionary = isEnglish ? (await import('cmu-pronouncing-dictionary')).dictionary : {}
    return new NameJudge(espeak, language, words, dictionary)
  }

  private constructor(
    espeak: Espeak,
    language: string,
    words: Iterable<string>,
    dictionary: Readonly<Record<string, string>>,
  ) {
    this.#espeak = espeak
    this.#code = primarySubtag(language)
    this.#voice = // The dictionary is American.
      (
        (this.#code === 'en' ? undefined : espeakVoiceNamed(espeak.voices, language)) ??
        espeakVoiceNamed(espeak.voices, this.#code)
      )?.code
    this.#known = espeakDictionary(this.#code)
    this.#patterns = new LetterPatterns(words)
    this.#dictionary = dictionary
  }

  /** Whether a word in lower case is in no dictionary of its language, nor spelt like its others. */
  isUnknown(word: string): boolean {
    if (this.#code === 'en')
      return (
        !this.#known.has(word) &&
        this.#entry(word) === undefined &&
        !isDerived(word, (one) => this.#entry(one) !== undefined)
      )
    return !this.#known.has(word) && this.#patterns.rarity(word) > 0.5
  }

  /** `titles`: words before it, in lower case. */
  judge(word: string, titles: readonly string[]): Judgement {
    const said = this.#voice === undefined ? '' : this.#sounds(word, this.#voice)
    const listed = this.#entry(word.toLowerCase())
    if (listed !== undefined) {
      const ipa = ipaOfArpabet(listed)
      const distance = said === '' ? 0 : soundDistance(said, ipa)
      if (distance < otherwise) return { said, doubt: distance / 2 }
      return { said, doubt: 0.4 + distance / 2, proposal: { ipa, basis: 'dictionary' } }
    }
    if (this.#known.has(word.toLowerCase())) return { said, doubt: 0.1 }
    const base = this.#code === 'en' ? 0.5 : 0.3
    const switched = this.#isSwitched(word) ? switchedDoubt : 0
    const doubt = Math.min(1, base + switched + this.#patterns.rarity(word) / 2)
    const proposal = this.#foreign(word, titles, said)
    return { said, doubt: proposal ? Math.min(1, doubt + 0.2) : doubt, ...(proposal && { proposal }) }
  }

  /** Whether eSpeak reads the word, or parts of it, by the rules of another language, or has none for its spelling. */
  #isSwitched(word: string): boolean {
    if (this.#code === 'en' || this.#voice === undefined) return false
    if (this.#code === 'vi' && isForeignToVietnamese(word)) return true
    return /\([a-z][a-z-]*\)/iu.test(this.#espeak.phonemes(word, this.#voice))
  }

  /** By the rules of another language, in the sounds of the novel's. */
  #foreign(word: string, titles: readonly string[], said: string): Proposal | undefined {
    const language = languageOfName(word, titles, this.#code)
    if (language === undefined || this.#voice === undefined) return undefined
    if (this.#code !== 'en') {
      const own = this.#sounds(word, nameVoices[language])
      const pronunciations = [{ start: 0, end: word.length, phonemes: own }]
      const ipa = plainSounds(this.#espeak.phonemes(word, this.#voice, pronunciations))
      return soundDistance(said, ipa) > 0.1 ? { ipa, basis: language } : undefined
    }
    const ipa = soundsInEnglish(this.#sounds(word, nameVoices[language]))
    const canBeSaid = espeakMnemonics(ipa) !== undefined
    return canBeSaid && soundDistance(said, ipa) > 0.1 ? { ipa, basis: language } : undefined
  }

  #sounds(word: string, voice: string): string {
    return plainSounds(this.#espeak.phonemes(word, voice))
  }

  #entry(word: string): string | undefined {
    const plain = word.replaceAll('’', "'")
    return (
      entryOf(this.#dictionary, plain) ??
      entryOf(this.#dictionary, plain.normalize('NFD').replaceAll(/\p{M}/gu, ''))
    )
  }
}

/** Without the names of languages that eSpeak switches to. */
function plainSounds(phonemes: string): string {
  return withoutSwitches(phonemes).replaceAll(/[_|]/gu, '').replaceAll(/\s+/gu, ' ').trim()
}

function entryOf(dictionary: Readonly<Record<string, string>>, word: string): string | undefined {
  return Object.hasOwn(dictionary, word) ? dictionary[word] : undefined
}

/** British spellings and endings of words that are known. */
const derivations: readonly (readonly [RegExp, string])[] = [
  [/our/u, 'or'],
  [/is(?=(?:e|ed|es|ing|ation|ations)$)/u, 'iz'],
  [/re$/u, 'er'],
  [/ll(?=(?:ed|ing|er)$)/u, 'l'],
  [/(?:s|es|ed|ing|ly|ness|less|er|est|ful|like|ship|ish|able|ment|th|eth|st|est)$/u, ''],
  [/(?:ed|ing|er|est|able|est|eth)$/u, 'e'],
  [/i(?:es|ed|er|est|ly|ness)$/u, 'y'],
  [/(.)\1(?:ed|ing|er|est|ish)$/u, '$1'],
  [/ly$/u, 'le'],
  [/^(?:un|re|in|over|out|under|mis|dis|be|fore|non|a)/u, ''],
]

function isDerived(word: string, isKnown: (word: string) => boolean): boolean {
  const once = derivations.map(([pattern, rest]) => word.replace(pattern, rest)).filter((one) => one !== word)
  if (once.some(isKnown)) return true
  return once.some((one) =>
    derivations.some(
      ([pattern, rest]) => one !== one.replace(pattern, rest) && isKnown(one.replace(pattern, rest)),
    ),
  )
}
