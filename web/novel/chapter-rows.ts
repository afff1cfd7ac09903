import { t } from '@lingui/core/macro'
import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'
import { type ChapterNumbers, chapterNumbers } from '../element/chapter-names.ts'
import { foldText } from '../element/fold-text.ts'
import { isWithin, numberRanges } from './number-ranges.ts'

export type ChapterRowModel =
  | {
      readonly kind: 'heading'
      readonly title: string
      /** By which it is remembered that it is folded: the place of its first chapter and its title. */
      readonly key: string
      /** Chapters below it. */
      readonly chapters: number
      /** Of those the numbers that can be heard, and whether all were. */
      readonly numbers: readonly number[]
      readonly finished: boolean
      readonly folded: boolean
    }
  | { readonly kind: 'chapter'; readonly chapter: ChapterListed }

function matterTitle(matter: ChapterListed['matter']): string {
  if (matter === 'front') return t`Before the story`
  return matter === 'body' ? t`The story` : t`After the story`
}

const nothing: ReadonlySet<string> = new Set()

/**
 * The list of chapters with a heading wherever a new part, or what stands before and after the story, begins. A search
 * finds titles and parts without accents (`quyen 3`, `chuong 1204`), single numbers and ranges (`100-200, 305`), by the
 * numbers that are shown. `folded`: headings whose chapters are hidden unless something is searched for.
 */
export function chapterRows(
  chapters: readonly ChapterListed[],
  search = '',
  numbers: ChapterNumbers = chapterNumbers(chapters),
  folded: ReadonlySet<string> = nothing,
): ChapterRowModel[] {
  const matches = search.trim() === '' ? undefined : matching(chapters, search, numbers)
  const mixed = new Set(chapters.map((chapter) => chapter.matter)).size > 1
  const rows: ChapterRowModel[] = []
  let before: string | undefined
  let heading: (ChapterRowModel & { readonly kind: 'heading' }) | undefined
  let headingAt = 0
  let begun = false
  for (const chapter of chapters) {
    if (chapter.matter === 'body') begun = true
    if (matches && !matches(chapter)) continue
    // A dedication behind the preface stands in the story, where the reader meets it.
    const within = begun && chapter.matter === 'front'
    const title = chapter.part ?? (within ? before : mixed ? matterTitle(chapter.matter) : undefined)
    if (title === undefined) heading = undefined
    else if (title !== before) {
      const key = `${chapter.number} ${title}`
      headingAt =
        rows.push(
          (heading = {
            kind: 'heading',
            title,
            key,
            chapters: 0,
            numbers: [],
            finished: true,
            folded: !matches && folded.has(key),
          }),
        ) - 1
    }
    before = title
    if (heading) {
      const audible = chapter.segmentsTotal > 0
      rows[headingAt] = heading = {
        ...heading,
        chapters: heading.chapters + 1,
        numbers: audible ? [...heading.numbers, chapter.number] : heading.numbers,
        finished: heading.finished && (!audible || chapter.finished === true),
      }
    }
    if (!heading?.folded) rows.push({ kind: 'chapter', chapter })
  }
  return rows
}

/** Whether a chapter answers to a search. */
function matching(
  chapters: readonly ChapterListed[],
  search: string,
  numbers: ChapterNumbers,
): (chapter: ChapterListed) => boolean {
  const wanted = foldText(search)
  const ranges = numberRanges(wanted)
  if (ranges) {
    // A chapter without a number, within the story, stands behind the one before it.
    let last = Number.NaN
    return (chapter) => {
      const number = numbers.get(chapter.number)
      last = number ?? (chapter.matter === 'body' ? Math.floor(last) + 0.5 : Number.NaN)
      return isWithin(last, ranges)
    }
  }
  const names = new Map(
    chapters.map((chapter) => [chapter, foldText(`${chapter.part ?? ''}\n${chapter.title}`)]),
  )
  const named = (chapter: ChapterListed): boolean => contains(names.get(chapter) ?? '', wanted)
  if (/^\d+$/.test(wanted))
    return (chapter) => String(numbers.get(chapter.number)) === wanted || named(chapter)
  // `chapter 12` is the twelfth in a book whose titles do not say so.
  const numbered = /^\p{L}+\.? ?(\d{1,6})$/u.exec(wanted)?.[1]
  return numbered === undefined || chapters.some(named)
    ? named
    : (chapter) => String(numbers.get(chapter.number)) === numbered
}

/** Whether a text has another, whose number at the end does not go on in it: `chuong 12` is not in `chuong 120`. */
function contains(text: string, wanted: string): boolean {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    if (!/\d$/.test(wanted) || !/^\d/.test(text.slice(at + wanted.length))) return true
  }
  return false
}
