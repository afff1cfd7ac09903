import { addChanges, type Change, type Passage } from './text-changes.ts'
import { englishOrdinal } from './figures/english-figures.ts'

export interface MathematicalWords {
  readonly squared: string
  readonly cubed: string
  /** The words for a power above the third, with the exponent inside or at the end. */
  readonly power: (exponent: number | string) => string
  readonly equals: string
  readonly less?: string
  readonly greater?: string
  readonly times: string
  readonly over: string
  /** Before what it is the square root of. */
  readonly root: string
  readonly minus: string
  readonly foot?: readonly [feet: (count: string) => string, joint: string]
  readonly inches?: (count: string) => string
}

const table: Readonly<Record<string, MathematicalWords>> = {
  en: {
    squared: 'squared',
    cubed: 'cubed',
    power: (exponent) =>
      typeof exponent === 'number' && exponent < 100
        ? `to the ${englishOrdinal(exponent)}`
        : `to the power of ${exponent}`,
    equals: 'equals',
    less: 'is less than',
    greater: 'is greater than',
    times: 'times',
    over: 'over',
    root: 'the square root of',
    minus: 'minus',
    foot: [(count) => `${count} ${count === '1' ? 'foot' : 'feet'}`, 'foot'],
    inches: (count) => `${count} ${count === '1' ? 'inch' : 'inches'}`,
  },
  fr: {
    squared: 'au carré',
    cubed: 'au cube',
    power: (exponent) => `puissance ${exponent}`,
    equals: 'égale',
    less: 'inférieur à',
    greater: 'supérieur à',
    times: 'fois',
    over: 'sur',
    root: 'racine carrée de',
    minus: 'moins',
    foot: [(count) => `${count} ${count === '1' ? 'pied' : 'pieds'}`, 'pieds'],
    inches: (count) => `${count} ${count === '1' ? 'pouce' : 'pouces'}`,
  },
  de: {
    squared: 'Quadrat',
    cubed: 'hoch drei',
    power: (exponent) => `hoch ${exponent}`,
    equals: 'gleich',
    less: 'kleiner als',
    greater: 'größer als',
    times: 'mal',
    over: 'durch',
    root: 'Wurzel aus',
    minus: 'minus',
    foot: [(count) => `${count} Fuß`, 'Fuß'],
    inches: (count) => `${count} Zoll`,
  },
  es: {
    squared: 'al cuadrado',
    cubed: 'al cubo',
    power: (exponent) => `elevado a ${exponent}`,
    equals: 'igual a',
    less: 'menor que',
    greater: 'mayor que',
    times: 'por',
    over: 'sobre',
    root: 'raíz cuadrada de',
    minus: 'menos',
    foot: [(count) => `${count} ${count === '1' ? 'pie' : 'pies'}`, 'pies'],
    inches: (count) => `${count} ${count === '1' ? 'pulgada' : 'pulgadas'}`,
  },
  vi: {
    squared: 'bình phương',
    cubed: 'lập phương',
    power: (exponent) => `mũ ${exponent}`,
    equals: 'bằng',
    less: 'nhỏ hơn',
    greater: 'lớn hơn',
    times: 'nhân',
    over: 'trên',
    root: 'căn bậc hai của',
    minus: 'âm',
  },
  it: {
    squared: 'al quadrato',
    cubed: 'al cubo',
    power: (exponent) => `alla ${exponent}`,
    equals: 'uguale a',
    times: 'per',
    over: 'fratto',
    root: 'radice quadrata di',
    minus: 'meno',
  },
  pt: {
    squared: 'ao quadrado',
    cubed: 'ao cubo',
    power: (exponent) => `elevado a ${exponent}`,
    equals: 'igual a',
    times: 'vezes',
    over: 'sobre',
    root: 'raiz quadrada de',
    minus: 'menos',
  },
  ru: {
    squared: 'в квадрате',
    cubed: 'в кубе',
    power: (exponent) => `в степени ${exponent}`,
    equals: 'равно',
    times: 'на',
    over: 'делить на',
    root: 'квадратный корень из',
    minus: 'минус',
  },
}

