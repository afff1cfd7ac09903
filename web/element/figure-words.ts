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

/** `1 chapter`, `1,400 chapters`. */
export function counted(n: number, noun: string, plural = `${noun}s`): string {
  return `${figure(n)} ${n === 1 ? noun : plural}`
}

/** `1,248 of 2,000 chapters`; without a noun `33 of 301`. */
export function partOf(done: number, total: number, noun?: string): string {
  return noun === undefined
    ? t`${figure(done)} of ${figure(total)}`
    : `${figure(done)} of ${counted(total, noun)}`
}
