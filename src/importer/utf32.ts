/** Bytes that are looked at to tell it without a mark. */
const utf32SampleBytes = 4096
/** So few characters without a mark may be anything. */
const fewestBytes = 16

/** Whether these bytes are UTF-32: by its mark, or by the zeros that stand in each character at the same end. */
export function utf32Encoding(bytes: Uint8Array): 'utf-32le' | 'utf-32be' | undefined {
  if (bytes.length % 4 !== 0 || bytes.length < 4) return undefined
  const [a, b, c, d] = bytes
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return 'utf-32le'
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be'
  if (bytes.length < fewestBytes) return undefined
  const end = Math.min(bytes.length, utf32SampleBytes)
  let little = true
  let big = true
  for (let at = 0; at < end && (little || big); at += 4) {
    const [low, high] = [bytes[at] ?? 0, bytes[at + 3] ?? 0]
    // No character is beyond 0x10FFFF, and none of a text is zero.
    if (high !== 0 || (bytes[at + 2] ?? 0) > 0x10 || (low === 0 && bytes[at + 1] === 0)) little = false
    if (low !== 0 || (bytes[at + 1] ?? 0) > 0x10 || (high === 0 && bytes[at + 2] === 0)) big = false
  }
  if (little === big) return undefined
  return little ? 'utf-32le' : 'utf-32be'
}

/** UTF-32 as text; what is no character becomes U+FFFD. */
export function decodeUtf32(bytes: Uint8Array, encoding: 'utf-32le' | 'utf-32be'): string {
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
