/**
 * eSpeak's mnemonics of English phonemes, which it accepts between [[ and ]]. They are independent of the accent: "O@"
 * is "ɔːɹ" in America and "ɔː" in Britain. Longest first.
 */
const names: readonly (readonly [ipa: string, name: string])[] = [
  // Before an ɹ that begins a syllable the vowel of "lot" would become that of "north".
  ['ɑː.', 'A:'],
  ['ɑːɹ', 'A@'],
  ['ɔːɹ', 'O@'],
  ['aɪɚ', 'aI@'],
  ['aʊɚ', 'aU@'],
  ['ɪɹ', 'i@3'],
  ['ɛɹ', 'e@'],
  ['ʊɹ', 'U@'],
  ['ɜːɹ', '3:'],
  ['ɜː', '3:'],
  ['iː', 'i:'],
  ['uː', 'u:'],
  ['ɑː', '0'],
  ['ɔː', 'O:'],
  ['eɪ', 'eI'],
  ['aɪ', 'aI'],
  ['ɔɪ', 'OI'],
  ['oʊ', 'oU'],
  ['aʊ', 'aU'],
  ['tʃ', 'tS'],
  ['dʒ', 'dZ'],
  ['ɚ', '3'],
  ['ɪ', 'I'],
  ['ᵻ', 'I#'],
  ['i', 'i'],
  ['ɛ', 'E'],
  ['æ', 'a'],
  ['ʌ', 'V'],
  ['ʊ', 'U'],
  ['ə', '@'],
  ['ɐ', 'a#'],
  ['ɑ', 'A:'],
  ['ɹ', 'r'],
  ['θ', 'T'],
  ['ð', 'D'],
  ['ʃ', 'S'],
  ['ʒ', 'Z'],
  ['ŋ', 'N'],
  ['ɡ', 'g'],
  ['.', ''],
  ['ː', ''],
  ['ˈ', "'"],
  ['ˌ', ','],
  ...Array.from('bdfghjklmnpstvwz', (sound) => [sound, sound] as const),
]
const known = new Map(names)
const sounds = new RegExp(
  names
    .map(([ipa]) => ipa.replace('.', String.raw`\.`))
    .toSorted((a, b) => b.length - a.length)
    .join('|'),
  'gu',
)

/** An ɹ that begins the next syllable is not part of the preceding vowel. */
const linked = /(?<=[ɑɔɪɛʊ]ː?)ɹ(?=[ˈˌ]?[aeiouæɐɑɒəɛɪɔʊʌɜɚᵻ])/gu

/** Converts English IPA to eSpeak's mnemonics; `undefined` if a symbol has none. */
export function espeakMnemonics(ipa: string): string | undefined {
  const parted = ipa.replaceAll(linked, '.ɹ')
  const rest = parted.replaceAll(sounds, '')
  if (rest !== '' || ipa === '') return undefined
  return parted.replaceAll(sounds, (sound) => known.get(sound) ?? '')
}
