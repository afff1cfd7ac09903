import { pinyinSyllables, type Syllable } from '../../../pronunciation/chinese/pinyin-syllables.ts'

/** The IPA by which the Chinese voices of Kokoro’s first model were taught (hexgrad/misaki, transcription.py, MIT). */
const initials: Readonly<Record<string, string>> = {
  b: 'p',
  p: 'pʰ',
  m: 'm',
  f: 'f',
  d: 't',
  t: 'tʰ',
  n: 'n',
  l: 'l',
  g: 'k',
  k: 'kʰ',
  h: 'x',
  j: 'ʨ',
  q: 'ʨʰ',
  x: 'ɕ',
  zh: 'ꭧ',
  ch: 'ꭧʰ',
  sh: 'ʂ',
  r: 'ɻ',
  z: 'ʦ',
  c: 'ʦʰ',
  s: 's',
}

/** 0 stands for the tone. */
const finals: Readonly<Record<string, string>> = {
  a: 'a0',
  o: 'wo0',
  e: 'ɤ0',
  ai: 'ai0',
  ei: 'ei0',
  ao: 'au0',
  ou: 'ou0',
  an: 'a0n',
  en: 'ə0n',
  ang: 'a0ŋ',
  eng: 'ə0ŋ',
  er: 'ɚ0',
  ong: 'ʊ0ŋ',
  i: 'i0',
  ia: 'ja0',
  ie: 'je0',
  iao: 'jau0',
  iou: 'jou0',
  ian: 'jɛ0n',
  in: 'i0n',
  iang: 'ja0ŋ',
  ing: 'i0ŋ',
  iong: 'jʊ0ŋ',
  u: 'u0',
  ua: 'wa0',
  uo: 'wo0',
  uai: 'wai0',
  uei: 'wei0',
  uan: 'wa0n',
  uen: 'wə0n',
  uang: 'wa0ŋ',
  ueng: 'wə0ŋ',
  v: 'y0',
  ve: 'ɥe0',
  van: 'ɥɛ0n',
  vn: 'y0n',
  n: 'n0',
  m: 'm0',
  ng: 'ŋ0',
}

const tones = ['', '→', '↗', '↓', '↘', '']

/** The symbols of pinyin: `ni3 hao3` is `ni↓xau↓`. */
export function pinyinIpa(pinyin: string): string {
  return pinyinSyllables(pinyin).map(symbolsOf).join('')
}

function symbolsOf({ initial, final, tone, erhua }: Syllable): string {
  const syllabic =
    final === 'i' && /^(?:[zcs]h?|r)$/.test(initial)
      ? 'ɨ0'
      : final === 'o' && initial === ''
        ? 'ɔ0'
        : finals[final]
  return `${initials[initial] ?? ''}${(syllabic ?? '').replace('0', tones[tone] ?? '')}${erhua ? 'ɻ' : ''}`
}
