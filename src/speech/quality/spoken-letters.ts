/** Number of alphabetic letters that a character corresponds to when spoken: minimum and maximum. */
type LetterCount = readonly [fewest: number, most: number]

const letter: LetterCount = [1, 1]

/** Scripts whose characters are not about one sound each; the first match counts. */
const scripts: readonly (readonly [RegExp, LetterCount])[] = [
  // One syllable each; a rare character is read as "Chinese letter" or similar.
  [/\p{Script=Han}/u, [2.5, 5]],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, [1.2, 2.5]],
  [/\p{Script=Hangul}/u, [1.5, 3]],
  // Vowels are left out in writing.
  [/[\p{Script=Arabic}\p{Script=Hebrew}]/u, [0.8, 2.5]],
  [/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Georgian}]/u, letter],
]
/** The scripts of India and Indochina, Ethiopian and others: a consonant carries a vowel. */
const otherScript: LetterCount = [0.6, 3]

/** "7" is "seven" and "1,000,000" "a million". */
const digit: LetterCount = [0.7, 6]
/** Capitals may be spelled out ("BBC") or a number ("XVII"). */
const capital: LetterCount = [1, 4]
/** Letters unknown to a voice are read by name ("alpha", "Chinese letter"). */
const foreignLetter: LetterCount = [0.2, 12]
/** Signs that may be read out: "%", "&", "$", an emoji. */
const sign: LetterCount = [0, 8]

/**
 * Number of spoken letters of a text: at least, without characters that a voice may skip, and at most, with numbers read
 * out and capitals spelled.
 */
export function spokenLetters(text: string): LetterCount {
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

function lettersOf(
  character: string,
  shouted: boolean,
  mostlyLatin: boolean,
  japanese: boolean,
): LetterCount {
  if (/\p{N}/u.test(character)) return digit
  if (/\p{M}/u.test(character)) return [0, 1]
  if (!/\p{L}/u.test(character)) return sign
  if (/\p{Script=Latin}/u.test(character)) return mostlyLatin ? (shouted ? capital : letter) : [0.5, 3]
  if (mostlyLatin || (japanese && /\p{Script=Han}/u.test(character))) return foreignLetter
  return scripts.find(([pattern]) => pattern.test(character))?.[1] ?? otherScript
}
