import { vulgarFraction } from '../../numeral-values.ts'
import { applyRules, addChanges, type Change, type Passage, type Rule } from '../text-changes.ts'

const digits = '〇一二三四五六七八九'
const counted =
  /^(?:[万千亿萬億个個位名只隻次天条條件张張本人家种種座间間层層块塊匹双雙把口杯瓶声聲眼句步篇套点點岁歲秒周週倍斤里米吨噸辆輛部封头頭棵朵首幅台架艘支枝根群批排袋箱包盒碗盘盤壶壺顿頓颗顆粒滴章]|小时|小時|分(?![之数數])|公[里斤分尺]|年(?![级級代初底末])|个月|個月)/u
const latin = /[A-Za-z]/

const currencies: Readonly<Record<string, string>> = {
  '¥': '元',
  '￥': '元',
  $: '美元',
  '€': '欧元',
  '£': '英镑',
}
const units: Readonly<Record<string, string>> = {
  km: '公里',
  'km²': '平方公里',
  'm²': '平方米',
  'm³': '立方米',
  m: '米',
  cm: '厘米',
  mm: '毫米',
  kg: '公斤',
  g: '克',
  '°C': '摄氏度',
  '℃': '摄氏度',
  '°F': '华氏度',
  '℉': '华氏度',
  '°': '度',
}

const number = '\\d+(?:,\\d{3})*(?:\\.\\d+)?'
const anyNumber = new RegExp(number, 'g')

