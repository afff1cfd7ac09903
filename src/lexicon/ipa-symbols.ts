import { fromTypedIpa } from '../novel/typed-ipa.ts'

/** Letters of IPA that eSpeak or a neural voice writes or reads in some language. */
const letters =
  'abcdefhijklmnopqrstuvwxyzæçðøħŋœɐɑɒɓɔɕɖɗɘəɚɛɜɝɞɟɠɡɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʙʝʟᵻβθχ'
/** Stress, length, syllables, tones, and what changes a sound. */
const marks = 'ˈˌːˑ.|ʰʲʷˠˤⁿ˞˥˦˧˨˩1234567\u0303\u0324\u0325\u0329\u032a\u032f\u0330\u0306 '
const known = new Set(Array.from(letters + marks))

/** IPA in the symbols that are used here, with accents apart from their letters. */
export function plainIpa(ipa: string): string {
  return fromTypedIpa(ipa.normalize('NFD').replaceAll(/^[/[]|[/\]]$/g, '')).trim()
}

/** The first symbol that nobody knows. */
export function unknownSymbol(plain: string): string | undefined {
  return Array.from(plain).find((symbol) => !known.has(symbol))
}

/** Whether there is more in it than stress and length. */
export function hasSound(plain: string): boolean {
  return Array.from(plain).some((symbol) => letters.includes(symbol))
}
