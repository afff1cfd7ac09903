import type { BlockDraft } from '../block-draft.ts'
import { shortTitle } from '../title-text.ts'

/** An entry of the tree that tells where chapters and parts begin in the sequence of drafts. */
export interface OutlineEntry {
  readonly title: string
  /** Index of its first draft; undefined if the entry only groups its children. */
  readonly start: number | undefined
  readonly children: readonly OutlineEntry[]
}

/** A range of drafts `[start, end)` under one title. */
export interface OutlineSection {
  readonly start: number
  readonly end: number
  /** Undefined before the first titled entry. */
  readonly title: string | undefined
  /** Titles of its ancestors, outermost first. */
  readonly parts: readonly string[]
  /** Whether it is the own text of an entry that has children. */
  readonly parent: boolean
}

/**
 * Cuts `count` drafts where the outline's entries begin. Each draft is in exactly one section; the first is untitled if
 * the outline begins later. Of several entries at the same place the first leaf wins; parents there contribute only
 * `parts`.
 */
export function cutSections(outline: readonly OutlineEntry[], count: number): OutlineSection[] {
  const cuts = new Map<number, Omit<OutlineSection, 'end'>>()
  const visit = (entries: readonly OutlineEntry[], parts: readonly string[]): void => {
    for (const { title, start, children } of entries) {
      const parent = children.length > 0
      const existing = start === undefined ? undefined : cuts.get(start)
      if (start !== undefined && start < count && (existing === undefined || (existing.parent && !parent)))
        cuts.set(start, { start, title, parts, parent })
      visit(children, title === '' ? parts : [...parts, shortTitle(title)])
    }
  }
  visit(outline, [])
  if (count > 0 && !cuts.has(0)) cuts.set(0, { start: 0, title: undefined, parts: [], parent: false })
  const sorted = [...cuts.values()].toSorted((a, b) => a.start - b.start)
  return sorted.map((cut, index) => ({ ...cut, end: sorted[index + 1]?.start ?? count }))
}

/** UTF-16 units of text in a range of drafts, without notes and omitted blocks. */
export function textLength(drafts: readonly BlockDraft[], start: number, end: number): number {
  let sum = 0
  for (let index = start; index < end; index += 1) {
    const draft = drafts[index] as BlockDraft
    if (!draft.note && draft.omit === undefined) sum += draft.text.length
  }
  return sum
}

/**
 * A parent's own text up to this length (a heading, a motto) is joined to its first chapter; longer text is a chapter.
 */
const longestLead = 600

/** Joins parents with short text to the section that follows inside them. */
export function joinLeadIns(
  sections: readonly OutlineSection[],
  drafts: readonly BlockDraft[],
  standsAlone: (section: OutlineSection) => boolean,
): OutlineSection[] {
  const joined: OutlineSection[] = []
  let start: number | undefined
  for (const [index, section] of sections.entries()) {
    const next = sections[index + 1]
    const leads =
      section.parent &&
      next !== undefined &&
      next.parts.length > section.parts.length &&
      !standsAlone(section) &&
      textLength(drafts, section.start, section.end) <= longestLead
    if (leads) start ??= section.start
    else {
      joined.push(start === undefined ? section : { ...section, start })
      start = undefined
    }
  }
  return joined
}

interface Heading {
  readonly level: number
  /** Index of its draft. */
  readonly start: number
  /** Index of the first draft after it and the lower-level headings directly below. */
  readonly bodyStart: number
  readonly title: string
}

/** Maximum elements of one heading: label, number, title, subtitle, and those of a part above. */
export const longestHeading = 8

/**
 * Derives an outline from the headings h1–h5, for a book without a table of contents. A level is one of parts if most
 * of its headings stand before several headings of the next level with hardly any text between; the first level that has text of its own is
 * that of the chapters.
 */
export function headingOutline(drafts: readonly BlockDraft[]): OutlineEntry[] {
  const headings = collectHeadings(drafts)
  const levels = [1, 2, 3, 4, 5].filter(
    (level) => headings.filter((heading) => heading.level === level).length > 1,
  )
  const top = levels[0]
  if (top === undefined) return []
  return buildOutline(drafts, headings, levels)
}

/** UTF-16 units of a date or motto that may stand between a part's heading and its first chapter. */
const longestMotto = 300

function buildOutline(
  drafts: readonly BlockDraft[],
  headings: readonly Heading[],
  levels: readonly number[],
): OutlineEntry[] {
  const [level, next, ...deeper] = levels
  const at = headings.flatMap((heading, index) => (heading.level === level ? [index] : []))
  const entries = at.map((from, index) => ({
    heading: headings[from] as Heading,
    below: headings.slice(from + 1, at[index + 1] ?? headings.length),
  }))
  const ofNext = ({ level: other }: Heading): boolean => other === next
  // Parts: most of these headings are followed directly by a heading of the next level, and most contain more than one.
  const leading = entries.filter(({ heading, below }) => {
    const first = below.find(ofNext)
    return first !== undefined && textLength(drafts, heading.bodyStart, first.start) <= longestMotto
  })
  const several = entries.filter(({ below }) => below.filter(ofNext).length > 1)
  const areParts =
    next !== undefined && leading.length * 2 >= entries.length && several.length * 2 >= entries.length
  return entries.map(({ heading: { title, start }, below }) => ({
    title,
    start,
    children: areParts ? buildOutline(drafts, below, [next, ...deeper]) : [],
  }))
}

function collectHeadings(drafts: readonly BlockDraft[]): Heading[] {
  const headings: Heading[] = []
  drafts.forEach((draft, start) => {
    if (draft.kind !== 'heading' || draft.level > 5 || draft.note || draft.omit !== undefined) return
    const before = drafts[start - 1]
    // Two consecutive headings of one level are number and title of one heading.
    if (before?.kind === 'heading' && before.level === draft.level && !before.note) return
    let bodyStart = start + 1
    while (bodyStart < start + longestHeading && drafts[bodyStart]?.kind === 'heading') bodyStart += 1
    headings.push({ level: draft.level, start, bodyStart, title: headingTitle(drafts, start, draft.level) })
  })
  return headings
}

/** The text of the heading at `start` joined with those of the same level directly after it. */
function headingTitle(drafts: readonly BlockDraft[], start: number, level: number): string {
  const texts: string[] = []
  for (let index = start; index < start + longestHeading; index += 1) {
    if (drafts[index]?.kind !== 'heading' || drafts[index]?.level !== level) break
    texts.push(drafts[index]?.text ?? '')
  }
  return joinTitle(texts)
}

/** Joins `CHAPTER I` and `The Storm` into one title. */
export function joinTitle(texts: readonly string[]): string {
  return texts.reduce(
    (title, text) =>
      title === '' ? text : `${title}${/[\p{L}\p{N}]$/u.test(title.slice(-2)) ? ':' : ''} ${text}`,
    '',
  )
}
