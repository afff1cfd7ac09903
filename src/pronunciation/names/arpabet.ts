/** The phonemes of the CMU dictionary in the IPA of eSpeak's General American; vowels bear the digit of their stress. */
const sounds: Readonly<Record<string, string>> = {
  AA: 'ɑː',
  AE: 'æ',
  AH: 'ʌ',
  AO: 'ɔː',
  AW: 'aʊ',
  AY: 'aɪ',
  EH: 'ɛ',
  ER: 'ɜː',
  EY: 'eɪ',
  IH: 'ɪ',
  IY: 'iː',
  OW: 'oʊ',
  OY: 'ɔɪ',
  UH: 'ʊ',
  UW: 'uː',
  B: 'b',
  CH: 'tʃ',
  D: 'd',
  DH: 'ð',
  F: 'f',
  G: 'ɡ',
  HH: 'h',
  JH: 'dʒ',
  K: 'k',
  L: 'l',
  M: 'm',
  N: 'n',
  NG: 'ŋ',
  P: 'p',
  R: 'ɹ',
  S: 's',
  SH: 'ʃ',
  T: 't',
  TH: 'θ',
  V: 'v',
  W: 'w',
  Y: 'j',
  Z: 'z',
  ZH: 'ʒ',
}
/** Without stress they are shorter. */
const unstressed: Readonly<Record<string, string>> = { AH: 'ə', ER: 'ɚ', IY: 'i' }
const stresses = ['', 'ˈ', 'ˌ']

/** ARPABET, as in `D AA1 R S IY0`, in IPA. */
export function ipaOfArpabet(arpabet: string): string {
  let ipa = ''
  for (const phoneme of arpabet.split(' ')) {
    const stress = /\d$/.exec(phoneme)?.[0]
    const name = stress === undefined ? phoneme : phoneme.slice(0, -1)
    const sound = (stress === '0' ? unstressed[name] : undefined) ?? sounds[name] ?? ''
    ipa += (stresses[Number(stress ?? 0)] ?? '') + sound
  }
  return ipa
}
