const whiteSpace = /[\s\u0085]+/g
const plainText =
  /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ufdff]*$/
const windows1252 = new TextDecoder('windows-1252')

/**
 * Text as blocks hold it: every run of white space one space, no control characters and none that cannot be seen (soft
 * hyphens, word joiners, direction marks). `&#146;` means what windows-1252 meant by it, as in every browser.
 */
export function cleanText(raw: string): string {
  if (plainText.test(raw) && !raw.includes('  ')) return raw
  return raw
    .replaceAll(whiteSpace, ' ')
    .replaceAll(/[\u0080-\u009f]/g, (char) => windows1252.decode(Uint8Array.of(char.charCodeAt(0))))
    .replaceAll(/[\p{Cc}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu, '')
}
