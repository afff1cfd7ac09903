import { i18n } from '@lingui/core'
import { t } from '@lingui/core/macro'

/** `time`: ISO 8601. */
export function linkGoodUntil(time: string): string {
  const until = new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(time),
  )
  return t`Good until ${until}.`
}
