import { digitByDigit, hardened, numberParts, numericValue } from './japanese-numbers.ts'

/** How a counter changes the number before it, and itself. */
interface Counter {
  readonly reading: string
  /** It begins with k or p (6 too is said short), or with s, t or ch. */
  readonly hard?: 'k' | 's'
  /** Its reading after 3 and 1,000, and after what is said short. */
  readonly afterThree?: string
  readonly afterShort?: string
  readonly afterFour?: string
  /** Number and counter together. */
  readonly whole?: Readonly<Record<number, string>>
  /** The last digit otherwise than alone: ヨ, シチ, ク. */
  readonly four?: 'ヨ' | 'シ'
  readonly seven?: 'シチ'
  readonly nine?: 'ク'
}

const k = (reading: string, rest: Partial<Counter> = {}): Counter => ({ reading, hard: 'k', ...rest })
const s = (reading: string, rest: Partial<Counter> = {}): Counter => ({ reading, hard: 's', ...rest })
const plain = (reading: string, rest: Partial<Counter> = {}): Counter => ({ reading, ...rest })
/** ホン, サンボン, イッポン. */
const h = (reading: string, voiced: string, hardReading: string, afterFour = reading): Counter => ({
  reading,
  hard: 'k',
  afterThree: voiced,
  afterShort: hardReading,
  afterFour,
})

const days: Readonly<Record<number, string>> = {
  1: 'イチニチ',
  2: 'フツカ',
  3: 'ミッカ',
  4: 'ヨッカ',
  5: 'イツカ',
  6: 'ムイカ',
  7: 'ナノカ',
  8: 'ヨーカ',
  9: 'ココノカ',
  10: 'トーカ',
  14: 'ジューヨッカ',
  20: 'ハツカ',
  24: 'ニジューヨッカ',
}

const counters: Readonly<Record<string, Counter>> = {
  人: plain('ニン', { four: 'ヨ', whole: { 1: 'ヒトリ', 2: 'フタリ' } }),
  名: plain('メイ'),
  日: plain('ニチ', { nine: 'ク', whole: days }),
  日間: plain('ニチカン', {
    whole: Object.fromEntries(Object.entries(days).map(([day, said]) => [day, `${said}カン`])),
  }),
  月: plain('ガツ', { four: 'シ', seven: 'シチ', nine: 'ク' }),
  時: plain('ジ', { four: 'ヨ', seven: 'シチ', nine: 'ク' }),
  時間: plain('ジカン', { four: 'ヨ', seven: 'シチ', nine: 'ク' }),
  分: h('フン', 'プン', 'プン', 'プン'),
  分間: h('フンカン', 'プンカン', 'プンカン', 'プンカン'),
  秒: plain('ビョー'),
  年: plain('ネン', { four: 'ヨ' }),
  年間: plain('ネンカン', { four: 'ヨ' }),
  世紀: s('セーキ'),
  週間: s('シューカン'),
  ヶ月: k('カゲツ'),
  ヵ月: k('カゲツ'),
  か月: k('カゲツ'),
  カ月: k('カゲツ'),
  ケ月: k('カゲツ'),
  箇月: k('カゲツ'),
  歳: s('サイ', { whole: { 20: 'ハタチ' } }),
  才: s('サイ', { whole: { 20: 'ハタチ' } }),
  回: k('カイ'),
  回目: k('カイメ'),
  階: k('カイ', { afterThree: 'ガイ' }),
  個: k('コ'),
  件: k('ケン'),
  軒: k('ケン', { afterThree: 'ゲン' }),
  巻: k('カン'),
  キロ: k('キロ'),
  カ国: k('カコク'),
  ヶ国: k('カコク'),
  本: h('ホン', 'ボン', 'ポン'),
  匹: h('ヒキ', 'ビキ', 'ピキ'),
  杯: h('ハイ', 'バイ', 'パイ'),
  歩: h('ホ', 'ポ', 'ポ'),
  泊: h('ハク', 'パク', 'パク'),
  発: h('ハツ', 'パツ', 'パツ'),
  冊: s('サツ'),
  足: s('ソク', { afterThree: 'ゾク' }),
  着: s('チャク'),
  頭: s('トー'),
  通: s('ツー'),
  点: s('テン'),
  章: s('ショー'),
  尺: s('シャク'),
  寸: s('スン'),
  艘: s('ソー'),
  丁目: s('チョーメ'),
  ページ: s('ページ'),
  頁: s('ページ'),
  パーセント: s('パーセント'),
  '%': s('パーセント'),
  '％': s('パーセント'),
  羽: plain('ワ'),
  枚: plain('マイ'),
  台: plain('ダイ'),
  度: plain('ド'),
  番: plain('バン'),
  番目: plain('バンメ'),
  円: plain('エン', { four: 'ヨ' }),
  号: plain('ゴー'),
  倍: plain('バイ'),
  割: plain('ワリ'),
  話: plain('ワ'),
  里: plain('リ'),
  畳: plain('ジョー', { four: 'ヨ' }),
  メートル: plain('メートル'),
  グラム: plain('グラム'),
  ドル: plain('ドル'),
  km: k('キロメートル'),
  kg: k('キログラム'),
  cm: s('センチ'),
  mm: plain('ミリ'),
  m: plain('メートル'),
  g: plain('グラム'),
  '℃': plain('ド'),
}

