import type { VoiceFamily } from './installed-voice.ts'
import { primarySubtag, spokenLanguage } from './voice.ts'

/** From the best to the smallest. */
export const voiceQualities = ['high', 'medium', 'low', 'x_low'] as const

type VoiceQuality = (typeof voiceQualities)[number]

export interface Checksum {
  readonly algorithm: 'md5' | 'sha256'
  /** Lower case. */
  readonly hex: string
}

/** A file of a public voice. */
export interface CatalogueFile {
  readonly role: 'model' | 'config' | 'card'
  /** Below the source, whichever that is: the path after the public host's name. */
  readonly path: string
  /** Known of models only. */
  readonly bytes?: number
  readonly checksum?: Checksum
}

/** A public voice that can be installed. */
export interface CatalogueVoice {
  /** `piper:en_US-joe-medium`, `hibari:kore`. */
  readonly id: string
  readonly family: VoiceFamily
  /** BCP 47. */
  readonly language: string
  /** In English. */
  readonly languageName: string
  /** As its speakers call it. */
  readonly nativeName: string
  /** What people call the voice. */
  readonly name: string
  readonly gender?: 'female' | 'male'
  readonly quality: VoiceQuality
  readonly speakers: number
  readonly files: readonly CatalogueFile[]
  /** Of the model, beside which the other files are nothing. */
  readonly bytes: number
  /** As its card names it; left out where that is not known without asking for the card. */
  readonly licence?: string
}

export interface CatalogueLanguage {
  /** `en`: of all its regions. */
  readonly tag: string
  readonly name: string
  readonly nativeName: string
  /** Voices. */
  readonly count: number
}

export interface CatalogueQuery {
  /** `en` for every English, `en-GB` for that one. */
  readonly language?: string | undefined
  /** Words; each must begin a word of what is known of the voice. */
  readonly search?: string | undefined
  /** Of the novels that are there. They come first, in this order. */
  readonly libraryLanguages: readonly string[]
}

/** The voices that fit, the shelf's languages first, then by the language's name; within one the best quality first. */
export function searchCatalogue(voices: readonly CatalogueVoice[], query: CatalogueQuery): CatalogueVoice[] {
  const rank = libraryRank(query.libraryLanguages)
  return voices
    .filter((voice) => query.language === undefined || matchesLanguage(voice, query.language))
    .filter((voice) => query.search === undefined || matchesSearch(voice, query.search))
    .toSorted(
      (a, b) =>
        rank(a.language) - rank(b.language) ||
        a.languageName.localeCompare(b.languageName, 'en') ||
        voiceQualities.indexOf(a.quality) - voiceQualities.indexOf(b.quality) ||
        a.name.localeCompare(b.name, 'en') ||
        a.id.localeCompare(b.id, 'en'),
    )
}

/** The catalogue's languages with how many voices each has, in the order of `searchCatalogue`. */
export function catalogueLanguages(
  voices: readonly CatalogueVoice[],
  libraryLanguages: readonly string[],
): CatalogueLanguage[] {
  const place = libraryRank(libraryLanguages)
  return [...Map.groupBy(voices, ({ language }) => primarySubtag(language))]
    .map(([tag, [first, ...others]]) => ({
      tag,
      name: first?.languageName ?? tag,
      nativeName: first?.nativeName ?? tag,
      count: 1 + others.length,
    }))
    .sort((a, b) => place(a.tag) - place(b.tag) || a.name.localeCompare(b.name, 'en'))
}

/** Where a language stands on the shelf; behind all that stand there if it does not. */
function libraryRank(libraryLanguages: readonly string[]): (language: string) => number {
  const tags = [...new Set(libraryLanguages.map(spokenLanguage))]
  return (language) => {
    const at = tags.indexOf(spokenLanguage(language))
    return at < 0 ? tags.length : at
  }
}

function matchesLanguage(voice: CatalogueVoice, wanted: string): boolean {
  const [tag, language] = [wanted.replaceAll('_', '-').toLowerCase(), voice.language.toLowerCase()]
  return language === tag || language.startsWith(`${tag}-`)
}

/** Whole beginnings, or "vi" would find Latvian. Chinese has no spaces to begin a word after. */
function matchesSearch(voice: CatalogueVoice, search: string): boolean {
  const { id, name, language, languageName, nativeName, gender = '', quality } = voice
  const known = wordsOf([id, name, language, languageName, nativeName, gender, quality].join(' '))
  return wordsOf(search).every((word) =>
    known.some((one) => one.startsWith(word) || (/\p{Script=Han}/u.test(word) && one.includes(word))),
  )
}

/** In lower case and without accents: "francais" finds Français. */
function wordsOf(text: string): string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return plain.match(/[\p{L}\p{N}]+/gu) ?? []
}
