import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'
import { type ChapterNumbers, chapterNumbers } from '../element/chapter-names.ts'
import { isWithin, numberRanges } from './number-ranges.ts'

export type ChapterRowModel =
  | { readonly kind: 'heading'; readonly title: string }
  | { readonly kind: 'chapter'; readonly chapter: ChapterListed }

const matterTitles = { front: 'Before the story', body: 'The story', back: 'After the story' } as const

/**
 * The list of chapters with a heading wherever a new part, or what stands before and after the story, begins. A search
 * finds titles, single numbers and ranges (`100-200, 305`), by the numbers that are shown.
 */
export function chapterRows(
  chapters: readonly ChapterListed[],
  search = '',
  numbers: ChapterNumbers = chapterNumbers(chapters),
): ChapterRowModel[] {
  const wanted = search.trim().toLowerCase()
  const ranges = numberRanges(wanted)
  // A chapter without a number, within the story, stands behind the one before it.
  let last = Number.NaN
  const matches = (chapter: ChapterListed): boolean => {
    const number = numbers.get(chapter.number)
    if (ranges)
      return isWithin(
        (last = number ?? (chapter.matter === 'body' ? Math.floor(last) + 0.5 : Number.NaN)),
        ranges,
      )
    return (number !== undefined && String(number) === wanted) || chapter.title.toLowerCase().includes(wanted)
  }
  const mixed = new Set(chapters.map((chapter) => chapter.matter)).size > 1
  const rows: ChapterRowModel[] = []
  let before: string | undefined
  let begun = false
  for (const chapter of chapters) {
    if (chapter.matter === 'body') begun = true
    if (wanted !== '' && !matches(chapter)) continue
    // A dedication behind the preface stands in the story, where the reader meets it.
    const within = begun && chapter.matter === 'front'
    const title = chapter.part ?? (within ? before : mixed ? matterTitles[chapter.matter] : undefined)
    if (title !== undefined && title !== before) rows.push({ kind: 'heading', title })
    before = title
    rows.push({ kind: 'chapter', chapter })
  }
  return rows
}
