/** How many letters of an alphabet a character is worth when spoken: at least and at most. */
type LetterCount = readonly [fewest: number, most: number]

const letter: LetterCount = [1, 1]

/** Scripts whose characters are not about one sound each; the first that fits. */
const scripts: readonly (readonly [RegExp, LetterCount])[] = [
  // One syllable each; a rare character is read as "Chinese letter" and the like.
  [/\p{Script=Han}/u, [2.5, 5]],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, [1.2, 2.5]],
  [/\p{Script=Hangul}/u, [1.5, 3]],
  // Vowels are left out in writing.
  [/[\p{Script=Arabic}\p{Script=Hebrew}]/u, [0.8, 2.5]],
  [/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Georgian}]/u, letter],
]
/** The scripts of India and Indochina, Ethiopian and others: a consonant carries a vowel. */
const otherScript: LetterCount = [0.6, 3]

/** "7" is seven and "1,000,000" a million. */
const digit: LetterCount = [0.7, 6]
/** Capitals are spelt ("BBC") or a number ("XVII"). */
const capital: LetterCount = [1, 4]
/** Letters that a voice does not know are read by their names ("alpha", "Chinese letter"). */
const foreignLetter: LetterCount = [0.2, 12]
/** Signs that may be read out: "%", "&", "$", a smile. */
const sign: LetterCount = [0, 8]

/** What a text is worth in letters when spoken, at least: without what a voice may pass over. */
export function minLetters(text: string): number {
  return countLetters(text)[0]
}

/** What a text is worth in letters when spoken, at most: with numbers read out and capitals spelt. */
export function maxLetters(text: string): number {
  return countLetters(text)[1]
}

function countLetters(text: string): LetterCount {
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0
  const mostlyLatin = latin * 2 > (text.match(/\p{L}/gu)?.length ?? 0)
  const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)
  let [fewest, most] = [0, 0]
  for (const [word] of text.matchAll(/[\p{L}\p{M}]+|\p{N}|[\p{S}&%@#/]/gu)) {
    const shouted = word.length <= 6 && word === word.toUpperCase() && word !== word.toLowerCase()
    for (const character of word) {
      const [low, high] = lettersOf(character, shouted, mostlyLatin, japanese)
      fewest += low
      most += high
    }
  }
  return [fewest, most]
}

function lettersOf(character: string, shouted: boolean, mostlyLatin: boolean, japanese: boolean): LetterCount {
  if (/\p{N}/u.test(character)) return digit
  if (/\p{M}/u.test(character)) return [0, 1]
  if (!/\p{L}/u.test(character)) return sign
  if (/\p{Script=Latin}/u.test(character)) return mostlyLatin ? (shouted ? capital : letter) : [0.5, 3]
  if (mostlyLatin || (japanese && /\p{Script=Han}/u.test(character))) return foreignLetter
  return scripts.find(([pattern]) => pattern.test(character))?.[1] ?? otherScript
}
