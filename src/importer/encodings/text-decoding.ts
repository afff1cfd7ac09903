import { analyse } from 'chardet'
import { decodeSingleByte, singleByteEncoding } from './single-byte-encodings.ts'

export interface Decoded {
  /** Without the byte order mark. */
  readonly text: string
  /** The label used by `TextDecoder`, or `utf-32le`, `ibm850` and similar ones that it does not support. */
  readonly encoding: string
}

/** Bytes examined for detection, which is linear; a book's first lines are representative. */
const sampleBytes = 64 * 1024

/**
 * Decodes a text file: byte order mark, NULs that indicate UTF-16, strict UTF-8, UTF-8 with a few broken bytes, then
 * statistical detection. `undefined` for binary data.
 */
export function decode(bytes: Uint8Array): Decoded | undefined {
  const widest = utf32Encoding(bytes)
  if (widest !== undefined) return { text: decodeUtf32(bytes, widest), encoding: widest }
  const marked = byteOrderMark(bytes)
  if (marked !== undefined) return { text: new TextDecoder(marked).decode(bytes), encoding: marked }
  const wide = wideEncoding(bytes)
  if (wide !== undefined) return { text: new TextDecoder(wide).decode(bytes), encoding: wide }
  if (isBinary(bytes)) return undefined
  const strict = decodeStrictly(bytes, 'utf-8')
  if (strict !== undefined) return { text: strict, encoding: 'utf-8' }
  return decodeDamagedUtf8(bytes) ?? detectEncoding(bytes)
}

/** Decodes a document of an EPUB: byte order mark, then strict UTF-8, then the XML declaration, then statistics. */
export function decodeXml(bytes: Uint8Array): Decoded {
  const widest = utf32Encoding(bytes)
  if (widest !== undefined) return { text: decodeUtf32(bytes, widest), encoding: widest }
  const marked = byteOrderMark(bytes) ?? wideEncoding(bytes)
  if (marked !== undefined) return { text: new TextDecoder(marked).decode(bytes), encoding: marked }
  // A declaration that contradicts valid UTF-8 is wrong: multi-byte sequences do not occur by chance.
  const strict = decodeStrictly(bytes, 'utf-8')
  if (strict !== undefined) return { text: strict, encoding: 'utf-8' }
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024))
  const declared =
    /<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)/i.exec(head) ?? /<meta[^>]*charset=["']?([\w.:-]+)/i.exec(head)
  const label = declared?.[1]?.toLowerCase()
  if (label !== undefined && !/^utf-?8$/.test(label)) {
    const text = decodeStrictly(bytes, label)
    if (text !== undefined) return { text, encoding: new TextDecoder(label).encoding }
  }
  return decodeDamagedUtf8(bytes) ?? detectEncoding(bytes)
}

function byteOrderMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

/** Detects UTF-16: spaces, line ends and Latin letters have a NUL in every second byte, always on the same side. */
function wideEncoding(bytes: Uint8Array): string | undefined {
  const length = Math.min(bytes.length, sampleBytes) & ~1
  let even = 0
  let odd = 0
  for (let index = 0; index < length; index += 2) {
    if (bytes[index] === 0) even += 1
    if (bytes[index + 1] === 0) odd += 1
  }
  if (even + odd < length / 200) return undefined
  if (odd > 10 * even) return 'utf-16le'
  if (even > 10 * odd) return 'utf-16be'
  return undefined
}

/** Whether more than one byte in two hundred is a NUL or a control character not used in text. */
function isBinary(bytes: Uint8Array): boolean {
  const length = Math.min(bytes.length, sampleBytes)
  let controls = 0
  for (let index = 0; index < length; index += 1) {
    const byte = bytes[index] as number
    if (byte === 0) return true
    // Text files contain tabs, line ends, form feeds, DOS end-of-file and the ISO-2022 escape.
    if (byte < 32 && !(byte >= 9 && byte <= 13) && byte !== 26 && byte !== 27) controls += 1
  }
  return controls > length / 200
}

