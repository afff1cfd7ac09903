type Range = readonly [first: number, last: number]

const one = String.raw`\d{1,6}`
const range = String.raw`(?:${one}\s*[-–—]\s*(?:${one})?|[-–—]\s*${one}|${one})`
const list = new RegExp(String.raw`^\s*${range}(?:\s*[,;、，；]\s*${range}|\s+${range})*\s*[,;、，；]?\s*$`)

/**
 * `100-200, 305` as ranges; `100-` goes to the end. `undefined` where the text is something else, or a single number,
 * which may stand in a title as well.
 */
export function numberRanges(text: string): readonly Range[] | undefined {
  if (!list.test(text) || /^\s*\d+\s*$/.test(text)) return undefined
  const found = text.matchAll(/(\d*)\s*([-–—])\s*(\d*)|(\d+)/g)
  return [...found].map(([, from = '', dash, to = '', single]) => {
    if (dash === undefined) return [Number(single), Number(single)]
    const [first, last] = [from === '' ? 0 : Number(from), to === '' ? Infinity : Number(to)]
    return first <= last ? [first, last] : [last, first]
  })
}

export function isWithin(number: number, ranges: readonly Range[]): boolean {
  return ranges.some(([first, last]) => number >= first && number <= last)
}
