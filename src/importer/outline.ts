import type { BlockDraft } from './draft.ts'

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
