import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { languageName, primaryLanguage } from '../element/language-name.ts'

export interface HereGroup {
  /** Primary subtag. */
  readonly language: string
  readonly name: string
  readonly voices: readonly Voice[]
  /** Whether a natural voice is among them. */
  readonly natural: boolean
}

/**
 * The voices that are here, by language in the order given, the others behind it by name: the natural ones, and for a
 * shelf's language that has none the plain one that reads it. Voices on servers speak any language, and stand elsewhere.
 */
export function hereGroups(
  voices: readonly Voice[],
  { order, shelf }: { readonly order: readonly string[]; readonly shelf: ReadonlySet<string> },
): HereGroup[] {
  const own = voices.filter(({ source }) => source !== 'server')
  const place = (language: string): number => {
    const at = order.indexOf(language)
    return at < 0 ? order.length : at
  }
  return [...Map.groupBy(own, ({ language }) => primaryLanguage(language))]
    .flatMap(([language, members]) => {
      const natural = members.filter(({ neural }) => neural)
      const plain = shelf.has(language) ? members.filter((voice) => voice.default).slice(0, 1) : []
      const shown = natural.length > 0 ? natural : plain
      const group = { language, name: languageName(language), voices: shown, natural: natural.length > 0 }
      return shown.length > 0 ? [group] : []
    })
    .toSorted(
      (a, b) =>
        Number(shelf.has(b.language)) - Number(shelf.has(a.language)) ||
        place(a.language) - place(b.language) ||
        a.name.localeCompare(b.name, 'en'),
    )
}

/** The plain voices, by language and name. */
export function plainVoices(voices: readonly Voice[], search: string): Voice[] {
  const wanted = search.trim().toLowerCase()
  return voices
    .filter(({ neural, source }) => !neural && source === 'built-in')
    .filter(({ name, language }) => `${name} ${languageName(language)}`.toLowerCase().includes(wanted))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}
