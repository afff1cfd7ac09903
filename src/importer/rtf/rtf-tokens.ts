/** What a Rich Text file consists of. */
export interface RtfHandler {
  open(): void
  close(): void
  /** A control word (`par`) or symbol (`*`, `~`), with its number if it has one. */
  control(word: string, value: number | undefined): void
  /** A byte of text in the encoding of its font. */
  byte(value: number): void
}

const [backslash, opening, closing, quote] = [0x5c, 0x7b, 0x7d, 0x27]
/** Control words are shorter. */
const longestWord = 40

/** Reads a Rich Text file (Microsoft's specification 1.9.1), whatever the bytes are. */
export function readRtfTokens(bytes: Uint8Array, handler: RtfHandler): void {
  let at = 0
  while (at < bytes.length) {
    const byte = bytes[at]!
    at += 1
    if (byte === opening) handler.open()
    else if (byte === closing) handler.close()
    else if (byte === backslash) at = readControl(bytes, at, handler)
    // Line ends only lay out the file.
    else if (byte !== 10 && byte !== 13 && byte !== 0) handler.byte(byte)
  }
}

/** Reads what follows a backslash at `at`; returns where it ends. */
function readControl(bytes: Uint8Array, at: number, handler: RtfHandler): number {
  const first = bytes[at]
  if (first === undefined) return at
  if (first === quote) {
    const value = Number.parseInt(String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0), 16)
    if (!Number.isNaN(value)) handler.byte(value)
    return at + 3
  }
  if (!isLetter(first)) {
    if (first === backslash || first === opening || first === closing) handler.byte(first)
    // A line end behind a backslash is one of a paragraph.
    else if (first === 10 || first === 13) handler.control('par', undefined)
    else handler.control(String.fromCharCode(first), undefined)
    return at + 1
  }
  let end = at
  while (end < bytes.length && end - at < longestWord && isLetter(bytes[end]!)) end += 1
  const word = String.fromCharCode(...bytes.subarray(at, end))
  const start = end
  if (bytes[end] === 0x2d) end += 1
  while (end < bytes.length && end - start < 12 && isDigit(bytes[end]!)) end += 1
  const digits = String.fromCharCode(...bytes.subarray(start, end))
  const value = /\d/.test(digits) ? Number(digits) : undefined
  // One space ends the control word and belongs to it.
  if (bytes[end] === 0x20) end += 1
  handler.control(word, value)
  return word === 'bin' && value !== undefined && value > 0 ? end + value : end
}

const isLetter = (byte: number): boolean => (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a)
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39
