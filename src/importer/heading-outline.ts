import type { Draft } from './draft.ts'
import type { OutlineEntry } from './outline.ts'

interface Heading {
  readonly level: number
  /** Index of its draft. */
  readonly start: number
  /** Index of the draft after it and the smaller headings that follow it directly. */
  readonly bodyStart: number
  readonly title: string
}

/**
 * The outline that headings h1–h3 draw, for a book without a table of contents. A level whose headings mostly stand right
 * before several of the next level is one of parts; the first level that has text of its own is the chapters'.
 */
export function headingOutline(drafts: readonly Draft[]): OutlineEntry[] {
  const headings = collect(drafts)
  const levels = [1, 2, 3].filter((level) => headings.filter((heading) => heading.level === level).length > 1)
  const top = levels[0]
  if (top === undefined) return []
  return build(headings, levels, 0, 0, drafts.length)
}

function build(
  headings: readonly Heading[],
  levels: readonly number[],
  depth: number,
  from: number,
  to: number,
): OutlineEntry[] {
  const level = levels[depth]
  const here = headings.filter(
    (heading) => heading.level === level && heading.start >= from && heading.start < to,
  )
  const next = levels[depth + 1]
  const ends = here.map((_, index) => here[index + 1]?.start ?? to)
  const below = here.map(({ start }, index) =>
    headings.filter(
      (heading) => heading.level === next && heading.start > start && heading.start < (ends[index] ?? to),
    ),
  )
  // Parts: most of these headings have nothing but the next level's heading after them, and more than one such.
  const leading = here.filter(
    (heading, index) => below[index]?.[0] !== undefined && below[index][0].start <= heading.bodyStart,
  )
  const several = below.filter((inner) => inner.length > 1)
  const areParts =
    next !== undefined && leading.length * 2 >= here.length && several.length * 2 >= here.length
  return here.map(({ title, start }, index) => ({
    title,
    start,
    children: areParts ? build(headings, levels, depth + 1, start + 1, ends[index] ?? to) : [],
  }))
}

function collect(drafts: readonly Draft[]): Heading[] {
  const headings: Heading[] = []
  drafts.forEach((draft, start) => {
    if (draft.kind !== 'heading' || draft.level > 3 || draft.note) return
    const before = drafts[start - 1]
    // Two headings of one level in a row are one heading: number and title.
    if (before?.kind === 'heading' && before.level === draft.level && !before.note) return
    let bodyStart = start + 1
    while (drafts[bodyStart]?.kind === 'heading' && (drafts[bodyStart]?.level ?? 0) >= draft.level)
      bodyStart += 1
    headings.push({ level: draft.level, start, bodyStart, title: headingTitle(drafts, start, draft.level) })
  })
  return headings
}

/** The heading at `start` with those of the same level right after it. */
function headingTitle(drafts: readonly Draft[], start: number, level: number): string {
  const texts: string[] = []
  for (let index = start; drafts[index]?.kind === 'heading' && drafts[index]?.level === level; index += 1)
    texts.push(drafts[index]?.text ?? '')
  return joinTitle(texts)
}

/** `CHAPTER I` and `The Storm` as one title. */
export function joinTitle(texts: readonly string[]): string {
  return texts.reduce(
    (title, text) => (title === '' ? text : `${title}${/[\p{L}\p{N}]$/u.test(title) ? ':' : ''} ${text}`),
    '',
  )
}