const numeral = String.raw`\d[\d,]*(?:\.\d+)?[万億兆]?|[〇一二三四五六七八九十百千万億兆]+|何`
const counter = Object.keys(counters)
  .toSorted((a, b) => b.length - a.length)
  .join('|')
const counted = new RegExp(`(?<number>${numeral})(?<counter>${counter})?`, 'g')

/** A number with its counter, `[start, end)` of a text, in katakana. */
export interface CountedNumber {
  readonly start: number
  readonly end: number
  readonly kana: string
  /** Written in figures, which the dictionary cannot read; else in characters, which it may know as a word. */
  readonly figures: boolean
}

/** Numbers in figures, numbers in characters before a counter or of several places. Figures have to be ASCII. */
export function countedNumbers(text: string): CountedNumber[] {
  return [...text.matchAll(counted)].flatMap((match): CountedNumber[] => {
    const { number = '', counter: unit } = match.groups ?? {}
    const figures = /^\d/.test(number)
    if (!figures && unit === undefined && !/.[十百千]|[十百千]./u.test(number)) return []
    const isDate = unit === '日' && text[match.index - 1] === '月'
    const kana = isDate && numericValue(number) === 1 ? 'ツイタチ' : countedReading(number, unit)
    if (kana === undefined) return []
    return [{ start: match.index, end: match.index + match[0].length, kana, figures }]
  })
}

function countedReading(number: string, unit: string | undefined): string | undefined {
  const { reading, whole, ...changes }: Counter =
    (unit === undefined ? undefined : counters[unit]) ?? plain('')
  if (number === '何') return unit === undefined ? undefined : `ナン${changes.afterThree ?? reading}`
  // 二三人: about so many.
  const [first = '', second = ''] = number
  if (/^[一二三四五六七八九]{2}$/u.test(number) && numericValue(second) === numericValue(first)! + 1)
    return `${firstOfTwo[first] ?? ''}${joined(numberParts(numericValue(second)!).join(''), { reading, ...changes })}`
  const [integer = '', decimals] = number.replace(/[万億兆]$/, '').split('.')
  if (decimals !== undefined) {
    const value = numericValue(integer)
    const scale = /[万億兆]$/.exec(number)?.[0]
    const scaled = scale === undefined ? '' : { 万: 'マン', 億: 'オク', 兆: 'チョー' }[scale]
    return value === undefined
      ? undefined
      : `${numberParts(value).join('')}テン${digitByDigit(decimals)}${scaled}${reading}`
  }
  if (/^0\d/.test(integer)) return digitByDigit(integer) + reading
  const value = numericValue(number)
  if (value === undefined) return undefined
  const together = whole?.[value]
  if (together !== undefined) return together
  const parts = numberParts(value)
  const last = parts.pop() ?? ''
  return parts.join('') + joined(last, { reading, ...changes })
}

const firstOfTwo: Readonly<Record<string, string>> = {
  一: 'イチ',
  二: 'ニ',
  三: 'サン',
  四: 'シ',
  五: 'ゴ',
  六: 'ロク',
  七: 'シチ',
  八: 'ハチ',
}

function joined(last: string, counter: Counter): string {
  const { reading, hard, four, seven, nine, afterThree, afterShort, afterFour } = counter
  if (last === 'ヨン') return (four ?? last) + (afterFour ?? reading)
  if (last === 'ナナ') return (seven ?? last) + reading
  if (last === 'キュー') return (nine ?? last) + reading
  if (last === 'サン' || last.endsWith('セン')) return last + (afterThree ?? reading)
  const short = hard === undefined ? last : hardened(last, hard === 'k')
  return short + (short === last ? reading : (afterShort ?? reading))
}
