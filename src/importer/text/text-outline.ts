import type { TextHeading } from '../headings/heading-line.ts'
import type { OutlineEntry } from '../chapters/chapter-outline.ts'

/** A heading with its position in the sequence of drafts. */
export interface PlacedHeading {
  readonly heading: TextHeading
  /** Index of its first draft. */
  readonly start: number
  readonly title: string
  /** Characters of text between it and the next heading. */
  readonly textBelow: number
}

interface OpenEntry extends OutlineEntry {
  readonly children: OpenEntry[]
  readonly rank: number
}

/** A prologue with less text than this before a chapter 1 is a part that contains chapters. */
const shortText = 600
const chapterRank = 100

/**
 * Builds the outline: parts contain the entries after them. Kinds of part are nested in order of first appearance (a
 * volume comes before its first book). Prologues and epilogues are outside of parts.
 */
export function textOutline(placed: readonly PlacedHeading[]): OutlineEntry[] {
  const ranks = new Map<string, number>()
  const root: OpenEntry[] = []
  const open: OpenEntry[] = []
  let inlinePart: string | undefined
  const add = (entry: OpenEntry): void => {
    while (open.length > 0 && (open.at(-1)?.rank ?? 0) >= entry.rank) open.pop()
    ;(open.at(-1)?.children ?? root).push(entry)
    open.push(entry)
  }
  placed.forEach(({ heading, start, title, textBelow }, index) => {
    const next = placed[index + 1]?.heading
    if (heading.part !== undefined && heading.part !== inlinePart)
      add({ title: heading.part, start, children: [], rank: 0 })
    inlinePart = heading.part ?? inlinePart
    const entry = { title, start, children: [] }
    if (heading.kind === 'chapter') add({ ...entry, rank: chapterRank })
    else if (heading.kind === 'part') {
      if (!ranks.has(heading.word)) ranks.set(heading.word, ranks.size)
      add({ ...entry, rank: ranks.get(heading.word) ?? 0 })
    } else if (!isBetweenChapters(placed, index)) {
      const holds =
        textBelow < shortText && next?.kind === 'chapter' && next.number === 1 && heading.number !== undefined
      add({ ...entry, rank: holds ? 0 : -1 })
      // A prologue has no children.
      if (!holds) open.pop()
    }
  })
  return root
}

/**
 * Whether an appendix interrupts the chapter numbering; it belongs to the chapter before it, so that the numbers stay
 * the book's own.
 */
function isBetweenChapters(placed: readonly PlacedHeading[], index: number): boolean {
  if (!/^(?:附[录錄]|appendix)/.test(placed[index]?.heading.word ?? '')) return false
  const before = placed[index - 1]?.heading
  const after = placed[index + 1]?.heading
  return (
    before?.kind === 'chapter' &&
    after?.kind === 'chapter' &&
    before.number !== undefined &&
    after.number === before.number + 1
  )
}

/** Remarks on missing and repeated chapter numbers, which indicate a missed or a wrong heading. */
export function numberingRemarks(headings: readonly TextHeading[]): string[] {
  const gaps: string[] = []
  let before: TextHeading | undefined
  for (const heading of headings) {
    if (heading.kind !== 'chapter') continue
    const expected = (before?.number ?? 0) + 1
    const counts = heading.number === undefined || heading.number === 1 || heading.number === expected
    if (!counts && before?.word === heading.word) gaps.push(`after ${before?.number} comes ${heading.number}`)
    before = heading
  }
  if (gaps.length === 0) return []
  const shown = gaps.slice(0, 5).join(', ')
  return [
    `The chapters’ numbers do not count up everywhere (${shown}${gaps.length > 5 ? ' …' : ''}). Please look through the list.`,
  ]
}
