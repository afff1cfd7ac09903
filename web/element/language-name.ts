import { i18n } from '@lingui/core'
import { t } from '@lingui/core/macro'

const names = new Map<string, Intl.DisplayNames>()

/** Whoever asks often, a list of a hundred voices say, shall not make them anew. */
function namesIn(locale: string): Intl.DisplayNames {
  const made = names.get(locale) ?? new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' })
  names.set(locale, made)
  return made
}

/** Languages that have voices, and no name in the browser. */
const rare: Readonly<Record<string, string>> = {
  art: 'Pyash',
  hyw: 'Western Armenian',
  mto: 'Totontepec Mixe',
  nci: 'Classical Nahuatl',
  qdb: 'Lang Belta',
  qya: 'Quenya',
  sjn: 'Sindarin',
}

/**
 * `Vietnamese` for `vi`, `British English` for `en-GB`; a tag that nobody knows is told as one. Dialects have no names:
 * `en-GB-x-rp` is `British English`, `en-029` is `English`.
 */
export function languageName(tag: string): string {
  if (tag === '' || tag === 'und') return unknown('')
  try {
    const { language, script, region } = new Intl.Locale(tag)
    const country = region?.length === 2 ? region : undefined
    const whole = [language, script, country].filter(Boolean).join('-')
    return rare[language] ?? namesIn(i18n.locale).of(whole) ?? unknown(tag)
  } catch {
    return unknown(tag)
  }
}

/** `en` of `en-GB`. */
export function primaryLanguage(tag: string): string {
  return tag.toLowerCase().split(/[-_]/, 1)[0] ?? ''
}

/** Whether a tag has a name that people know. */
export function hasLanguageName(tag: string): boolean {
  const name = languageName(tag)
  return name !== unknown(tag) && name !== unknown('')
}

function unknown(tag: string): string {
  return tag === '' ? t`Language unknown` : t`Language “${tag}”`
}
