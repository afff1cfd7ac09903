/** Audio container, detected by its first bytes; a server's Content-Type may be wrong. */
export type AudioContainer = 'wav' | 'mp3' | 'ogg' | 'flac' | 'adts' | 'm4a'

/** Detects the container; `undefined` if unknown, which may be raw PCM, text or noise. */
export function detectContainer(bytes: Uint8Array): AudioContainer | undefined {
  if (hasAscii(bytes, 0, 'RIFF') && hasAscii(bytes, 8, 'WAVE')) return 'wav'
  if (hasAscii(bytes, 0, 'OggS')) return 'ogg'
  if (hasAscii(bytes, 0, 'fLaC')) return 'flac'
  if (hasAscii(bytes, 4, 'ftyp')) return 'm4a'
  const start = afterId3(bytes)
  if (isFramed(bytes, start, adtsFrameBytes)) return 'adts'
  if (isFramed(bytes, start, mp3FrameBytes)) return 'mp3'
  // Other formats have no ID3 tag, so this is MP3 even if its first frame begins a little later.
  return start > 0 ? 'mp3' : undefined
}

/** Whether the bytes begin with text: UTF-8 without control characters, such as JSON and HTML. */
export function isText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 512)
  if (head.length === 0 || head.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13))
    return false
  try {
    // `stream`: the last character may be incomplete.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}

function hasAscii(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}

/** Byte offset of an ID3v2 tag's end, whose size is four bytes of seven bits; 0 if there is no tag. */
function afterId3(bytes: Uint8Array): number {
  if (!hasAscii(bytes, 0, 'ID3') || bytes.length < 10) return 0
  const size = (bytes[6]! << 21) | (bytes[7]! << 14) | (bytes[8]! << 7) | bytes[9]!
  return 10 + size
}

/**
 * Whether a frame begins at `at` and another follows it, or else the file ends there: a sync word alone is eleven bits,
 * which occur in raw PCM by chance.
 */
function isFramed(
  bytes: Uint8Array,
  at: number,
  frameBytes: (bytes: Uint8Array, at: number) => number,
): boolean {
  const length = frameBytes(bytes, at)
  if (length === 0) return false
  const next = at + length
  return next >= bytes.length ? next === bytes.length : frameBytes(bytes, next) > 0 || next + 4 > bytes.length
}

/** Length of the ADTS frame at `at`, header included; 0 if none begins there. ISO/IEC 14496-3, 1.A.2.2. */
function adtsFrameBytes(bytes: Uint8Array, at: number): number {
  if (at + 7 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xf6) !== 0xf0) return 0
  const rate = (bytes[at + 2]! >> 2) & 15
  const length = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5)
  return rate > 12 || length < 7 ? 0 : length
}

/** kb/s by index, MPEG-1 and MPEG-2, layer III: ISO/IEC 11172-3, 2.4.2.3 and 13818-3, 2.4.2.3. */
const bitRates = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
] as const
const sampleRates = [44_100, 48_000, 32_000] as const

/** Length of the MP3 frame at `at`, header included; 0 if none begins there. */
function mp3FrameBytes(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xe6) !== 0xe2) return 0
  // 3: MPEG-1, 2: MPEG-2 at half the rates, 0: MPEG-2.5 at a quarter of them.
  const version = (bytes[at + 1]! >> 3) & 3
  const rate = sampleRates[(bytes[at + 2]! >> 2) & 3]
  const bitRate = bitRates[version === 3 ? 0 : 1][bytes[at + 2]! >> 4]
  if (version === 1 || rate === undefined || !bitRate) return 0
  const divisor = version === 3 ? 1 : version === 2 ? 2 : 4
  const padding = (bytes[at + 2]! >> 1) & 1
  return Math.floor(((version === 3 ? 144_000 : 72_000) * bitRate * divisor) / rate) + padding
}
