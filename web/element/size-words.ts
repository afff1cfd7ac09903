import { t } from '@lingui/core/macro'
import { figure } from './figure-words.ts'

/** `63 MB`, `7.9 MB`, `4 kB`: as disks and downloads are counted, in thousands. */
export function sizeWords(bytes: number): string {
  const { scale, unit, digits } = measure(bytes)
  return `${figure(scale === 1e3 ? Math.ceil(bytes / scale) : bytes / scale, digits)} ${unit}`
}

/** `12 of 63 MB`, in the unit of the whole. */
export function partWords(done: number, total: number): string {
  const { scale, digits } = measure(total)
  return t`${figure(done / scale, digits)} of ${sizeWords(total)}`
}

function measure(bytes: number): { scale: number; unit: string; digits: number } {
  if (bytes <= 999_000) return { scale: 1e3, unit: 'kB', digits: 0 }
  if (bytes < 999.5e6) return { scale: 1e6, unit: 'MB', digits: bytes < 9.95e6 ? 1 : 0 }
  return { scale: 1e9, unit: 'GB', digits: 1 }
}
