import type { BlockDraft } from './draft.ts'
import { roleByTitle } from './matter.ts'
import type { OutlineSection } from './outline.ts'
import { isTitlePageLine, looksLikeTitle } from './title-lines.ts'

export interface FrontMatter {
  /** Drafts `[0, end)` are the title page. */
  readonly titlePage: number
  /** What else stands before the first heading, to be heard or not; never nothing. */
  readonly pieces: readonly OutlineSection[]
}

/**
 * What stands before the first heading of a book, drafts `[0, end)`: the title page, sections under a line of capitals
 * (“ETYMOLOGY.”), and a story's opening, which is a chapter. Nothing of it is dropped.
 */
export function frontMatter(drafts: readonly BlockDraft[], end: number, author: string): FrontMatter {
  let titlePage = 0
  while (
    titlePage < end &&
    isTitlePageLine(drafts[titlePage]?.text ?? '') &&
    !opensSection(drafts, titlePage, end, author)
  )
    titlePage += 1
  const pieces: OutlineSection[] = []
  let start = titlePage
  let title: string | undefined
  const cut = (at: number): void => {
    if (at > start) pieces.push({ start, end: at, title, parts: [], parent: false })
    start = at
  }
  for (let index = titlePage; index < end; index += 1) {
    if (!opensSection(drafts, index, end, author)) continue
    cut(index)
    title = drafts[index]?.text
    const heading = drafts[index]
    if (heading !== undefined) heading.kind = 'heading'
  }
  cut(end)
  return { titlePage, pieces }
}

/** A title in capitals, or one that is known, with prose right below it. */
function opensSection(drafts: readonly BlockDraft[], index: number, end: number, author: string): boolean {
  const text = drafts[index]?.text ?? ''
  const below = drafts[index + 1]?.text
  if (index + 1 >= end || below === undefined || isTitlePageLine(below) || text.length > 80) return false
  const title = text.replace(/[:：]$/, '')
  if (roleByTitle(title, author) !== undefined) return true
  return looksLikeTitle(title) && title === title.toUpperCase() && /\p{Lu}{3}/u.test(title)
}
