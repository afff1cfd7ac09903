import { i18n, type Messages } from '@lingui/core'
import { useSyncExternalStore } from 'react'
import { recalledSettings } from '../listener/kept-settings.ts'

/** The languages of the page, each by its own name. */
export const languages = { en: 'English', vi: 'Tiếng Việt' } as const

export type Language = keyof typeof languages

/** Only the chosen one is loaded. */
const catalogues: Readonly<Record<Language, () => Promise<{ messages: Messages }>>> = {
  en: () => import('./locales/en.po'),
  vi: () => import('./locales/vi.po'),
}

/** The language that the listener chose, here or on another device, else the first of the browser's that the page has. */
export function preferredLanguage(wanted: readonly string[] = navigator.languages): Language {
  const { locale } = recalledSettings()
  const tags = locale === undefined ? wanted : [locale, ...wanted]
  return tags.map((tag) => tag.toLowerCase().split('-', 1)[0]).find(isLanguage) ?? 'en'
}

/** Loads a language's words and writes the page in it. Throws when they cannot be fetched; the page stays as it was. */
export async function speakLanguage(language: Language): Promise<void> {
  const { messages } = await catalogues[language]()
  document.documentElement.lang = language
  i18n.loadAndActivate({ locale: language, messages })
}

/** The language of the page; a component that asks is drawn again when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(
    (changed) => i18n.on('change', changed),
    () => i18n.locale as Language,
  )
}

export function isLanguage(tag: string | undefined): tag is Language {
  return tag !== undefined && Object.hasOwn(languages, tag)
}
