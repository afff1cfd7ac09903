import { lower, traitsAt } from '../character-traits.ts'
import { isRoman } from '../numeral-values.ts'
import { addChanges, type Change, type Passage } from './text-changes.ts'

/**
 * Removes marks that are not spoken: notes, emphasis, bullets, invisible characters, pictures. Marks that stand for a
 * pause become the character that engines treat as one.
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

/** ⓫ to ⓴ have no compatibility decomposition. */
function figuresOf(sign: string): string {
  const dark = (sign.codePointAt(0) ?? 0) - 0x24e0
  return dark > 10 && dark <= 20 ? String(dark) : sign.normalize('NFKC').replaceAll(/\D/g, '')
}

const marks: readonly (readonly [RegExp, string | ((match: RegExpExecArray) => string)])[] = [
  // Characters typed in place of an apostrophe: "he`ll".
  [/(?<=\p{L})[`´ʹʼ′＇‛](?=\p{L})/gu, '’'],
  // Numbers in circles and brackets: ①, ⑴, ⒈.
  [/[①-⒛❶-➓㉑-㉟㊱-㊿⓪⓫-⓴]/gu, circledNumber],
  // Note marks: [12], *(2), word¹², and the signs used for them.
  [/\s?\[(?:\d{1,3}|[*†‡§]+)\]|\s?\*+\(\d{1,3}\)/g, ''],
  [/(?<=\p{L}{3}|[.,;:!?…”’"»)])[¹²³⁰⁴-⁹]+/gu, ''],
  // Ellipses: [...] and . . . ; engines understand three consecutive periods.
  [/\[\s?(?:\.{3}|…|\. \. \.)\s?\]|\.(?:\s\.){2,}|…\./g, '…'],
  [/-{2,}/g, '—'],
  // Between words these are separators, elsewhere ornament.
  [/(?<=[\p{L}\p{N}])[|\\<>~～〜=]+(?=[\p{L}\p{N}])/gu, ' '],
  [/[_*†‡`|\\^<>{}~～〜¬¦¶¤]+|={2,}|^\s*#+/g, ''],
  // Pictures, bullets and other ornaments, but not the signs that are words: ° © № ℃.
  [/(?![°©®™№℃℉])[\p{So}\p{Sk}\u2022\u2023\u2043\ue000-\uf8ff]+/gu, ''],
  // Invisible characters; joiners are kept in the scripts that need them.
  [/[\ufe00-\ufe0f\u20e3]|(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}](?<!\s)/gu, ''],
  [new RegExp(`(?<![${joiningScripts}])[\\u200c\\u200d]`, 'gu'), ''],
  [/[０-９Ａ-Ｚａ-ｚ]/g, ([found]) => found.normalize('NFKC')],
]

const allCapitalsWord =
  /(?<![\p{L}\p{N}]|\p{L}\.)\p{Lu}[\p{Lu}\p{M}]*(?:['’‐-]\p{Lu}[\p{Lu}\p{M}]*)*(?![\p{L}\p{N}])/gu

/** Short words that are more often shouted than initials. Engines spell "IT". */
const shortWords: Readonly<Record<string, ReadonlySet<string>>> = {
  en: new Set(
    (
      'AM AN AND ANY ARE AS AT BE BUT BY CAN DID DO DON’T EVER FOR GET GO HAD HAS HAVE HE HER HERE HIM HIS HOW IF IN IS IT ITS ' +
      'LAST LET MAY ME MORE MOST MUST MY NEW NEXT NO NOT NOW OF OFF OLD ON ONE ONLY OR OUR OUT OVER OWN SAID SAW SAY SEE SHE ' +
      'SO SOME STOP THAN THAT THE THEM THEN THEY THIS TO TOO TWO UP VERY WAS WE WELL WERE WHAT WHEN WHO WHY WILL WITH YES YOU YOUR'
    ).split(' '),
  ),
}

/**
 * Converts words in capitals to ordinary case, so that they are read and not spelt: longer words, short common ones,
 * and all words of a sentence in capitals only. Short initials (NASA, USA, FBI) stay.
 */
export function lowerCapitals({ text, language }: Passage, changes: Change[]): void {
  const everything = isAllCapitals(text)
  const common = shortWords[language.code]
  addChanges(changes, text, allCapitalsWord, ({ 0: word, index }) => {
    if (word.length === 1) return undefined
    const title = text[index + word.length] === '.' && language.neverFinal.has(word.toLowerCase())
    if (everything && title) return titleCase(word, language.code)
    if (/^[IVX]+$/.test(word) && isRoman(word)) return undefined
    const read = everything || word.length > 4 || isMarked(word) || common?.has(word)
    if (!read || !vowel.test(word)) return undefined
    return titleCase(word, language.code)
  })
}

const vowel = /[^BCDFGHJKLMNPQRSTVWXZ'’-]/u

/** Initials have no accents: "ĐÂU", "ÉTÉ" are words. */
function isMarked(word: string): boolean {
  return /[^A-Z'’-]/.test(word) && !/^[\p{Script=Cyrillic}\p{Script=Greek}]+$/u.test(word)
}

/** No lower-case letter, and more than an initialism: two words or a long one. */
function isAllCapitals(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (traitsAt(text, i) & lower) return false
  return (text.match(/\p{Lu}{2,}/gu) ?? []).length > 1 || /\p{Lu}{5,}/u.test(text)
}

/** "O'BRIEN" → "O'Brien", "DON'T" → "Don't", "VICE-ADMIRAL" → "Vice-Admiral". */
function titleCase(word: string, language: string): string {
  return word
    .toLocaleLowerCase(language === 'tr' || language === 'az' ? language : 'en')
    .replaceAll(/^\p{Ll}|-\p{Ll}|(?<=^[odl]['’])\p{Ll}/gu, (found) => found.toUpperCase())
}

/**
 * Inserts a space where stops and words run together. eSpeak NG reads "Go!—He" as "go exclamation he" and "What?—he" as
 * "wuth"; with a space before the dash it reads both correctly.
 */
export function separateWords({ text }: Passage, changes: Change[]): void {
  addChanges(changes, text, /(?<=[!?.…])(?:—|--+)/g, ' —')
  addChanges(
    changes,
    text,
    /(?<=[!?])\p{L}|(?<=\p{Ll}{2}\.)\p{Lu}(?=\p{Ll})(?!\S*@)/gu,
    ([found]) => ` ${found}`,
  )
}

const scheme = /:\/\/|\bwww\./i
const addresses = /(?:\b[a-z]+:\/\/|\bwww\.)[^\s<>"“”‘’»)\]]*[^\s<>"“”‘’»)\].,;:!?…]/gi

/** Reduces a web address to its host name, the only part worth listening to. */
export function sayAddresses({ text }: Passage, changes: Change[]): void {
  if (scheme.test(text)) addChanges(changes, text, addresses, ([found]) => hostOf(found))
}

function hostOf(found: string): string | undefined {
  const host = found.replace(/^[a-z]+:\/\//i, '').replaceAll(/^www\.|[/?#:].*$/gi, '')
  return host === '' ? undefined : host
}
