const digits = ['ゼロ', 'イチ', 'ニ', 'サン', 'ヨン', 'ゴ', 'ロク', 'ナナ', 'ハチ', 'キュー']
const hundreds = [
  '',
  'ヒャク',
  'ニヒャク',
  'サンビャク',
  'ヨンヒャク',
  'ゴヒャク',
  'ロッピャク',
  'ナナヒャク',
  'ハッピャク',
  'キューヒャク',
]
const thousands = [
  '',
  'セン',
  'ニセン',
  'サンゼン',
  'ヨンセン',
  'ゴセン',
  'ロクセン',
  'ナナセン',
  'ハッセン',
  'キューセン',
]
const units: readonly (readonly [size: number, name: string])[] = [
  [1e12, 'チョー'],
  [1e8, 'オク'],
  [1e4, 'マン'],
]

/** A whole number below 10¹⁶ in katakana, each place a part: 21 is `ニジュー`, `イチ`. */
export function numberParts(value: number): string[] {
  if (value === 0) return ['ゼロ']
  const parts: string[] = []
  let rest = value
  for (const [size, name] of units) {
    const group = Math.floor(rest / size)
    rest %= size
    if (group === 0) continue
    const inner = groupParts(group)
    if (name === 'チョー') inner.push(hardened(inner.pop() ?? ''))
    parts.push(...inner.slice(0, -1), `${inner.at(-1)}${name}`)
  }
  return [...parts, ...groupParts(rest)]
}

/** Below 10,000. */
function groupParts(value: number): string[] {
  const [thousand, hundred, ten, one] = [1000, 100, 10, 1].map((size) => Math.floor(value / size) % 10)
  return [
    thousands[thousand!]!,
    hundreds[hundred!]!,
    ten === 0 ? '' : `${ten === 1 ? '' : digits[ten!]}ジュー`,
    one === 0 ? '' : digits[one!]!,
  ].filter((part) => part !== '')
}

/** Before a counter that begins with k, s, t, h or p: イッ, ロッ, ハッ, ジュッ, ヒャッ. */
export function hardened(part: string, withSix = false): string {
  if (part.endsWith('イチ')) return `${part.slice(0, -2)}イッ`
  if (part.endsWith('ハチ')) return `${part.slice(0, -2)}ハッ`
  if (part.endsWith('ジュー')) return `${part.slice(0, -3)}ジュッ`
  if (withSix && part.endsWith('ロク')) return `${part.slice(0, -2)}ロッ`
  if (withSix && part.endsWith('ャク')) return `${part.slice(0, -1)}ッ`
  return part
}

/** Digit by digit: telephone numbers, decimals. */
export function digitByDigit(figures: string): string {
  return Array.from(figures, (figure) => digits[Number(figure)] ?? '').join('')
}

const kanji: Readonly<Record<string, number>> = {
  〇: 0,
  零: 0,
  一: 1,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
}
const places: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 }
const myriads: Readonly<Record<string, number>> = { 万: 1e4, 億: 1e8, 兆: 1e12 }

/** The value of 二十三, 一九四五 or 12万; `undefined` if it is no number below 10¹⁶. */
export function numericValue(written: string): number | undefined {
  const plain = written.replaceAll(/[,，]/g, '')
  if (/^\d+$/.test(plain)) return plain.length <= 15 ? Number(plain) : undefined
  let [total, group, last] = [0, 0, '']
  for (const symbol of plain.match(/\d+|./gu) ?? []) {
    if (symbol in kanji || /^\d+$/.test(symbol)) last += kanji[symbol] ?? symbol
    else if (symbol in places) {
      group += (last === '' ? 1 : Number(last)) * places[symbol]!
      last = ''
    } else if (symbol in myriads) {
      total += (group + Number(last || (group === 0 ? 1 : 0))) * myriads[symbol]!
      ;[group, last] = [0, '']
    } else return undefined
  }
  const value = total + group + Number(last || 0)
  return value < 1e16 ? value : undefined
}
