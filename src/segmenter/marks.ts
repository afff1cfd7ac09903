import { addChanges, type Change, type Passage } from './changes.ts'

/**
 * Marks that are seen, not said: notes, emphasis, bullets, invisible characters, pictures. What stands for a pause
 * becomes the character that engines know as one.
 */
export function cleanMarks({ text }: Passage, changes: Change[]): void {
  for (const [pattern, spoken] of marks) addChanges(changes, text, pattern, spoken)
}

const joiningScripts =
  '\\p{Script=Arabic}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{M}'

function circledNumber({ 0: sign, index, input }: RegExpExecArray): string {
  const dingbat = (sign.codePointAt(0) ?? 0) - 0x2775
  const number = dingbat > 0 && dingbat <= 30 ? String(((dingbat - 1) % 10) + 1) : figuresOf(sign)
  return /^\s|^$/.test(input.slice(index + 1)) ? number : `${number} `
}

/** ⓫ to ⓴ have no decomposition. */
function figuresOf(sign: string): string {
  const dark = (sign.codePointAt(0) ?? 0) - 0x24e0
  return dark > 10 && dark <= 20 ? String(dark) : sign.normalize('NFKC').replaceAll(/\D/g, '')
}

const marks: readonly (readonly [RegExp, string | ((match: RegExpExecArray) => string)])[] = [
  // What is typed for an apostrophe: "he`ll".
  [/(?<=\p{L})[`´ʹʼ′＇‛](?=\p{L})/gu, '’'],
  // Numbers in circles and brackets: ①, ⑴, ⒈.
  [/[①-⒛❶-➓㉑-㉟㊱-㊿⓪⓫-⓴]/gu, circledNumber],
  // Note marks: [12], *(2), word¹², and the signs that stand for them.
  [/\s?\[(?:\d{1,3}|[*†‡§]+)\]|\s?\*+\(\d{1,3}\)/g, ''],
  [/(?<=\p{L}{3}|[.,;:!?…”’"»)])[¹²³⁰⁴-⁹]+/gu, ''],
  // Ellipses: [...] and . . . ; three periods in a row are understood as they are.
  [/\[\s?(?:\.{3}|…|\. \. \.)\s?\]|\.(?:\s\.){2,}|…\./g, '…'],
  [/-{2,}/g, '—'],
  // Between words these part them, elsewhere they are ornament.
  [/(?<=[\p{L}\p{N}])[|\\<>~～〜=]+(?=[\p{L}\p{N}])/gu, ' '],
  [/[_*†‡`|\\^<>{}~～〜¬¦¶¤]+|={2,}|^\s*#+/g, ''],
  // Pictures, bullets and other ornaments, but not the signs that are words: ° © № ℃.
  [/(?![°©®™№℃℉])[\p{So}\p{Sk}\u2022\u2023\u2043\ue000-\uf8ff]+/gu, ''],
  // What shows nothing; joiners matter in the scripts that join.
  [/[\ufe00-\ufe0f\u20e3]|(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}](?<!\s)/gu, ''],
  [new RegExp(`(?<![${joiningScripts}])[\\u200c\\u200d]`, 'gu'), ''],
  [/[０-９Ａ-Ｚａ-ｚ]/g, ([found]) => found.normalize('NFKC')],
]
