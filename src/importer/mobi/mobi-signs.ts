import type { FileSigns } from '../book-format.ts'

/** Whether a file is a MOBI or AZW3 book. */
export function isMobi({ head }: FileSigns): boolean {
  return new TextDecoder('latin1').decode(head.subarray(60, 68)) === 'BOOKMOBI'
}
