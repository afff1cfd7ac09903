import type { FileSigns } from '../book-format.ts'

/** Whether a file is a PDF, before whose first line other bytes may stand. */
export function isPdf({ head }: FileSigns): boolean {
  return new TextDecoder('latin1').decode(head.subarray(0, 1024)).includes('%PDF-')
}
