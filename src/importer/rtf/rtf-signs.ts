import type { FileSigns } from '../book-format.ts'

/** Whether a file is a Rich Text document. */
export function isRtf({ head }: FileSigns): boolean {
  return new TextDecoder('latin1').decode(head.subarray(0, 6)).startsWith('{\\rtf')
}
