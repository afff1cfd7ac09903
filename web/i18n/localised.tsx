import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { type ReactNode, useEffect } from 'react'
import { I18nProvider as AriaLocale } from 'react-aria-components/I18nProvider'
import { useListenerSettings } from '../listener/use-settings.ts'
import { giveAriaWords } from './aria-words.ts'
import { isLanguage, speakLanguage, useLanguage } from './language.ts'

giveAriaWords()

/** Everything below is in the page's language, and is drawn again when another is chosen. */
export function Localised({ children }: { readonly children: () => ReactNode }) {
  const [{ locale }] = useListenerSettings()
  useEffect(() => {
    // It may have been chosen on another device. What cannot be fetched now is fetched when the page is loaded again.
    if (isLanguage(locale) && locale !== i18n.locale) speakLanguage(locale).catch(() => undefined)
  }, [locale])
  return (
    <I18nProvider i18n={i18n}>
      <AriaLocale locale={useLanguage()}>{children()}</AriaLocale>
    </I18nProvider>
  )
}
