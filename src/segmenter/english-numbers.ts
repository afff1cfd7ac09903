const units = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ')
const tens = '_ ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const irregular: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
}

/** 0 to 99 in words: "twenty-one". */
export function englishCardinal(value: number): string {
  if (value < 20) return units[value] ?? ''
  const unit = value % 10
  return (tens[Math.floor(value / 10)] ?? '') + (unit === 0 ? '' : `-${units[unit]}`)
}

/** 1 to 99 in words: "twenty-first". */
export function englishOrdinal(value: number): string {
  const cardinal = englishCardinal(value)
  const [, head = '', last = ''] = /^(.*-)?(\w+)$/.exec(cardinal) ?? []
  return head + (irregular[last] ?? last.replace(/y$/, 'ie').concat('th'))
}

/** 1000 to 2099 as years are said: "seventeen eighty-three", "nineteen oh six", "eighteen hundred". */
export function englishYear(year: number): string {
  if (year < 1000 || year >= 2100) return String(year)
  const [century, rest] = [Math.floor(year / 100), year % 100]
  // "two thousand three" is said as any number.
  if (century === 20 && rest < 10) return String(year)
  if (century === 10 && rest === 0) return 'one thousand'
  return `${englishCardinal(century)} ${rest === 0 ? 'hundred' : twoFigures(rest)}`
}

/** "oh six", "forty-five": the minutes after an hour, the years after a century. */
export function twoFigures(value: number): string {
  return value < 10 ? `oh ${units[value]}` : englishCardinal(value)
}

/** "one half", "three quarters", "five eighths". */
export function englishFraction(above: number, below: number): string {
  const part = below === 2 ? 'half' : below === 4 ? 'quarter' : englishOrdinal(below)
  const many = below === 2 ? 'halves' : `${part}s`
  return `${englishCardinal(above)} ${above === 1 ? part : many}`
}

/** Figures one by one, as in a telephone's number: "five five five". */
export function englishDigits(figures: string): string {
  return Array.from(figures, (figure) => (figure === '0' ? 'oh' : units[Number(figure)])).join(' ')
}