function decodeStrictly(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Decodes UTF-8 that is truncated or has stray bytes: at most one broken place in a hundred. */
function decodeDamagedUtf8(bytes: Uint8Array): Decoded | undefined {
  const text = new TextDecoder('utf-8').decode(bytes)
  const broken = text.match(/\uFFFD+/g)?.length ?? 0
  const whole = text.match(/[\u0080-\uFFFC]/g)?.length ?? 0
  return broken * 100 <= whole ? { text, encoding: 'utf-8' } : undefined
}

/** Detects a single-byte encoding by language, else by the statistics of multi-byte encodings. */
function detectEncoding(bytes: Uint8Array): Decoded {
  const sample = nonAsciiLines(bytes)
  const single = singleByteEncoding(sample)
  if (single !== undefined) return { text: decodeSingleByte(bytes, single), encoding: single }
  for (const { name } of analyse(sample)) {
    if (/^(?:utf-|ascii)/i.test(name)) continue
    try {
      // The Encoding Standard decodes ISO-8859-1 as windows-1252, which is what its writers used.
      const decoder = new TextDecoder(name)
      return { text: decoder.decode(bytes), encoding: decoder.encoding }
    } catch {
      // An encoding that the Encoding Standard does not support: try the next guess.
    }
  }
  return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' }
}

/** The lines that contain non-ASCII bytes, up to the sample's size. */
function nonAsciiLines(bytes: Uint8Array): Uint8Array {
  const sample = new Uint8Array(Math.min(bytes.length, sampleBytes))
  let filled = 0
  for (let start = 0; start < bytes.length && filled < sample.length;) {
    const feed = bytes.indexOf(10, start)
    const end = feed < 0 ? bytes.length : feed + 1
    const line = bytes.subarray(start, Math.min(end, start + sample.length - filled))
    if (line.some((byte) => byte >= 0x80 || byte === 27)) {
      sample.set(line, filled)
      filled += line.length
    }
    start = end
  }
  return sample.subarray(0, filled)
}

/** Bytes examined to detect UTF-32 without a byte order mark. */
const utf32SampleBytes = 4096
/** Fewer bytes without a byte order mark are undecidable. */
const minBytes = 16

/** Detects UTF-32 by its byte order mark, or by the zero bytes at the same end of each character. */
function utf32Encoding(bytes: Uint8Array): 'utf-32le' | 'utf-32be' | undefined {
  if (bytes.length % 4 !== 0 || bytes.length < 4) return undefined
  const [a, b, c, d] = bytes
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return 'utf-32le'
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be'
  if (bytes.length < minBytes) return undefined
  const end = Math.min(bytes.length, utf32SampleBytes)
  let little = true
  let big = true
  for (let at = 0; at < end && (little || big); at += 4) {
    const [low, high] = [bytes[at] ?? 0, bytes[at + 3] ?? 0]
    // No character is beyond 0x10FFFF, and none in a text is zero.
    if (high !== 0 || (bytes[at + 2] ?? 0) > 0x10 || (low === 0 && bytes[at + 1] === 0)) little = false
    if (low !== 0 || (bytes[at + 1] ?? 0) > 0x10 || (high === 0 && bytes[at + 2] === 0)) big = false
  }
  if (little === big) return undefined
  return little ? 'utf-32le' : 'utf-32be'
}

/** Decodes UTF-32; invalid code points become U+FFFD. */
function decodeUtf32(bytes: Uint8Array, encoding: 'utf-32le' | 'utf-32be'): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = encoding === 'utf-32le'
  const chunks: string[] = []
  let codes: number[] = []
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, little)
    if (at === 0 && code === 0xfeff) continue
    codes.push(code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0xfffd : code)
    if (codes.length < 4096) continue
    chunks.push(String.fromCodePoint(...codes))
    codes = []
  }
  chunks.push(String.fromCodePoint(...codes))
  return chunks.join('')
}