const rules: readonly Rule[] = [
  [
    /(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(日|号|號)?(?!\d)/g,
    ([, year = '', month, day, word]) =>
      Number(month) <= 12 && Number(day) <= 31
        ? `${byDigit(year)}年${sayWhole(Number(month))}月${sayWhole(Number(day))}${word ?? '日'}`
        : undefined,
  ],
  [
    /(?<!\d)(1[1-9]\d{2}|20\d{2})[-–—~～](1[1-9]\d{2}|20\d{2})(?=年)/g,
    ([, from = '', to = '']) => `${byDigit(from)}至${byDigit(to)}`,
  ],
  // A year from 1100 to 2099; other numbers before 年 count years.
  [/(?<!\d)(?:1[1-9]|20)\d{2}(?=年(?![前后後间間内內]))/g, ([found]) => byDigit(found)],
  [
    /(?<!\d)(\d{1,2})[:：](\d{2})[-–—~～](\d{1,2})[:：](\d{2})(?!\d)/g,
    ([, hour, minute, until, last]) => `${sayTime(hour, minute)}至${sayTime(until, last)}`,
  ],
  [/(?<!\d)(\d{1,2})[:：](\d{2})(?!\d)/g, ([, hour, minute]) => sayTime(hour, minute)],
  [
    /(?<!\d)(\d{1,2})[:：](\d)(?!\d)/g,
    ([, ours, theirs]) => `${chineseNumber(ours)}比${chineseNumber(theirs)}`,
  ],
  [
    /(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)/g,
    ([found]) => byDigit(found.replace('-', '')).replaceAll('〇', '零'),
  ],
  // Rooms and numbers that are dialled.
  [
    /(?<!\d)\d{3,4}(?=(?:号?房(?![子东東产產价價])|室))|(?<=(?:打|拨打|撥打|报|報|呼叫))1\d\d(?!\d)/g,
    ([found]) => byDigit(found).replaceAll('〇', '零'),
  ],
  [/[½⅓⅔¼¾⅕-⅞]/g, ([sign]) => saySign(sign)],
  [
    new RegExp(`(?<![\\d.])[-−－](${number})\\s?(℃|°C|度)`, 'g'),
    ([, amount, unit = '']) => `零下${chineseNumber(amount)}${units[unit] ?? unit}`,
  ],
  [/(?<=\d)\s?[+＋]\s?(?=\d)/g, '加'],
  [/(?<=\d)\s?[=＝]\s?(?=\d)/g, '等于'],
  [/(?<![A-Za-z])N[oO]\.\s?(?=\d)/g, '第'],
  [new RegExp(`(${number})[%％]`, 'g'), ([, amount]) => `百分之${chineseNumber(amount)}`],
  [
    new RegExp(`([¥￥$€£])\\s?(${number})(万|亿|萬|億)?`, 'g'),
    ([, sign = '', amount, scale = '']) =>
      `${chineseNumber(amount?.replace(/(\.\d*?)0+$/, '$1'))}${scale}${currencies[sign] ?? ''}`,
  ],
  [
    new RegExp(`(${number})\\s?(km²|m²|m³|km|cm|mm|kg|℃|℉|°C|°F|°|[mg])(?![A-Za-z²³])`, 'g'),
    ([, amount = '', unit = '']) =>
      `${amount === '2' && !unit.includes('°') ? '两' : chineseNumber(amount)}${units[unit] ?? ''}`,
  ],
  [
    new RegExp(`(?<![\\d/])(\\d{1,3})/(\\d{1,3})(?![\\d/])`, 'g'),
    ([, above, below]) => `${chineseNumber(below)}分之${chineseNumber(above)}`,
  ],
  [
    new RegExp(`(?<![\\d.-])(${number})[-–—~～](${number})(?![\\d-]|\\.\\d)`, 'g'),
    ([, from, to]) => `${chineseNumber(from)}至${chineseNumber(to)}`,
  ],
]

/**
 * Converts digits in Chinese text to characters: engines switch to English at digits, or read 2024年 as a count. Digits
 * that belong to a Latin word (A4) stay.
 */
export function sayChineseNumbers({ text }: Passage, changes: Change[]): void {
  // Full-width digits have the same length as ASCII ones, so offsets do not change.
  const plain = text.replaceAll(/[０-９．]/g, (figure) => figure.normalize('NFKC'))
  applyRules(changes, plain, rules)
  addChanges(changes, plain, anyNumber, ({ 0: found, index }) => {
    if (latin.test(plain[index - 1] ?? '') || latin.test(plain[index + found.length] ?? '')) return undefined
    if (found === '2' && plain[index - 1] !== '第' && counted.test(plain.slice(index + 1))) return '两'
    return chineseNumber(found)
  })
}

function sayTime(hour = '', minute = ''): string {
  const past = Number(minute)
  return `${chineseNumber(hour)}点${past === 0 ? '' : `${past < 10 ? '零' : ''}${sayWhole(past)}分`}`
}

function saySign(sign: string): string | undefined {
  const found = vulgarFraction(sign)
  return found && `${sayWhole(found[1])}分之${sayWhole(found[0])}`
}

/** "1,234.5" → "一千二百三十四点五"; long numbers and those with a leading zero are read digit by digit. */
export function chineseNumber(written = ''): string {
  const [whole = '', part] = written.replaceAll(',', '').split('.')
  const tail = !part ? '' : `点${byDigit(part).replaceAll('〇', '零')}`
  if (whole.length > 12 || (whole.length > 1 && whole.startsWith('0'))) return byDigit(whole) + tail
  return sayWhole(Number(whole)) + tail
}

function byDigit(figures: string): string {
  return figures.replaceAll(/\d/g, (figure) => digits[Number(figure)] ?? figure)
}

/** A whole number below 10¹², grouped by ten thousands, with 零 for skipped places. */
function sayWhole(value: number): string {
  if (value === 0) return '零'
  let spoken = ''
  let gap = false
  for (const [size, name] of [
    [1e8, '亿'],
    [1e4, '万'],
    [1, ''],
  ] as const) {
    const group = Math.floor(value / size) % 1e4
    if (group === 0) {
      gap = spoken !== ''
      continue
    }
    if (spoken !== '' && (gap || group < 1000)) spoken += '零'
    spoken += sayGroup(group) + name
    gap = false
  }
  return spoken
    .replace(/^一十/, '十')
    .replace(/^二(?=[万亿])/, '两')
    .replaceAll(/(^|[万亿])二千/g, '$1两千')
}

function sayGroup(group: number): string {
  let spoken = ''
  let gap = false
  for (const [size, name] of [
    [1000, '千'],
    [100, '百'],
    [10, '十'],
    [1, ''],
  ] as const) {
    const figure = Math.floor(group / size) % 10
    if (figure === 0) {
      gap = spoken !== ''
      continue
    }
    spoken += (gap ? '零' : '') + digits[figure] + name
    gap = false
  }
  return spoken
}