/** Behind digits, what stands above a fraction stroke is the upper half of a mixed number. */
const powers = /(?<![\p{L}\p{N}])(\p{L}{1,2}|\d+(?![¹²³⁰⁴-⁹]+[/⁄]\d))(⁻?[²³¹⁰⁴-⁹]+)(?![\p{L}\p{N}])/gu
const lowered = /(?<=\p{L})[₀-₉]+/gu
const equation =
  /(?<=[\p{N}²³)]|(?<!\p{L})\p{L})\s?=\s?(?=[\p{L}\p{N}(−-])|(?<=\p{L})\s?=\s?(?=[\p{N}(−-]|\p{L}(?!\p{L}))/gu
/** Requires spaces on both sides: "I <3 you" is no comparison. */
const comparison = /(?<=[\p{N}²³)]|(?<!\p{L})\p{L}) ([<>]) (?=[\p{N}(−-]|\p{L}(?!\p{L}))/gu
const product = /(?<=\d)\s?[×⋅]\s?(?=\d)/gu
/** A small letter by itself, a power or a bracket over something: "w/o", "24/7" and "I/O" are no fractions of quantities. */
const fraction =
  /(?<=(?<![\p{L}\p{N}/])\p{Ll})\s?\/\s?(?=\d+(?![\p{L}\p{N}/]))|(?<=[²³)])\s?\/\s?(?=(?:\d+|\p{Ll}|\()(?![\p{L}/]))/gu
const root = /√\s?(?=[\p{L}\p{N}(])/gu
const negative = /(?<![\p{L}\p{N}])−(?=\d)|(?<=\s)-(?=\d+(?:[.,]\d+)?\s?(?:°|℃|℉))/gu
const feetAndInches = /(?<![\p{L}\d.,])(\d{1,2})\s?['’′]\s?(\d{1,2})\s?(?:["”″]|['’′]{2})/gu
const feet = /(?<![\p{L}\d.,°′])(\d{1,4})\s?′(?![\d′])/gu
const inches = /(?<![\p{L}\d.,′])(\d{1,3})\s?″/gu

export function mathematicalWords(code: string): MathematicalWords | undefined {
  return table[code]
}

/** Powers, equations, feet and inches: "10⁶" → "10 to the sixth", "a = b", "5′11″" → "5 foot 11". */
export function sayMathematics({ text, language }: Passage, changes: Change[]): void {
  const words = table[language.code]
  if (!words) return
  addChanges(changes, text, powers, ([, base = '', sign = '']) => sayPower(base, sign, words))
  addChanges(changes, text, lowered, ([found]) => ` ${found.normalize('NFKC')}`)
  addChanges(changes, text, equation, ` ${words.equals} `)
  addChanges(changes, text, comparison, ([, sign]) => {
    const word = sign === '<' ? words.less : words.greater
    return word && ` ${word} `
  })
  addChanges(changes, text, product, ` ${words.times} `)
  addChanges(changes, text, fraction, ` ${words.over} `)
  addChanges(changes, text, root, `${words.root} `)
  addChanges(changes, text, negative, `${words.minus} `)
  const { foot, inches: inch } = words
  if (!foot || !inch) return
  addChanges(changes, text, feetAndInches, ([, high = '', rest = '']) =>
    Number(rest) < 12 ? `${high} ${foot[1]} ${rest}` : undefined,
  )
  addChanges(changes, text, feet, ([, count = '']) => foot[0](count))
  addChanges(changes, text, inches, ([, count = '']) => inch(count))
}

/** A base of one or two letters is a quantity; after digits and in longer words, ¹ is a note mark. */
function sayPower(base: string, sign: string, words: MathematicalWords): string | undefined {
  const exponent = sign.normalize('NFKC').replace('−', '-')
  if (exponent === '2') return `${base} ${words.squared}`
  if (exponent === '3') return `${base} ${words.cubed}`
  if (exponent === '1' || !/^\d/.test(base)) return undefined
  const value = Number(exponent)
  return value < 0
    ? `${base} ${words.power(-value).replace('the ', `the ${words.minus} `)}`
    : `${base} ${words.power(value)}`
}
