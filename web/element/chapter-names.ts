import type { ChapterListed } from '../../src/http/contract.ts'

type Named = Pick<ChapterListed, 'number' | 'title' | 'matter'>

/**
 * The number by which a person calls each chapter, by its place in reading order: the book's own where its titles count
 * on from chapter to chapter, else its place in the story. What stands before and after the story has none.
 */
export type ChapterNumbers = ReadonlyMap<number, number>

export function chapterNumbers(chapters: readonly Named[]): ChapterNumbers {
  const story = chapters.filter(({ matter }) => matter === 'body')
  const own = story.flatMap(({ number, title }) => {
    const said = numberInTitle(title)
    return said === undefined ? [] : [[number, said] as const]
  })
  // Chapters that begin again at I in each part cannot be told apart by that.
  const counts = own.every(([, said], at) => at === 0 || said > own[at - 1]![1])
  if (counts && own.length * 2 > story.length) return new Map(own)
  return new Map(story.map(({ number }, at) => [number, at + 1]))
}

/** What a chapter is called: by its own title, else by its number. */
export function chapterName(chapter: Named | undefined, numbers: ChapterNumbers): string {
  if (!chapter) return 'The chapter'
  const number = numbers.get(chapter.number)
  return chapter.title || (number === undefined ? 'Without a title' : `Chapter ${number}`)
}

/** The same within a sentence, and short: `chapter 3` where that is enough to find it, else its title in quotation marks. */
export function shortName(chapter: Named, numbers: ChapterNumbers): string {
  const number = numbers.get(chapter.number)
  return number === undefined ? `“${chapter.title || 'without a title'}”` : `chapter ${number}`
}

const digits: Readonly<Record<string, number>> = Object.fromEntries(
  '零一二三四五六七八九'
    .split('')
    .map((digit, at) => [digit, at])
    .concat([
      ['〇', 0],
      ['两', 2],
      ['兩', 2],
    ]),
)
const units: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 }
const romans: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 }

/** The number that a title begins with: `Chapter 12: The Ford`, `XII. The Ford`, `第十二回 …`, `12`. */
export function numberInTitle(title: string): number | undefined {
  const [, chinese] = /^第\s*([\d零〇一二两兩三四五六七八九十百千]+)\s*[章回节節話话]/u.exec(title) ?? []
  if (chinese !== undefined) return /^\d+$/.test(chinese) ? Number(chinese) : chineseNumber(chinese)
  // At most one word stands before it: Chapter, Kapitel, Chương.
  const [, said] =
    /^(?:\p{L}[\p{L}\p{M}]+\.?\s+)?(\d{1,5}|[IVXLCDM]+)(?=$|[\s.:,)–—-])/u.exec(title.trim()) ?? []
  if (said === undefined) return undefined
  return /^\d/.test(said) ? Number(said) : romanNumber(said)
}

function romanNumber(text: string): number | undefined {
  const values = text.split('').map((letter) => romans[letter] ?? 0)
  const number = values.reduce((sum, value, at) => sum + (value < (values[at + 1] ?? 0) ? -value : value), 0)
  return number > 0 ? number : undefined
}

function chineseNumber(text: string): number {
  // Digit by digit: 一二三 is 123.
  if (!text.split('').some((sign) => sign in units))
    return Number(
      text
        .split('')
        .map((sign) => digits[sign])
        .join(''),
    )
  let [sum, digit] = [0, 0]
  for (const sign of text) {
    const unit = units[sign]
    if (unit === undefined) digit = digits[sign] ?? 0
    else {
      sum += (digit === 0 ? 1 : digit) * unit
      digit = 0
    }
  }
  return sum + digit
}
