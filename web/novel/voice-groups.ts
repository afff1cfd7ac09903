import type { Voice } from '../../src/http/voice-contract.ts'
import { languageName, primaryLanguage } from '../element/language-name.ts'

export interface VoiceGroup {
  /** Primary subtag. */
  readonly language: string
  readonly name: string
  readonly voices: readonly Voice[]
}

/** Voices by language: the novel's own first, the others by name. Within a language neural voices come first. */
export function voiceGroups(voices: readonly Voice[], language: string, search = ''): VoiceGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = voices.filter((voice) => {
    const text =
      `${voice.name} ${languageName(voice.language)} ${voice.language} ${voice.engine} ${voice.gender ?? ''} ${voice.neural ? 'natural neural' : 'plain'}`.toLowerCase()
    return words.every((word) => (word === 'male' ? voice.gender === 'male' : text.includes(word)))
  })
  const own = primaryLanguage(language)
  return [...Map.groupBy(found, (voice) => primaryLanguage(voice.language))]
    .map(([primary, members]) => ({
      language: primary,
      name: languageName(primary),
      voices: members.toSorted(byQuality),
    }))
    .toSorted(
      (a, b) => Number(b.language === own) - Number(a.language === own) || a.name.localeCompare(b.name, 'en'),
    )
}

/** `Natural · American English · female`. */
export function voiceDetails(voice: Voice): string {
  return [voice.neural ? 'Natural' : 'Plain', languageName(voice.language), voice.gender]
    .filter(Boolean)
    .join(' · ')
}

function byQuality(a: Voice, b: Voice): number {
  return (
    Number(b.neural) - Number(a.neural) ||
    Number(b.default) - Number(a.default) ||
    a.name.localeCompare(b.name, 'en', { numeric: true })
  )
}
