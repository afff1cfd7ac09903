/** Bytes in UTF-8 that most file systems take are 255; some of them are needed for numbers and endings. */
const mostBytes = 180

/** Names of devices, which Windows takes for no file, whatever ending they have. */
const windowsDeviceNames = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?=\.|$)/i

/**
 * A title as the name of a file or folder that every system takes, without an ending. It never holds a separator and
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

/** One of several files that belong together, as file managers put them in order: `Name (02 of 12)`. */
export function partName(
  name: string,
  { number, of }: { readonly number: number; readonly of: number },
): string {
  return `${name} (${String(number).padStart(String(of).length, '0')} of ${of})`
}

/** Cut where a character ends. */
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
