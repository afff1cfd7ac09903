import { t } from '@lingui/core/macro'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { languageName, primaryLanguage } from '../element/language-name.ts'
import { genderWords } from '../voices/voice-words.ts'
import { serverTitle } from '../voices/find-voice.ts'

export interface VoiceGroup {
  /** Primary subtag; of a server's voices, which speak any, its title. */
  readonly language: string
  readonly name: string
  readonly voices: readonly Voice[]
}

/**
 * Voices by language: the novel's own first, then those of speech servers under the server's title, the others by name.
 * Within a language neural voices come first.
 */
export function voiceGroups(voices: readonly Voice[], language: string, search = ''): VoiceGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = voices.filter((voice) => {
    const text =
      `${voice.name} ${languageName(voice.language)} ${voice.language} ${voice.engine} ${voice.gender ?? ''} ${voice.neural ? 'natural neural' : 'plain'} ${voiceDetails(voice)}`.toLowerCase()
    return words.every((word) => (word === 'male' ? voice.gender === 'male' : text.includes(word)))
  })
  const own = primaryLanguage(language)
  const rank = ({ language: of, voices: [first] }: VoiceGroup): number =>
    of === own ? 0 : first?.source === 'server' ? 1 : 2
  return [...Map.groupBy(found, groupOf)]
    .map(([group, members]) => ({
      language: group,
      name: members[0]?.source === 'server' ? group : languageName(group),
      voices: members.toSorted(byQuality),
    }))
    .toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en'))
}

/** The group in which a voice stands. */
export function groupOf(voice: Voice): string {
  return serverTitle(voice) ?? primaryLanguage(voice.language)
}

/** `Natural · American English · female`. */
export function voiceDetails(voice: Voice): string {
  if (voice.source === 'server') return t`Natural · any language that the server speaks`
  return [
    voice.neural ? t`Natural` : t`Plain`,
    languageName(voice.language),
    voice.gender && genderWords(voice.gender),
  ]
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

const qualities = ['x_low', 'low', 'medium', 'high']

/** The best quality first. */
function bestFirst(a: { quality?: string | undefined }, b: { quality?: string | undefined }): number {
  return qualities.indexOf(b.quality ?? '') - qualities.indexOf(a.quality ?? '')
}

/** The natural voice that is here for a language: the one that its novels get, else the best. */
export function naturalHere(voices: readonly Voice[], language: string): Voice | undefined {
  const own = primaryLanguage(language)
  const natural = voices.filter((voice) => voice.neural && primaryLanguage(voice.language) === own)
  return natural.find((voice) => voice.default) ?? natural.toSorted(bestFirst)[0]
}
