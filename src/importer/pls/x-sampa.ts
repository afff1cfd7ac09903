import { normalIpa } from './ipa-notation.ts'

/** X-SAMPA (Wells 1995) and its IPA, in pairs. Lower-case letters without a line of their own are the same in both. */
const pairs = `
  b_< ɓ  d_< ɗ  g_< ɠ  G\\_< ʛ  J\\_< ʄ
  r\\\` ɻ  z\\ ʑ  s\\ ɕ  x\\ ɧ  p\\ ɸ  j\\ ʝ  l\\ ɺ  r\\ ɹ  v\\ ʋ  h\\ ɦ  G\\ ɢ  J\\ ɟ  K\\ ɮ  L\\ ʟ  M\\ ɰ  N\\ ɴ
  O\\ ʘ  R\\ ʀ  X\\ ħ  B\\ ʙ  H\\ ʜ  I\\ ᵻ  U\\ ᵿ  3\\ ɞ  @\\ ɘ  ?\\ ʕ  <\\ ʢ  >\\ ʡ  =\\ ǂ  |\\|\\ ǁ  |\\ ǀ  !\\ ǃ
  d\` ɖ  l\` ɭ  n\` ɳ  r\` ɽ  s\` ʂ  t\` ʈ  z\` ʐ  @\` ɚ  3\` ɝ
  A ɑ  B β  C ç  D ð  E ɛ  F ɱ  G ɣ  H ɥ  I ɪ  J ɲ  K ɬ  L ʎ  M ɯ  N ŋ  O ɔ  P ʋ  Q ɒ  R ʁ  S ʃ  T θ  U ʊ  V ʌ
  W ʍ  X χ  Y ʏ  Z ʒ  @ ə  { æ  } ʉ  1 ɨ  2 ø  3 ɜ  4 ɾ  5 ɫ  6 ɐ  7 ɤ  8 ɵ  9 œ  & ɶ  ? ʔ  g ɡ
  " ˈ  % ˌ  : ː  :\\ ˑ  ' ʲ  . .  - -
  _~ ̃  ~ ̃  _h ʰ  _w ʷ  _j ʲ  _> ʼ  _0 ̥  _v ̬  _= ̩  = ̩  _d ̪  _a ̺  _m ̻  _r ̝  _o ̞  _" ̈  _^ ̯  _} ̚  _G ˠ  _e ̴
  _n ⁿ  _l ˡ  _k ̰  _t ̤  _? ˤ  _T ̋  _H ́  _M ̄  _L ̀  _B ̏
`
const known = new Map(
  pairs
    .trim()
    .split(/\s+/)
    .reduce<[string, string][]>((all, one, at, list) => {
      if (at % 2 === 0) all.push([one, list[at + 1] ?? ''])
      return all
    }, []),
)
const tokens = new RegExp(
  [...known.keys()]
    .toSorted((a, b) => b.length - a.length)
    .map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .join('|'),
  'gu',
)

/** Converts X-SAMPA to IPA; `undefined` if something in it is neither. */
export function ipaOfXSampa(written: string): string | undefined {
  const rest = written.replaceAll(tokens, '').replaceAll(/[a-z\s]/g, '')
  if (rest !== '') return undefined
  return normalIpa(written.trim().replaceAll(tokens, (token) => known.get(token) ?? token))
}
