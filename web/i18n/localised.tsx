import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import type { ReactNode } from 'react'
import { I18nProvider as AriaLocale } from 'react-aria-components'
import { useLanguage } from './language.ts'

/** Everything below is in the page's language, and is drawn again when another is chosen. */
export function Localised({ children }: { readonly children: () => ReactNode }) {
  return (
    <I18nProvider i18n={i18n}>
      <AriaLocale locale={useLanguage()}>{children()}</AriaLocale>
    </I18nProvider>
  )
}
