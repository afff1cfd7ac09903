import { vulgarFraction } from '../../numeral-values.ts'
import type { Rule } from '../text-changes.ts'

const digits = 'không một hai ba bốn năm sáu bảy tám chín'.split(' ')
const scales = ['', ' nghìn', ' triệu', ' tỷ']

/** A whole number below 10¹² in words: 15 "mười lăm", 21 "hai mươi mốt", 105 "một trăm linh năm". */
function vietnameseCardinal(value: number): string {
  if (value === 0) return 'không'
  const spoken: string[] = []
  for (let place = scales.length - 1; place >= 0; place--) {
    const group = Math.floor(value / 1000 ** place) % 1000
    if (group === 0) continue
    spoken.push(sayGroup(group, spoken.length > 0) + scales[place])
  }
  return spoken.join(' ')
}

/** `full`: after a higher group the hundreds are spoken even if zero, "không trăm linh năm". */
function sayGroup(group: number, full: boolean): string {
  const [hundreds, ten, unit] = [Math.floor(group / 100), Math.floor(group / 10) % 10, group % 10]
  const spoken: string[] = []
  if (hundreds > 0 || full) spoken.push(`${digits[hundreds]} trăm`)
  if (ten === 0 && unit > 0 && spoken.length > 0) spoken.push('linh')
  if (ten === 1) spoken.push('mười')
  if (ten > 1) spoken.push(`${digits[ten]} mươi`)
  if (unit > 0) {
    if (unit === 1 && ten > 1) spoken.push('mốt')
    else if (unit === 5 && ten > 0) spoken.push('lăm')
    else spoken.push(digits[unit] ?? '')
  }
  return spoken.join(' ')
}

/**
 * Reads digits with separators: "1.200.000", "5,67"; digit by digit if there is a leading zero or the number is very
 * long.
 */
function vietnameseNumber(written: string): string {
  const [whole = '', part] = written.replaceAll('.', '').split(',')
  const spoken = /^0\d/.test(whole) || whole.length > 12 ? byDigit(whole) : vietnameseCardinal(Number(whole))
  return part === undefined ? spoken : `${spoken} phẩy ${byDigit(part)}`
}

function byDigit(figures: string): string {
  return Array.from(figures, (figure) => digits[Number(figure)] ?? '').join(' ')
}

const number = /(?<![\p{L}\d])\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)|(?<![\p{L}\d])\d+(?:,\d+)?(?![\p{L}\d])/gu

/** "thứ nhất", "thứ tư", "tháng tư", otherwise the plain number. */
const sayOrdinal: Rule[1] = ([, word, figures = '']) => {
  if (figures === '4') return 'tư'
  return figures === '1' && word === 'hứ' ? 'nhất' : vietnameseCardinal(Number(figures))
}

const sayTime: Rule[1] = ([, hours = '', minutes]) => {
  const minute = Number(minutes ?? 0)
  const hour = `${vietnameseCardinal(Number(hours))} giờ`
  return minute === 0 ? hour : `${hour} ${vietnameseCardinal(minute)}`
}

const sayFraction: Rule[1] = ([, above = '', below = '']) => {
  const [over, under] = [Number(above), Number(below)]
  if (under === 0 || over >= under) return undefined
  return sayPart(over, under)
}

function sayPart(above: number, below: number): string {
  return `${vietnameseCardinal(above)} phần ${below === 4 ? 'tư' : vietnameseCardinal(below)}`
}

const saySign: Rule[1] = ([, whole, sign = '']) => {
  const [above, below] = vulgarFraction(sign) ?? [0, 0]
  if (whole === undefined) return above === 1 && below === 2 ? 'một nửa' : sayPart(above, below)
  const lead = vietnameseCardinal(Number(whole))
  return above === 1 && below === 2 ? `${lead} rưỡi` : `${lead} và ${sayPart(above, below)}`
}

/**
 * Clock times, ordinals, fractions, house and telephone numbers, then all other digits: eSpeak NG says "mười năm" for
 * 15.
 */
export const vietnameseFigures: readonly Rule[] = [
  [/(?<![\d:.,])([01]?\d|2[0-4])\s?(?:h|g|:)\s?([0-5]\d)(?![\d:\p{L}])/gu, sayTime],
  [/(?<![\d:.,])([01]?\d|2[0-4])\s?h(?![\p{L}\d/])/gu, sayTime],
  // "1m75" is a height, "12A" a class or a house.
  [
    /(?<![\p{L}\d.,])(\d)m(\d{1,2})(?![\p{L}\d])/gu,
    ([, metres = '', rest = '']) =>
      `${vietnameseCardinal(Number(metres))} mét ${rest.startsWith('0') ? byDigit(rest) : vietnameseCardinal(Number(rest))}`,
  ],
  [
    /(?<![\p{L}\d.,/-])(\d{1,3})(?=[A-H](?![\p{L}\d]))/gu,
    ([, figures = '']) => `${vietnameseNumber(figures)} `,
  ],
  [/(?<=(?<!\p{L})[Tt](hứ|háng)\s)(\d{1,2})(?![\d/-]|[.,]\d)/gu, sayOrdinal],
  [/(?<![\d.,])0\d{1,3}(?:[ .-]?\d{2,4}){2,3}(?!\d)/gu, ([found]) => byDigit(found.replaceAll(/\D/g, ''))],
  [
    /(?<=(?:số|nhà|hẻm|ngõ|ngách|kiệt)\s)(\d+)\/(\d+)(?![\d/])/giu,
    ([, a = '', b = '']) => `${vietnameseCardinal(Number(a))} trên ${vietnameseCardinal(Number(b))}`,
  ],
  [/(?<![\p{L}\d/.,])(\d{1,2})\/(\d{1,3})(?![\p{L}\d/])/gu, sayFraction],
  [/(?<![\d.,])(\d+)?([¼-¾⅐-⅞])/gu, saySign],
  [
    /(?<![\d.,])(\d+(?:\.\d{3})*(?:,\d+)?)\s?%/gu,
    ([, amount = '']) => `${vietnameseNumber(amount)} phần trăm`,
  ],
  [
    /(?<![\p{L}\d.,/–-])(\d{1,3}(?:\.\d{3})+|\d{1,4})\s[-–]\s(\d{1,3}(?:\.\d{3})+|\d{1,4})(?![\p{L}\d/–-]|[.,]\d)/gu,
    ([, from = '', to = '']) =>
      Number(from.replaceAll('.', '')) < Number(to.replaceAll('.', ''))
        ? `${vietnameseNumber(from)} đến ${vietnameseNumber(to)}`
        : undefined,
  ],
  [
    /(?<![\p{L}\d.,/–-])(\d{1,4})[-–](\d{1,4})(?![\p{L}\d/–-]|[.,]\d)/gu,
    ([, from = '', to = '']) =>
      `${vietnameseNumber(from)}${Number(from) < Number(to) ? ' đến ' : ' '}${vietnameseNumber(to)}`,
  ],
  [number, ([found]) => vietnameseNumber(found)],
]

/** Converts the digits that other rules left in their output. */
export function vietnameseWords(spoken: string): string {
  return spoken.replaceAll(number, (found) => vietnameseNumber(found))
}
