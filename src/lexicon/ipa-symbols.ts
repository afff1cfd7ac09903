/** Letters of IPA that eSpeak or a neural voice writes or reads in some language. */
const letters =
  'abcdefhijklmnopqrstuvwxyzæçðøħŋœɐɑɒɓɔɕɖɗɘəɚɛɜɝɞɟɠɡɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʙʝʟᵻβθχ'
/** Stress, length, syllables, tones, and what changes a sound. */
const marks = 'ˈˌːˑ.|ʰʲʷˠˤⁿ˞˥˦˧˨˩1234567\u0303\u0324\u0325\u0329\u032a\u032f\u0330\u0306 '
const known = new Set(Array.from(letters + marks))

/** What people type for a symbol. */
const typed: Readonly<Record<string, string>> = {
  g: 'ɡ',
  "'": 'ˈ',
  '’': 'ˈ',
  ':': 'ː',
  ʤ: 'dʒ',
  ʧ: 'tʃ',
  ʣ: 'dz',
  ʦ: 'ts',
  ɝ: 'ɜː',
  '\u0361': '',
  '\u035c': '',
}

/** IPA in the symbols that are used here, with accents apart from their letters. */
export function plainIpa(ipa: string): string {
  return Array.from(ipa.normalize('NFD').replaceAll(/^[/[]|[/\]]$/g, ''), (symbol) => typed[symbol] ?? symbol)
    .join('')
    .trim()
}

/** The first symbol that nobody knows. */
export function unknownSymbol(plain: string): string | undefined {
  return Array.from(plain).find((symbol) => !known.has(symbol))
}

/** Whether there is more in it than stress and length. */
export function hasSound(plain: string): boolean {
  return Array.from(plain).some((symbol) => letters.includes(symbol))
}
