/**
 * Kokoro’s symbols of the kana, as its Japanese voices were taught (hexgrad/misaki, cutlet.py, after polm/cutlet, MIT): a
 * consonant for each row, with exceptions.
 */
const rows: readonly (readonly [
  kana: string,
  consonant: string,
  exceptions?: Readonly<Record<string, string>>,
])[] = [
  ['アイウエオ', ''],
  ['ァィゥェォ', ''],
  ['カキクケコ', 'k', { キ: 'kʲi' }],
  ['ガギグゲゴ', 'ɡ', { ギ: 'ɡʲi' }],
  ['サシスセソ', 's', { シ: 'ɕi', ス: 'sɨ' }],
  ['ザジズゼゾ', 'ʣ', { ジ: 'ʥi', ズ: 'zɨ' }],
  ['タチツテト', 't', { チ: 'ʨi', ツ: 'ʦɨ' }],
  ['ダヂヅデド', 'd', { ヂ: 'ʥi', ヅ: 'zɨ' }],
  ['ナニヌネノ', 'n', { ニ: 'ɲi' }],
  ['ハヒフヘホ', 'h', { ヒ: 'çi', フ: 'ɸɯ' }],
  ['バビブベボ', 'b', { ビ: 'bʲi' }],
  ['パピプペポ', 'p', { ピ: 'pʲi' }],
  ['マミムメモ', 'm', { ミ: 'mʲi' }],
  ['ラリルレロ', 'ɾ', { リ: 'ɾʲi' }],
]
const vowels = ['a', 'i', 'ɯ', 'e', 'o']

const single = new Map<string, string>([
  ...rows.flatMap(([kana, consonant, exceptions = {}]) =>
    Array.from(kana, (one, at) => [one, exceptions[one] ?? consonant + vowels[at]!] as const),
  ),
  ...Object.entries({
    ャ: 'ja',
    ヤ: 'ja',
    ュ: 'jɯ',
    ユ: 'jɯ',
    ョ: 'jo',
    ヨ: 'jo',
    ヮ: 'βa',
    ワ: 'βa',
    ヰ: 'i',
    ヱ: 'e',
    ヲ: 'o',
    ヴ: 'vɯ',
    ヵ: 'ka',
    ヶ: 'ke',
    ヷ: 'va',
    ヸ: 'vʲi',
    ヹ: 've',
    ヺ: 'vo',
  }),
])

/** The consonant of two kana that are one sound: キャ, シェ, ティ. */
const before: Readonly<Record<string, string>> = {
  キ: 'kʲ',
  ギ: 'ɡʲ',
  シ: 'ɕ',
  ジ: 'ʥ',
  チ: 'ʨ',
  ヂ: 'ʥ',
  ニ: 'ɲ',
  ヒ: 'ç',
  ビ: 'bʲ',
  ピ: 'pʲ',
  ミ: 'mʲ',
  リ: 'ɾʲ',
  ク: 'kᵝ',
  グ: 'ɡᵝ',
  ツ: 'ʦ',
  フ: 'ɸ',
  ヴ: 'v',
  ウ: 'β',
  イ: 'j',
}
const after: Readonly<Record<string, string>> = {
  ャ: 'a',
  ュ: 'ɨ',
  ョ: 'o',
  ァ: 'a',
  ィ: 'i',
  ェ: 'e',
  ォ: 'o',
  ヮ: 'a',
}
/** The rest of the pairs, with another consonant before some vowels. */
const pairs: Readonly<Record<string, string>> = {
  ツィ: 'ʦʲi',
  ティ: 'tʲi',
  テュ: 'tʲɨ',
  ディ: 'dʲi',
  デュ: 'dʲɨ',
  トゥ: 'tɯ',
  ドゥ: 'dɯ',
  フィ: 'ɸʲi',
  フュ: 'ɸʲɨ',
  フョ: 'ɸʲo',
  ヴィ: 'vʲi',
  ヴュ: 'bʲɨ',
  ヴョ: 'bʲo',
}

/** The symbols of a word in katakana (`ハツカ`: haʦɨka). What is no kana is left out. */
export function kanaSymbols(word: string): string {
  const kana = Array.from(word)
  let symbols = ''
  for (let at = 0; at < kana.length; at++) {
    const [one, next = ''] = [kana[at]!, kana[at + 1]]
    const pair = pairs[one + next] ?? pairSymbols(one, next)
    if (pair !== undefined) {
      symbols += pair
      at++
    } else if (one === 'ー') symbols += 'ː'
    else if (one === 'ッ') symbols += next === '' ? '' : 'ʔ'
    else if (one === 'ン') symbols += nasal(single.get(next) ?? '')
    else symbols += single.get(one) ?? ''
  }
  return symbols
}

function pairSymbols(one: string, next: string): string | undefined {
  const vowel = after[next]
  if (vowel === undefined) return undefined
  // ヤ, ユ and ヨ follow only the row of i; of the others a small kana changes the vowel.
  const consonant = before[one]
  if (consonant !== undefined && (one !== 'イ' || next === 'ェ')) return consonant + vowel
  const sound = single.get(one)
  return sound === undefined || one === 'イ' ? undefined : sound.slice(0, -1) + vowel
}

function nasal(following: string): string {
  if (/^[mpb]/.test(following)) return 'm'
  if (/^[kɡ]/.test(following)) return 'ŋ'
  if (/^[ɲʨʥ]/.test(following)) return 'ɲ'
  return /^[ntdɾz]/.test(following) ? 'n' : 'ɴ'
}
