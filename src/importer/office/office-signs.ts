import type { FileSigns } from '../book-format.ts'

/** Whether a file is a Word document (OOXML). */
export function isDocx({ names }: FileSigns): boolean {
  return names?.includes('word/document.xml') ?? false
}

const odtType = 'application/vnd.oasis.opendocument.text'

/** Whether a file is an OpenDocument text: its first file, which is not packed, says so. */
export function isOdt({ head, names }: FileSigns): boolean {
  if (!names?.includes('content.xml')) return false
  return new TextDecoder('latin1').decode(head.subarray(0, 160)).includes(odtType)
}
