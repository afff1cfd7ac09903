import type { VoiceFamily } from './installed-voice.ts'
import { isCostly, primarySubtag, spokenLanguage } from './voice.ts'

/** Best first. */
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
  /**
   * Path below the voice source: the URL path on the public host. An address of another host is taken as it is where the
   * source is an address of the public host, else as a path without `https://`.
   */
  readonly path: string
  /** Known for models only. */
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
  /** In the language itself. */
  readonly nativeName: string
  /** Display name. */
  readonly name: string
  readonly gender?: 'female' | 'male'
  readonly quality: VoiceQuality
  readonly speakers: number
  readonly files: readonly CatalogueFile[]
  /** Size of the model; the other files are negligible, but for a table or list of styles. */
  readonly bytes: number
  /** From the model card; absent if unknown without fetching the card. */
  readonly licence?: string
}

export interface CatalogueLanguage {
  /** Primary subtag, for all regions. */
  readonly tag: string
  readonly name: string
  readonly nativeName: string
  /** Number of voices. */
  readonly count: number
}

export interface CatalogueQuery {
  /** `en` matches all regions, `en-GB` only that one. */
  readonly language?: string | undefined
  /** Words; each must match the beginning of a word in the voice's data. */
  readonly search?: string | undefined
  /** Languages of the novels in the library. They sort first, in this order. */
  readonly libraryLanguages: readonly string[]
}

/**
 * The matching voices: the library's languages first, then by language name; within a language those that a small
 * machine speaks without trouble before the costly ones, whatever their quality, and then the best quality first.
 */
export function searchCatalogue(voices: readonly CatalogueVoice[], query: CatalogueQuery): CatalogueVoice[] {
  const rank = libraryRank(query.libraryLanguages)
  return voices
    .filter((voice) => query.language === undefined || matchesLanguage(voice, query.language))
    .filter((voice) => query.search === undefined || matchesSearch(voice, query.search))
    .toSorted(
      (a, b) =>
        rank(a.language) - rank(b.language) ||
        a.languageName.localeCompare(b.languageName, 'en') ||
        Number(isCostly(a.family)) - Number(isCostly(b.family)) ||
        voiceQualities.indexOf(a.quality) - voiceQualities.indexOf(b.quality) ||
        a.name.localeCompare(b.name, 'en') ||
        a.id.localeCompare(b.id, 'en'),
    )
}

/** The catalogue's languages with the number of voices each, in the order of `searchCatalogue`. */
export function catalogueLanguages(
  voices: readonly CatalogueVoice[],
  libraryLanguages: readonly string[],
): CatalogueLanguage[] {
  const rank = libraryRank(libraryLanguages)
  return [...Map.groupBy(voices, ({ language }) => primarySubtag(language))]
    .map(([tag, [first, ...others]]) => ({
      tag,
      name: first?.languageName ?? tag,
      nativeName: first?.nativeName ?? tag,
      count: 1 + others.length,
    }))
    .sort((a, b) => rank(a.tag) - rank(b.tag) || a.name.localeCompare(b.name, 'en'))
}

/** Rank of a language in the library; languages that are not in it rank last. */
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

/** Matches word beginnings, or "vi" would find Latvian. Chinese has no spaces, so Han characters match anywhere. */
function matchesSearch(voice: CatalogueVoice, search: string): boolean {
  const { id, name, language, languageName, nativeName, gender = '', quality } = voice
  const known = wordsOf([id, name, language, languageName, nativeName, gender, quality].join(' '))
  return wordsOf(search).every((word) =>
    known.some((one) => one.startsWith(word) || (/\p{Script=Han}/u.test(word) && one.includes(word))),
  )
}

/** Lower case, without diacritics: "francais" finds Français. */
function wordsOf(text: string): string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return plain.match(/[\p{L}\p{N}]+/gu) ?? []
}
