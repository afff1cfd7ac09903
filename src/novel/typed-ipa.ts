/** What people and books type where IPA has a symbol of its own; nothing for the tie between two halves of a sound. */
const symbols: Readonly<Record<string, string>> = {
  g: 'ɡ',
  "'": 'ˈ',
  '’': 'ˈ',
  '‘': 'ˈ',
  ʹ: 'ˈ',
  ',': 'ˌ',
  ˏ: 'ˌ',
  '‚': 'ˌ',
  ':': 'ː',
  ʤ: 'dʒ',
  ʧ: 'tʃ',
  ʣ: 'dz',
  ʦ: 'ts',
  ɝ: 'ɜː',
  '\u0361': '',
  '\u035c': '',
}

/** IPA in the symbols of its own; what is typed for none of them is left as it is. */
export function fromTypedIpa(typed: string): string {
  return Array.from(typed, (symbol) => symbols[symbol] ?? symbol).join('')
}
