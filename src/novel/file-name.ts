/** Most file systems allow 255 bytes of UTF-8; the rest is for numbers and extensions. */
const mostBytes = 180

/** Windows' reserved device names, invalid as file names with any extension. */
const windowsDeviceNames = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?=\.|$)/i

/**
 * A title as a file or folder name that is valid on every system, without an extension. Never contains a separator and
 * never begins with a point, which would hide it.
 */
export function fileName(title: string, nameless = 'untitled'): string {
  const plain = title
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cs}<>:"/\\|?*]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[. ]+/, '')
  const name = truncated(plain).replace(/[. ]+$/, '')
  return name === '' ? nameless : name.replace(windowsDeviceNames, '$&_')
}

/** Name of one file of a set, so that file managers sort them in order: `Name (02 of 12)`. */
export function partName(
  name: string,
  { number, of }: { readonly number: number; readonly of: number },
): string {
  return `${name} (${String(number).padStart(String(of).length, '0')} of ${of})`
}

/** Truncated between two graphemes. */
function truncated(text: string): string {
  if (Buffer.byteLength(text) <= mostBytes) return text
  let [short, bytes] = ['', 0]
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    bytes += Buffer.byteLength(segment)
    if (bytes > mostBytes) break
    short += segment
  }
  return short
}
