const romanDigits: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 }

const canonicalRoman = /^M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$/

/** Whether `word` is a canonical Roman numeral, all in upper or all in lower case. */
export function isRoman(word: string): boolean {
  if (word === '' || word.length > 15) return false
  return canonicalRoman.test(word) || (word === word.toLowerCase() && canonicalRoman.test(word.toUpperCase()))
}

/** The value of a Roman numeral, 1–3999. */
export function romanValue(numeral: string): number {
  let sum = 0
  let before = 0
  for (const sign of numeral.toUpperCase()) {
    const value = romanDigits[sign] ?? 0
    sum += value > before ? value - 2 * before : value
    before = value
  }
  return sum
}

const fractionSigns: Readonly<Record<string, readonly [above: number, below: number]>> = {
  '½': [1, 2],
  '⅓': [1, 3],
  '⅔': [2, 3],
  '¼': [1, 4],
  '¾': [3, 4],
  '⅕': [1, 5],
  '⅖': [2, 5],
  '⅗': [3, 5],
  '⅘': [4, 5],
  '⅙': [1, 6],
  '⅚': [5, 6],
  '⅐': [1, 7],
  '⅛': [1, 8],
  '⅜': [3, 8],
  '⅝': [5, 8],
  '⅞': [7, 8],
  '⅑': [1, 9],
  '⅒': [1, 10],
}

/** Numerator and denominator of a sign like "¾"; `undefined` for other signs. */
export function vulgarFraction(sign: string): readonly [above: number, below: number] | undefined {
  return fractionSigns[sign]
}
