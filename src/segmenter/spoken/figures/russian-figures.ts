import { vulgarFraction, romanValue } from '../../numeral-values.ts'
import type { Rule } from '../text-changes.ts'
import { russianOrdinals, russianRulers, russianYears } from './russian-ordinals.ts'

/** 1 to 21 as "девятнадцат": the ending follows the case. */
const stems = (
  '_ перв втор трет четвёрт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат ' +
  'шестнадцат семнадцат восемнадцат девятнадцат двадцат двадцать_перв'
)
  .split(' ')
  .map((stem) => stem.replace('_', ' '))

/** "XIX век" → "девятнадцатый век", "в XIX веке" → "в девятнадцатом веке". */
const sayCentury: Rule[1] = ([, numeral = '', noun = '']) => {
  const value = romanValue(numeral)
  const stem = stems[value]
  if (stem === undefined || value === 0) return undefined
  const ending =
    noun === 'век'
      ? [2, 6, 7, 8].includes(value)
        ? 'ой'
        : 'ый'
      : noun === 'века'
        ? 'ого'
        : noun === 'веке'
          ? 'ом'
          : 'ому'
  const spoken =
    value === 3 ? (noun === 'век' ? 'третий' : `треть${ending.replace(/^о/, 'е')}`) : stem + ending
  return `${spoken} ${noun}`
}

const cardinals = (
  'ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать ' +
  'пятнадцать шестнадцать семнадцать восемнадцать девятнадцать'
).split(' ')
const tens = '_ _ двадцать тридцать сорок пятьдесят'.split(' ')

/** 0 to 59. */
function cardinal(value: number): string {
  if (value < 20) return cardinals[value] ?? ''
  return `${tens[Math.floor(value / 10)]}${value % 10 === 0 ? '' : ` ${cardinals[value % 10]}`}`
}

const sayTime: Rule[1] = ([, hours = '', minutes = '']) => {
  const zero = minutes.startsWith('0') ? 'ноль ' : ''
  return `${cardinal(Number(hours))} ${zero}${cardinal(Number(minutes))}`
}

const sayFraction: Rule[1] = ([, above = '', below = '', sign]) => {
  const [over, under] = sign === undefined ? [Number(above), Number(below)] : (vulgarFraction(sign) ?? [0, 0])
  if (over === 1 && under === 2) return 'половина'
  if (over === 1 && under === 3) return 'треть'
  if (over === 1 && under === 4) return 'четверть'
  if (over === 2 && under === 3) return 'две трети'
  return over === 3 && under === 4 ? 'три четверти' : undefined
}

/** The last digits determine the form: 1 год, 2 года, 5 лет. */
const units: Readonly<Record<string, readonly [one: string, few: string, many: string]>> = {
  км: ['километр', 'километра', 'километров'],
  м: ['метр', 'метра', 'метров'],
  см: ['сантиметр', 'сантиметра', 'сантиметров'],
  кг: ['килограмм', 'килограмма', 'килограммов'],
  г: ['грамм', 'грамма', 'граммов'],
  руб: ['рубль', 'рубля', 'рублей'],
  коп: ['копейка', 'копейки', 'копеек'],
  '₽': ['рубль', 'рубля', 'рублей'],
}

const sayUnit: Rule[1] = ([, figures = '', unit = '']) => {
  const names = units[unit]
  if (!names) return undefined
  const value = Number(figures)
  const [last, teen] = [value % 10, value % 100 > 10 && value % 100 < 20]
  return `${figures} ${!teen && last === 1 ? names[0] : !teen && last > 1 && last < 5 ? names[1] : names[2]}`
}

export const russianFigures: readonly Rule[] = [
  [/(?<![\d:.,])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])/g, sayTime],
  [/(?<![\p{L}\d/.,])(?:(\d)[/⁄](\d)(?![\d/])|([¼-¾⅐-⅞]))/gu, sayFraction],
  russianYears,
  [/(?<![\d.,])(\d+)\s?(км|см|кг|руб|коп|[мг₽])(?:\.(?=\s+\p{Ll})|(?![\p{L}.²³]))/gu, sayUnit],
  [/(?<!\p{L})№\s?(?=\d)/gu, 'номер '],
  ...russianOrdinals,
]

/** Centuries and rulers, with Roman numerals. */
export const russianRomans: readonly Rule[] = [
  [/(?<!\p{L})([XIV]{1,5})\s(век[аеу]?)(?!\p{L})/gu, sayCentury],
  ...russianRulers,
]
