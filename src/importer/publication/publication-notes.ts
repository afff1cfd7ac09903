import { removeRanges, type Link } from '../block-draft.ts'
import type { LinkTarget } from '../link-target.ts'
import { keepLinks } from './publication-links.ts'
import type { SpineStream } from './spine-stream.ts'

/** A note reference: `12`, `[12]`, `(a)`, `*`, `†`. */
const noteMark =
  /^[[({]?\s*(?:[*†‡]?\d{1,4}|[*†‡§¶‖]{1,4}|[a-z]|[ivxlc]{1,6}|[注註]|[注註]\d{1,3}|(?:foot|end)?note\s?\d{1,3})\s*[\])}.]?$/i
/** Text that is only a back link: ↩, ↑, ^. */
const backArrow = /^(?:[↩↵⏎↑^←\s]|\uFE0E|\uFE0F)+$/
/** A note of more blocks than this is a chapter of notes, or a wrong link. */
const longestNote = 20
/** UTF-16 units of a note that is shown at its reference. */
const longestWords = 5000
/** References that each are given the words of the same note. */
const mostReferences = 5
/** For each draft the drafts that its links point to. */
type LinkTargets = readonly ReadonlySet<number>[]

/**
 * Resolves notes in EPUB 2, which has no semantic types: a short mark whose target links back to it is a note
 * reference, and the block it points to a note's body. A superscript number that links into the book is one even
 * without a back link. References are removed from their blocks; bodies are marked as notes.
 */
export function resolveNotes(stream: SpineStream): void {
  const { drafts } = stream
  const leadsTo = drafts.map(
    ({ links }) =>
      new Set(
        links.flatMap(({ target }) => (target.id === undefined ? [] : (stream.position(target) ?? []))),
      ),
  )
  const references = drafts.map((draft, index) =>
    draft.links.filter((link) => isReference(stream, leadsTo, index, link)),
  )
  drafts.forEach((draft, index) => {
    const links = references[index] ?? []
    const isNoteMark = new Set(links)
    keepLinks(
      stream,
      draft,
      draft.links.filter((link) => !isNoteMark.has(link)),
    )
    if (links.length > 0) removeRanges(draft, links, 'note-reference')
    draft.links = []
  })
  showNotes(stream)
}

/** Writes the words of notes to their references. */
function showNotes(stream: SpineStream): void {
  const shown = new Map<string, number>()
  // In EPUB 3 notes are marked as such, and were taken out already.
  const removed = stream.drafts.flatMap((draft) => draft.removed)
  const known = new Map(
    removed.flatMap(({ reason, target, text }) =>
      reason === 'note' && target && text.length <= longestWords ? [[placeOf(target), text]] : [],
    ),
  )
  for (const draft of stream.drafts)
    draft.removed = draft.removed.map(({ target, ...one }) => {
      if (!target || one.reason !== 'note-reference') return one
      const note = noteAt(stream, target) ?? known.get(placeOf(target))
      if (!note) return one
      const times = shown.get(note) ?? 0
      shown.set(note, times + 1)
      return times < mostReferences ? { ...one, note } : one
    })
}

function placeOf({ file, id = '' }: LinkTarget): string {
  return `${file}#${id}`
}

/** The words of the note at a target; `undefined` if that is no note. */
function noteAt(stream: SpineStream, target: LinkTarget): string | undefined {
  const [start, end] = (target.id === undefined ? undefined : stream.extent(target)) ?? [0, 0]
  if (end - start > longestNote) return undefined
  const body = stream.drafts.slice(start, end).filter(({ note, text }) => note && text.length <= longestWords)
  const words = body.map(({ text }) => text).join('\n')
  return words !== '' && words.length <= longestWords ? words : undefined
}

/** Whether a link is a note reference to remove. Marks the body that it points to as a note. */
function isReference(stream: SpineStream, leadsTo: LinkTargets, index: number, link: Link): boolean {
  const text = stream.drafts[index]?.text.slice(link.start, link.end).trim() ?? ''
  if (backArrow.test(text)) return true
  if (!noteMark.test(text) || link.target.id === undefined) return false
  const role = roleOf(stream, leadsTo, index, link, text)
  if (role === 'reference') markBody(stream, link, index)
  return role !== undefined
}

/** Whether a mark is the reference in the text, or the back link in the note's body. */
function roleOf(
  stream: SpineStream,
  leadsTo: LinkTargets,
  index: number,
  link: Link,
  text: string,
): 'reference' | 'back' | undefined {
  const extent = stream.extent(link.target)
  if (extent === undefined) return link.superscript && /\d|[*†‡§]/.test(text) ? 'reference' : undefined
  const [start, end] = extent
  if (start === index) return undefined
  let isLinkedBack = false
  for (let at = start; at < Math.min(end, start + longestNote) && !isLinkedBack; at += 1)
    isLinkedBack = leadsTo[at]?.has(index) ?? false
  if (!isLinkedBack) return link.superscript && !leadsToHeading(stream, start) ? 'reference' : undefined
  // Both link to each other: a back link stands at the start of its body, and bodies follow their references.
  return link.start === 0 && start < index ? 'back' : 'reference'
}

/** A superscript number may also point to a chapter, in a table of contents in small print. */
function leadsToHeading(stream: SpineStream, index: number): boolean {
  return stream.drafts[index]?.kind === 'heading'
}

function markBody(stream: SpineStream, link: Link, from: number): void {
  const extent = stream.extent(link.target)
  if (extent === undefined || extent[1] - extent[0] > longestNote) return
  for (let index = extent[0]; index < extent[1]; index += 1) {
    const draft = stream.drafts[index]
    if (draft !== undefined && index !== from && draft.kind !== 'heading') draft.note = true
  }
}
