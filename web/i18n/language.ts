import { i18n, type Messages } from '@lingui/core'
import { useSyncExternalStore } from 'react'
import { recalledSettings } from '../listener/kept-settings.ts'

/** The languages of the page, each by its own name. */
export const languages = { en: 'English', vi: 'Tiếng Việt' } as const

export type Language = keyof typeof languages

type Catalogue = () => Promise<{ messages: Messages }>

/** Only the chosen one is loaded: what the page says first, and what is said in rooms that are entered later. */
const catalogues: Readonly<Record<Language, { readonly first: Catalogue; readonly rooms: Catalogue }>> = {
  en: { first: () => import('./locales/en/first.po'), rooms: () => import('./locales/en/rooms.po') },
  vi: { first: () => import('./locales/vi/first.po'), rooms: () => import('./locales/vi/rooms.po') },
}

/** Whether a room was entered, so that its words are wanted in whatever language is spoken. */
let inRooms = false
/** The language whose words of the rooms are loaded. */
let spokenInRooms: Language | undefined

/** The language that the listener chose, here or on another device, else the first of the browser's that the page has. */
export function preferredLanguage(wanted: readonly string[] = navigator.languages): Language {
  const { locale } = recalledSettings()
  const tags = locale === undefined ? wanted : [locale, ...wanted]
  return tags.map((tag) => tag.toLowerCase().split('-', 1)[0]).find(isLanguage) ?? 'en'
}

/** Loads a language's words and writes the page in it. Throws when they cannot be fetched; the page stays as it was. */
export async function speakLanguage(language: Language): Promise<void> {
  const { first, rooms } = catalogues[language]
  const messages = { ...(await first()).messages }
  // Asked now, as a room may have been entered meanwhile.
  const withRooms = inRooms
  if (withRooms) Object.assign(messages, (await rooms()).messages)
  document.documentElement.lang = language
  spokenInRooms = withRooms ? language : undefined
  i18n.loadAndActivate({ locale: language, messages })
}

/** Loads the words of the rooms, in the language that is spoken, unless they are here. Throws when they cannot be fetched. */
export async function speakInRooms(): Promise<void> {
  inRooms = true
  const language = i18n.locale as Language
  const { messages } = await catalogues[language].rooms()
  // Another one may have been chosen meanwhile. The whole page is drawn anew with what is loaded, so each is once.
  if (i18n.locale !== language || spokenInRooms === language) return
  spokenInRooms = language
  i18n.load(language, messages)
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
