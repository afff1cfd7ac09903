import type { BlockDraft } from '../block-draft.ts'

/** Where chapters and parts begin: a tree over the row of drafts. */
export interface OutlineEntry {
  readonly title: string
  /** Index of its first draft; undefined if it only groups what is below. */
  readonly start: number | undefined
  readonly children: readonly OutlineEntry[]
}

/** A stretch of drafts `[start, end)` that belongs together. */
export interface OutlineSection {
  readonly start: number
  readonly end: number
  /** Undefined before anything was titled. */
  readonly title: string | undefined
  /** Titles of the entries above it, outermost first. */
  readonly parts: readonly string[]
  /** It is the text of an entry that has entries below it. */
  readonly parent: boolean
}

/**
 * Cuts `count` drafts where the outline's entries begin. Each draft is in exactly one piece; the first is untitled if the
 * outline begins later. Of entries that begin at the same place the first leaf is taken: parents there are only its parts.
 */
export function cutSections(outline: readonly OutlineEntry[], count: number): OutlineSection[] {
  const cuts = new Map<number, Omit<OutlineSection, 'end'>>()
  const visit = (entries: readonly OutlineEntry[], parts: readonly string[]): void => {
    for (const { title, start, children } of entries) {
      const parent = children.length > 0
      const taken = start === undefined ? undefined : cuts.get(start)
      if (start !== undefined && start < count && (taken === undefined || (taken.parent && !parent)))
        cuts.set(start, { start, title, parts, parent })
      visit(children, title === '' ? parts : [...parts, title])
    }
  }
  visit(outline, [])
  if (count > 0 && !cuts.has(0)) cuts.set(0, { start: 0, title: undefined, parts: [], parent: false })
  const sorted = [...cuts.values()].toSorted((a, b) => a.start - b.start)
  return sorted.map((cut, index) => ({ ...cut, end: sorted[index + 1]?.start ?? count }))
}

/** How much text a stretch of drafts has; notes and what is omitted do not count. */
export function textLength(drafts: readonly BlockDraft[], start: number, end: number): number {
  let sum = 0
  for (let index = start; index < end; index += 1) {
    const draft = drafts[index] as BlockDraft
    if (!draft.note && draft.omit === undefined) sum += draft.text.length
  }
  return sum
}

/** A parent's own text up to this length (a heading, a motto) leads into its first chapter; longer text is a chapter. */
const longestLead = 600

/** Parents whose text is short are joined to the piece that follows them inside. */
export function joinLeadIns(
  pieces: readonly OutlineSection[],
  drafts: readonly BlockDraft[],
  standsAlone: (piece: OutlineSection) => boolean,
): OutlineSection[] {
  const joined: OutlineSection[] = []
  let start: number | undefined
  for (const [index, piece] of pieces.entries()) {
    const next = pieces[index + 1]
    const leads =
      piece.parent &&
      next !== undefined &&
      next.parts.length > piece.parts.length &&
      !standsAlone(piece) &&
      textLength(drafts, piece.start, piece.end) <= longestLead
    if (leads) start ??= piece.start
    else {
      joined.push(start === undefined ? piece : { ...piece, start })
      start = undefined
    }
  }
  return joined
}

interface Heading {
  readonly level: number
  /** Index of its draft. */
  readonly start: number
  /** Index of the draft after it and the smaller headings that follow it directly. */
  readonly bodyStart: number
  readonly title: string
}

/** Elements of one heading: label, number, title, subtitle, and a part's above them. */
export const longestHeading = 8

/**
 * The outline that headings h1–h3 draw, for a book without a table of contents. A level whose headings mostly stand right
 * before several of the next level is one of parts; the first level that has text of its own is the chapters'.
 */
export function headingOutline(drafts: readonly BlockDraft[]): OutlineEntry[] {
  const headings = collectHeadings(drafts)
  const levels = [1, 2, 3].filter((level) => headings.filter((heading) => heading.level === level).length > 1)
  const top = levels[0]
  if (top === undefined) return []
  return buildOutline(headings, levels)
}

function buildOutline(headings: readonly Heading[], levels: readonly number[]): OutlineEntry[] {
  const [level, next, ...deeper] = levels
  const at = headings.flatMap((heading, index) => (heading.level === level ? [index] : []))
  const entries = at.map((from, index) => ({
    heading: headings[from] as Heading,
    below: headings.slice(from + 1, at[index + 1] ?? headings.length),
  }))
  const ofNext = ({ level: other }: Heading): boolean => other === next
  // Parts: most of these headings have nothing but the next level's heading after them, and more than one such.
  const leading = entries.filter(({ heading, below }) => {
    const first = below.find(ofNext)
    return first !== undefined && first.start <= heading.bodyStart
  })
  const several = entries.filter(({ below }) => below.filter(ofNext).length > 1)
  const areParts =
    next !== undefined && leading.length * 2 >= entries.length && several.length * 2 >= entries.length
  return entries.map(({ heading: { title, start }, below }) => ({
    title,
    start,
    children: areParts ? buildOutline(below, [next, ...deeper]) : [],
  }))
}

function collectHeadings(drafts: readonly BlockDraft[]): Heading[] {
  const headings: Heading[] = []
  drafts.forEach((draft, start) => {
    if (draft.kind !== 'heading' || draft.level > 3 || draft.note || draft.omit !== undefined) return
    const before = drafts[start - 1]
    // Two headings of one level in a row are one heading: number and title.
    if (before?.kind === 'heading' && before.level === draft.level && !before.note) return
    let bodyStart = start + 1
    while (bodyStart < start + longestHeading && drafts[bodyStart]?.kind === 'heading') bodyStart += 1
    headings.push({ level: draft.level, start, bodyStart, title: headingTitle(drafts, start, draft.level) })
  })
  return headings
}

/** The heading at `start` with those of the same level right after it. */
function headingTitle(drafts: readonly BlockDraft[], start: number, level: number): string {
  const texts: string[] = []
  for (let index = start; index < start + longestHeading; index += 1) {
    if (drafts[index]?.kind !== 'heading' || drafts[index]?.level !== level) break
    texts.push(drafts[index]?.text ?? '')
  }
  return joinTitle(texts)
}

/** `CHAPTER I` and `The Storm` as one title. */
export function joinTitle(texts: readonly string[]): string {
  return texts.reduce(
    (title, text) =>
      title === '' ? text : `${title}${/[\p{L}\p{N}]$/u.test(title.slice(-2)) ? ':' : ''} ${text}`,
    '',
  )
}
