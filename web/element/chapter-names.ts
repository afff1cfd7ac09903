import { t } from '@lingui/core/macro'
import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'

type Named = Pick<ChapterListed, 'number' | 'ownNumber' | 'title' | 'matter'>

/**
 * The number by which a person calls each chapter, by its place in reading order: the book's own where its titles count
 * on from chapter to chapter, else its place in the story. What stands before and after the story has none.
 */
export type ChapterNumbers = ReadonlyMap<number, number>

/** Of the chapters that say a number, how many must count up: a slip, or a title that is a year, spoils no book. */
const mostCount = 0.8

export function chapterNumbers(chapters: readonly Named[]): ChapterNumbers {
  const story = chapters.filter(({ matter }) => matter === 'body')
  const own = story.flatMap(({ number, ownNumber }) =>
    ownNumber === undefined ? [] : [[number, ownNumber] as const],
  )
  const said = own.map(([, number]) => number)
  const counting = longestRise(said)
  if (
    own.length * 2 > story.length &&
    counting.size >= own.length * mostCount &&
    !beginsAgain(said, counting)
  )
    return new Map(own.filter((_, at) => counting.has(at)))
  return new Map(story.map(({ number }, at) => [number, at + 1]))
}

/** Chapters that begin again at I in each part cannot be told apart by that. */
function beginsAgain(said: readonly number[], counting: ReadonlySet<number>): boolean {
  const first = said[0] ?? 0
  return said.some(
    (number, at) =>
      number === first && said[at + 1] === first + 1 && !counting.has(at) && !counting.has(at + 1),
  )
}

/** Where the longest row of numbers that only rise stands in a list; the others may stand between them. */
function longestRise(numbers: readonly number[]): ReadonlySet<number> {
  // By the length of a row: where the row of that length stands that ends lowest. Each knows the one before it.
  const ends: number[] = []
  const before: (number | undefined)[] = []
  numbers.forEach((number, at) => {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (numbers[ends[middle]!]! < number) low = middle + 1
      else high = middle
    }
    before.push(ends[low - 1])
    ends[low] = at
  })
  const row = new Set<number>()
  for (let at = ends.at(-1); at !== undefined; at = before[at]) row.add(at)
  return row
}

/** What a chapter is called: by its own title, else by its number. */
export function chapterName(chapter: Named | undefined, numbers: ChapterNumbers): string {
  if (!chapter) return t`The chapter`
  const number = numbers.get(chapter.number)
  return chapter.title || (number === undefined ? t`Without a title` : t`Chapter ${number}`)
}

/** The same with the part that it stands in: in many books chapters begin again at I in each. */
export function chapterPlace(
  chapter: (Named & Pick<ChapterListed, 'part'>) | undefined,
  numbers: ChapterNumbers,
): string {
  const name = chapterName(chapter, numbers)
  return chapter?.part ? `${chapter.part} · ${name}` : name
}

/** The same within a sentence, and short: `chapter 3` where that is enough to find it, else its title in quotation marks. */
export function shortName(chapter: Named, numbers: ChapterNumbers): string {
  return shortNameOf(chapter.title, numbers.get(chapter.number))
}

/** Likewise, of a chapter whose number people call it by is known. */
export function shortNameOf(title: string, number: number | undefined): string {
  if (number !== undefined) return t({ message: `chapter ${number}`, comment: 'within a sentence' })
  return title === '' ? t`“without a title”` : t`“${title}”`
}
