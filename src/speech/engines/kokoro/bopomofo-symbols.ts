import { pinyinSyllables, type Syllable } from '../../../pronunciation/chinese/pinyin-syllables.ts'

/** Symbols of Kokoro’s Chinese model for the parts of a syllable (hexgrad/misaki, zh_frontend.py, `ZH_MAP`). */
const initials: Readonly<Record<string, string>> = {
  b: 'ㄅ',
  p: 'ㄆ',
  m: 'ㄇ',
  f: 'ㄈ',
  d: 'ㄉ',
  t: 'ㄊ',
  n: 'ㄋ',
  l: 'ㄌ',
  g: 'ㄍ',
  k: 'ㄎ',
  h: 'ㄏ',
  j: 'ㄐ',
  q: 'ㄑ',
  x: 'ㄒ',
  zh: 'ㄓ',
  ch: 'ㄔ',
  sh: 'ㄕ',
  r: 'ㄖ',
  z: 'ㄗ',
  c: 'ㄘ',
  s: 'ㄙ',
}

const finals: Readonly<Record<string, string>> = {
  a: 'ㄚ',
  o: 'ㄛ',
  e: 'ㄜ',
  ai: 'ㄞ',
  ei: 'ㄟ',
  ao: 'ㄠ',
  ou: 'ㄡ',
  an: 'ㄢ',
  en: 'ㄣ',
  ang: 'ㄤ',
  eng: 'ㄥ',
  er: 'ㄦ',
  ong: '中',
  i: 'ㄧ',
  ia: '压',
  ie: 'ㄝ',
  iao: '要',
  iou: '又',
  ian: '言',
  in: '阴',
  iang: '阳',
  ing: '应',
  iong: '用',
  u: 'ㄨ',
  ua: '穵',
  uo: '我',
  uai: '外',
  uei: '为',
  uan: '万',
  uen: '文',
  uang: '王',
  ueng: '瓮',
  v: 'ㄩ',
  ve: '月',
  van: '元',
  vn: '云',
  // Syllables without a vowel (嗯, 呣, 嗯).
  n: 'ㄋ',
  m: 'ㄇ',
  ng: 'ㄥ',
}

/** The symbols of pinyin (`ni3 hao3`): one for each initial and final, a number for the tone, R for 儿. */
export function bopomofoSymbols(pinyin: string): string {
  return pinyinSyllables(pinyin).map(symbolsOf).join('')
}

function symbolsOf({ initial, final, tone, erhua }: Syllable): string {
  return `${initials[initial] ?? ''}${finalSymbol(initial, final)}${erhua ? 'R' : ''}${tone}`
}

/** What is written i is another vowel after z, c, s and after zh, ch, sh, r. */
function finalSymbol(initial: string, final: string): string {
  if (final === 'i' && ['z', 'c', 's'].includes(initial)) return 'ㄭ'
  if (final === 'i' && ['zh', 'ch', 'sh', 'r'].includes(initial)) return '十'
  return finals[final] ?? ''
}
