import type { BlockDraft } from '../block-draft.ts'
import type { ClassifiedSection } from '../chapters/chapter-assembly.ts'
import { roleByTitle } from '../chapters/chapter-matter.ts'
import {
  cutSections,
  joinLeadIns,
  joinTitle,
  type OutlineSection,
  textLength,
} from '../chapters/chapter-outline.ts'
import { isTitlePageLine, looksLikeTitle } from '../title-text.ts'
import type { PlacedDrafts } from './text-drafts.ts'
import type { FoundHeadings } from './text-headings.ts'
import { numberingRemarks, type PlacedHeading, textOutline } from './text-outline.ts'

export interface TextChapters {
  readonly sections: readonly ClassifiedSection[]
  readonly remarks: readonly string[]
}

/** Cuts a text's blocks into chapters at the headings found. */
export function textChapters(
  { drafts, starts, contentsLines }: PlacedDrafts,
  found: FoundHeadings,
  book: { readonly title: string; readonly author: string },
): TextChapters {
  const placed = starts.map(({ heading, start }, index): PlacedHeading => {
    const next = starts[index + 1]?.start ?? drafts.length
    return {
      heading,
      start,
      title: titleAt(drafts, start, next),
      textBelow: textLength(drafts, start + 1, next),
    }
  })
  const remarks = [
    ...remarksOn(found, contentsLines),
    ...numberingRemarks(starts.map(({ heading }) => heading)),
  ]
  if (placed.length === 0) {
    const whole = [{ title: book.title, start: 0, children: [] }]
    return {
      sections: cutSections(whole, drafts.length).map((section) => ({ ...section, role: 'story' })),
      remarks,
    }
  }
  const cut = joinLeadIns(cutSections(textOutline(placed), drafts.length), drafts, () => false)
  return withFront(cut, bodyStart(cut, drafts, starts), drafts, book.author, remarks)
}

/** The chapters from `body` on, preceded by front matter that is not a title page. */
function withFront(
  cut: readonly OutlineSection[],
  body: number,
  drafts: readonly BlockDraft[],
  author: string,
  found: readonly string[],
): TextChapters {
  const remarks = [...found]
  const roled = (section: OutlineSection): ClassifiedSection => ({
    ...section,
    role: roleOf(section, author),
  })
  const end = cut[body]?.start ?? drafts.length
  const front = frontMatter(drafts, end, author)
  if (front.titlePage > 0) remarks.push(titlePageRemark(drafts, front.titlePage))
  for (const { start, end: to, title } of front.sections)
    remarks.push(
      title === undefined
        ? `Before the first heading stands text, which is a chapter of its own: ${beginning(drafts, start, to, 80)}`
        : `“${title}” stands before the first chapter and is one of its own.`,
    )
  const [first, ...rest] = [...front.sections, ...cut.slice(body)].map(roled)
  // The title page is kept at the beginning of the first section.
  const sections = first === undefined ? [] : [{ ...first, start: 0 }, ...rest]
  for (const draft of drafts.slice(0, front.titlePage)) draft.omit = 'title-page'
  return { sections, remarks }
}

/** The first section with a chapter heading, or with more than a volume's name on a title page. */
function bodyStart(
  sections: readonly OutlineSection[],
  drafts: readonly BlockDraft[],
  starts: PlacedDrafts['starts'],
): number {
  const named = starts.filter(({ heading }) => heading.kind !== 'part').map(({ start }) => start)
  const firstNamed = named[0] ?? Infinity
  const found = sections.findIndex(({ start, end, title }) => {
    if (title === undefined) return false
    return end > firstNamed || !drafts.slice(start, end).every(({ text }) => isTitlePageLine(text))
  })
  // A book may consist of parts alone.
  return found < 0 ? sections.findIndex(({ title }) => title !== undefined) : found
}

function roleOf({ title }: OutlineSection, author: string): ClassifiedSection['role'] {
  return (title === undefined ? undefined : roleByTitle(title, author)) ?? 'story'
}

/** Joins the heading's block and its subtitle's. */
function titleAt(drafts: readonly BlockDraft[], start: number, end: number): string {
  const texts: string[] = []
  for (let index = start; index < end && drafts[index]?.kind === 'heading'; index += 1)
    texts.push(drafts[index]?.text ?? '')
  return joinTitle(texts)
}

function titlePageRemark(drafts: readonly BlockDraft[], end: number): string {
  return `The title page was left out: ${beginning(drafts, 0, end, 120)}`
}

function beginning(drafts: readonly BlockDraft[], start: number, end: number, length: number): string {
  const text = drafts
    .slice(start, end)
    .map((draft) => draft.text.slice(0, length + 1).replaceAll('\n', ' '))
    .join(' ')
  return text.length > length ? `${text.slice(0, length)}…` : text
}

function remarksOn({ evidence, repeated }: FoundHeadings, contentsLines: number): string[] {
  const remarks: string[] = []
  if (evidence === 'whole-text') remarks.push('No chapter headings were found, so the book is one chapter.')
  if (evidence === 'numbered-lines')
    remarks.push('The chapters were found by bare numbers. Please look through them before you listen.')
  if (contentsLines > 0) remarks.push(`A table of contents of ${contentsLines} lines was left out.`)
  if (repeated.length > 0) {
    const titles = repeated
      .slice(0, 3)
      .map(({ title }) => title)
      .join(', ')
    remarks.push(`Headings that stand there twice are read once: ${titles}${repeated.length > 3 ? ' …' : ''}`)
  }
  return remarks
}

interface FrontMatter {
  /** Drafts `[0, end)` are the title page. */
  readonly titlePage: number
  /** The sections between the title page and the first heading, narrated or not; none is empty. */
  readonly sections: readonly OutlineSection[]
}

/**
 * Divides what precedes the first heading, drafts `[0, end)`: the title page, sections under a line of capitals
 * (“ETYMOLOGY.”), and a story's opening, which is a chapter. Nothing is dropped.
 */
function frontMatter(drafts: readonly BlockDraft[], end: number, author: string): FrontMatter {
  let titlePage = 0
  while (
    titlePage < end &&
    isTitlePageLine(drafts[titlePage]?.text ?? '') &&
    !opensSection(drafts, titlePage, end, author)
  )
    titlePage += 1
  const sections: OutlineSection[] = []
  let start = titlePage
  let title: string | undefined
  const cut = (at: number): void => {
    if (at > start) sections.push({ start, end: at, title, parts: [], parent: false })
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
  return { titlePage, sections }
}

/** Whether a section begins here: a title in capitals, or a known one, with prose directly below it. */
function opensSection(drafts: readonly BlockDraft[], index: number, end: number, author: string): boolean {
  const text = drafts[index]?.text ?? ''
  const below = drafts[index + 1]?.text
  if (index + 1 >= end || below === undefined || isTitlePageLine(below) || text.length > 80) return false
  const title = text.replace(/[:：]$/, '')
  if (roleByTitle(title, author) !== undefined) return true
  return looksLikeTitle(title) && title === title.toUpperCase() && /\p{Lu}{3}/u.test(title)
}
