import { type Rule, wordBefore } from '../text-changes.ts'

/** A number in digits that is no part of a date, range or word, and the noun after it: "20 000 lire", "1.500", "12". */
const whole =
  /(?<![\p{L}\d.,/:–-])(\d{1,3}(?:[ .\u00a0\u2009\u202f]\d{3})+|\d{1,9})(?![\p{L}\d/:–-]|[.,]\d)(?=(?:\s(\p{L}+))?)/gu
const decimal = /(?<![\p{L}\d.,/:–-])(\d{1,3}(?:\.\d{3})+|\d{1,9}),(\d{1,12})(?![\p{L}\d/:–-]|[.,]\d)/gu

/** A language's words for numbers in digits. */
export interface NumberWords {
  /** 0 to 999,999,999, in the gender of the noun after it; that and the word before may be ''. */
  readonly cardinal: (value: number, noun: string, before: string) => string
  /** Between a number and its decimals. */
  readonly point: string
  readonly percent: string
}

/** Rules for the numbers that no other rule of the language takes. */
export function wholeNumbers(words: NumberWords): readonly Rule[] {
  const { cardinal, percent } = words
  return [
    [decimal, ([, figures = '', decimals = '']) => decimalInWords(words, figures, decimals)],
    [
      whole,
      ({ 1: figures = '', 2: noun = '', index, input }) =>
        inWords(cardinal, figures, noun, wordBefore(input, index)),
    ],
    [/(?<=\d)\s?%(?![\p{L}\d])/gu, ` ${percent}`],
  ]
}

/** The words for all numbers in what other rules have put: "5 reais e 50 centavos", "2,5 quilos". */
export function inWordsThroughout(words: NumberWords, spoken: string): string {
  const without = spoken.replaceAll(
    decimal,
    (found: string, figures: string, decimals: string) => decimalInWords(words, figures, decimals) ?? found,
  )
  return without.replaceAll(
    whole,
    (found: string, figures: string, noun: string | undefined, at: number) =>
      inWords(words.cardinal, figures, noun, wordBefore(without, at)) ?? found,
  )
}

/** `undefined` for numbers that stay in digits: "007", very long ones. */
function inWords(
  cardinal: NumberWords['cardinal'],
  figures: string,
  noun = '',
  before = '',
): string | undefined {
  const plain = figures.replaceAll(/\D/g, '')
  return plain.length > 9 || /^0\d/.test(plain) ? undefined : cardinal(Number(plain), noun, before)
}

/** The decimals as one number, those with a zero before them and long ones digit by digit. */
function decimalInWords(
  { cardinal, point }: NumberWords,
  figures: string,
  decimals: string,
): string | undefined {
  const before = inWords(cardinal, figures)
  if (before === undefined) return undefined
  const oneNumber = decimals.length <= 2 && !decimals.startsWith('0')
  const after = oneNumber
    ? cardinal(Number(decimals), '', '')
    : Array.from(decimals, (figure) => cardinal(Number(figure), '', '')).join(' ')
  return `${before} ${point} ${after}`
}
