import { i18n } from '@lingui/core'
import { t } from '@lingui/core/macro'

/** How the page writes a number: `2,000`, in Vietnamese `2.000`. */
export function figure(n: number, fractionDigits?: number): string {
  return n.toLocaleString(
    i18n.locale,
    fractionDigits === undefined
      ? {}
      : { minimumFractionDigits: fractionDigits, maximumFractionDigits: fractionDigits },
  )
}

/** `33 of 301`. */
export function partOf(done: number, total: number): string {
  return t`${figure(done)} of ${figure(total)}`
}
