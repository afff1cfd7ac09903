/** Languages that are written from right to left, in their usual script. */
const rightToLeft = new Set([
  'ar',
  'arc',
  'ckb',
  'dv',
  'fa',
  'he',
  'iw',
  'ji',
  'ks',
  'nqo',
  'ps',
  'sd',
  'syr',
  'ug',
  'ur',
  'yi',
])
const scripts = /-(?:arab|hebr|thaa|nkoo|syrc|adlm|rohg)\b/i

export type Direction = 'ltr' | 'rtl'

/** The direction of a language's lines. */
export function directionOf(language: string): Direction {
  if (scripts.test(language)) return 'rtl'
  if (/-(?:latn|cyrl)\b/i.test(language)) return 'ltr'
  return rightToLeft.has(language.toLowerCase().split('-')[0]!) ? 'rtl' : 'ltr'
}

const rightToLeftLetters = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|\ud83a[\udd00-\udd5f]/g
const rightToLeftLetter = new RegExp(rightToLeftLetters.source)
const letters = /\p{L}/gu
/** UTF-16 units of a text by which its direction is found: a chapter has thousands of paragraphs. */
const enough = 120

/**
 * The direction of a paragraph: that of most of its letters, since one that begins with a foreign name is not foreign.
 * Without letters it is that of the text around it.
 */
export function directionOfText(text: string, around: Direction): Direction {
  const head = text.slice(0, enough)
  if (around === 'ltr' && !rightToLeftLetter.test(head)) return 'ltr'
  const all = head.match(letters)?.length ?? 0
  if (all === 0) return around
  const rtl = head.match(rightToLeftLetters)?.length ?? 0
  return rtl * 2 === all ? around : rtl * 2 > all ? 'rtl' : 'ltr'
}
