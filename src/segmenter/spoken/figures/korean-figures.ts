import { vulgarFraction } from '../../numeral-values.ts'
import type { Rule } from '../text-changes.ts'

const digits = '영 일 이 삼 사 오 육 칠 팔 구'.split(' ')
const native = '_ 한 두 세 네 다섯 여섯 일곱 여덟 아홉'.split(' ')
const nativeTens = '_ 열 스물 서른 마흔 쉰 예순 일흔 여든 아흔'.split(' ')

/** Sino-Korean, below 10¹²: dates, minutes, money, floors. */
function koreanCardinal(value: number): string {
  if (value === 0) return '영'
  let spoken = ''
  for (const [size, name] of [
    [1e8, '억'],
    [1e4, '만'],
    [1, ''],
  ] as const) {
    const group = Math.floor(value / size) % 1e4
    if (group === 0) continue
    spoken += (group === 1 && size === 1e4 && spoken === '' ? '' : sayGroup(group)) + name
  }
  return spoken
}

function sayGroup(group: number): string {
  let spoken = ''
  for (const [size, name] of [
    [1000, '천'],
    [100, '백'],
    [10, '십'],
    [1, ''],
  ] as const) {
    const figure = Math.floor(group / size) % 10
    if (figure > 0) spoken += (figure === 1 && size > 1 ? '' : digits[figure]) + name
  }
  return spoken
}

/** Native Korean, 1 to 99, before counters: "세 시", "스무 살". */
function koreanCount(value: number): string {
  if (value === 20) return '스무'
  return (
    (nativeTens[Math.floor(value / 10)] ?? '').replace('_', '') + (native[value % 10] ?? '').replace('_', '')
  )
}

/** Counters used with native numbers: hours, pieces, people, years of age, times, animals, books, cups and similar. */
const counters =
  '시간|시|개|명|사람|살|번째|번|마리|권|잔|병|송이|그루|대|채|벌|켤레|가지|분(?=이|은|의|께)|달|군데'

const sayCounted: Rule[1] = ([, figures = '', counter = '']) => {
  const value = Number(figures)
  return value > 0 && value < 100 ? `${koreanCount(value)} ${counter}` : undefined
}

const sayFraction: Rule[1] = ([, above = '', below = '', sign]) => {
  const [over, under] = sign === undefined ? [Number(above), Number(below)] : (vulgarFraction(sign) ?? [0, 0])
  return over > 0 && over < under ? `${koreanCardinal(under)}분의 ${koreanCardinal(over)}` : undefined
}

const sayTime: Rule[1] = ([, hours = '', minutes = '']) => {
  const hour = Number(hours)
  const spoken = hour > 12 || hour === 0 ? koreanCardinal(hour) : koreanCount(hour)
  return Number(minutes) === 0 ? `${spoken} 시` : `${spoken} 시 ${koreanCardinal(Number(minutes))} 분`
}

const sayNumber: Rule[1] = ([found, whole = '', part]) => {
  const plain = whole.replaceAll(',', '')
  if (plain.length > 12) return undefined
  if (/^0\d/.test(plain))
    return Array.from(found.replaceAll(/\D/g, ''), (figure) => digits[Number(figure)])
      .join('')
      .replaceAll('영', '공')
  const tail =
    part === undefined ? '' : ` 점 ${Array.from(part, (figure) => digits[Number(figure)]).join('')}`
  return koreanCardinal(Number(plain)) + tail
}

export const koreanFigures: readonly Rule[] = [
  [/(?<![\d:.,])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])/g, sayTime],
  [/(?<![\d/.,])(?:(\d{1,2})[/⁄](\d{1,3})(?![\d/])|([¼-¾⅐-⅞]))/gu, sayFraction],
  [new RegExp(`(?<![\\d.,:])(\\d{1,2})\\s?(${counters})`, 'gu'), sayCounted],
  [/(?<=\d)\s?%/g, ' 퍼센트'],
  [/(?<![A-Za-z\d])(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(?![A-Za-z])/g, sayNumber],
]
