import { addChanges, type Change, type Passage } from './changes.ts'
import { lower, traitsAt } from './characters.ts'
import { isRoman } from './romans.ts'

const allCapitalsWord =
  /(?<![\p{L}\p{N}]|\p{L}\.)\p{Lu}[\p{Lu}\p{M}]*(?:['’‐-]\p{Lu}[\p{Lu}\p{M}]*)*(?![\p{L}\p{N}])/gu

/** Short words that are shouted more often than they are initials. Engines spell "IT" out. */
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
 * Words in capitals get ordinary ones, so that they are read and not spelt: longer words, short common ones, and all
 * words of a sentence that has nothing else. Short initials (NASA, USA, FBI) stay.
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

/** Initials are not written with accents: "ĐÂU", "ÉTÉ" are words. */
function isMarked(word: string): boolean {
  return /[^A-Z'’-]/.test(word) && !/^[\p{Script=Cyrillic}\p{Script=Greek}]+$/u.test(word)
}

/** No small letter, and more than an initialism: two words or a long one. */
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
