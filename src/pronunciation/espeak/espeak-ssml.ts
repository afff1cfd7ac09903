/** Phonemes for `[start, end)` of a text, by the library's names. */
export interface NamedPronunciation {
  readonly start: number
  readonly end: number
  readonly names: string
}

/**
 * Converts a text to SSML, the library's input. `[[` would begin a phoneme code, and "asterisk" and "colon" would be
 * read out where a book marks a break or an aside. The library counts positions in code points of its input; `offsets`
 * maps them to the text, and is absent if they are equal. `pronunciations` become phoneme codes.
 */
export function toSsml(
  text: string,
  pronunciations: readonly NamedPronunciation[],
): { readonly ssml: string; readonly offsets?: readonly number[] } {
  const plain = text
    .replaceAll('[[', '((')
    .replaceAll(/[:;](?=[-–—])/g, ',')
    // oxlint-disable-next-line no-control-regex -- control characters are commands to the library
    .replaceAll(/[\u0000-\u001f*_|~^\\]/g, ' ')
  if (pronunciations.length === 0 && !/[&<\u{10000}-\u{10FFFF}]/u.test(plain)) return { ssml: plain }
  const offsets: number[] = []
  let ssml = ''
  const put = (written: string, offset: number): void => {
    for (const _ of written) offsets.push(offset)
    ssml += written
  }
  const copy = (from: number, to: number): void => {
    let offset = from
    for (const character of plain.slice(from, to)) {
      put(character === '&' ? '&amp;' : character === '<' ? '&lt;' : character, offset)
      offset += character.length
    }
  }
  let at = 0
  for (const { start, end, names } of pronunciations) {
    copy(at, start)
    // Directly after a quotation mark the library skips phoneme codes.
    if (start > 0 && !/[\s\p{L}\p{N}'’-]/u.test(plain[start - 1]!)) put(' ', start)
    put(`[[${names}]]`, start)
    at = end
  }
  copy(at, plain.length)
  return { ssml, offsets }
}
