const ascii = (text: string): number[] => Array.from(text, (char) => char.charCodeAt(0))

/** Signatures of formats that are mistaken for books: `[offset, bytes, name]`. */
const foreignFormats: readonly (readonly [offset: number, magic: readonly number[], what: string])[] = [
  [0, ascii('TPZ'), 'it is a Kindle book (Topaz)'],
  [0, [0xea, ...ascii('DRMION')], 'it is a Kindle book (KFX)'],
  [0, [0x89, ...ascii('PNG')], 'it is an image'],
  [0, [0xff, 0xd8, 0xff], 'it is an image'],
  [0, ascii('GIF8'), 'it is an image'],
  [8, ascii('WEBP'), 'it is an image'],
  [0, ascii('AT&TFORM'), 'it is a DjVu scan'],
  [0, [0xd0, 0xcf, 0x11, 0xe0], 'it is an old Word document'],
  [0, ascii('Rar!'), 'it is a RAR archive'],
  [0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'it is a 7-Zip archive'],
  [0, [0x1f, 0x8b], 'it is a gzip archive'],
  [0, ascii('ITSF'), 'it is a compiled help file'],
  [0, ascii('ID3'), 'it is an audio file'],
  [0, ascii('OggS'), 'it is an audio file'],
  [0, ascii('fLaC'), 'it is an audio file'],
  [4, ascii('ftyp'), 'it is an audio or video file'],
  [0, ascii('RIFF'), 'it is an audio or video file'],
  [0, [0x7f, ...ascii('ELF')], 'it is a program'],
  [0, ascii('MZ'), 'it is a program'],
]

/**
 * Names the format of a file that no reader is registered for, by its first bytes (a few kilobytes are enough), as a
 * clause for `novel.unreadable`. `undefined` if it may be plain text.
 */
export function foreignFormat(head: Uint8Array): string | undefined {
  for (const [offset, magic, what] of foreignFormats)
    if (hasMagicAt(head, offset, magic) && (magic.length > 2 || hasBinary(head))) return what
  return undefined
}

/** The first characters of a file of markup; of those beyond ASCII it does not matter what they are. */
export function markupStart(head: Uint8Array): string {
  const wide =
    head[0] === 0xff && head[1] === 0xfe
      ? 'utf-16le'
      : head[0] === 0xfe && head[1] === 0xff
        ? 'utf-16be'
        : 'latin1'
  return new TextDecoder(wide).decode(head.subarray(0, 4096)).replace(/^ï»¿/, '')
}

/** Whether the bytes begin as a zip file does: with a file's header, or with the end record if it is empty. */
export function isZip(head: Uint8Array): boolean {
  return hasMagicAt(head, 0, [0x50, 0x4b, 0x03, 0x04]) || hasMagicAt(head, 0, [0x50, 0x4b, 0x05, 0x06])
}

function hasMagicAt(bytes: Uint8Array, offset: number, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[offset + index] === byte)
}

/** Whether there are control bytes below tab: a two-byte signature proves nothing, a novel may begin with "MZ". */
function hasBinary(head: Uint8Array): boolean {
  return head.some((byte) => byte < 9)
}
