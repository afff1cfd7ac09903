import type { BlockDraft } from '../block-draft.ts'
import { joinTitle, type OutlineSection } from '../chapters/chapter-outline.ts'
import { readHeadingLine } from '../headings/heading-line.ts'

/** Maximum UTF-16 units of a joined title. */
const longestTitle = 300

/**
 * Joins sections that consist only of headings to the section that follows: `CHAPTER I` listed apart from its title
 * begins that chapter, `PART ONE` becomes the part of the chapters up to the next part. Sections for which
 * `standsAlone` is true are not joined to.
 */
export function joinHeadingOnly(
  pieces: readonly OutlineSection[],
  drafts: readonly BlockDraft[],
  standsAlone: (piece: OutlineSection) => boolean,
): OutlineSection[] {
  const joined: OutlineSection[] = []
  let waiting: OutlineSection | undefined
  let part: { readonly title: string; readonly depth: number } | undefined
  for (const [index, piece] of pieces.entries()) {
    const next = pieces[index + 1]
    const depth = piece.parts.length
    if (part !== undefined && depth < part.depth) part = undefined
    if (
      next !== undefined &&
      next.parts.length === depth &&
      isHeadingOnly(piece, drafts) &&
      !standsAlone(piece) &&
      !standsAlone(next)
    ) {
      if (kindOf(piece) === 'part' && kindOf(next) !== 'part') {
        part = { title: piece.title ?? '', depth }
        waiting = { ...piece, start: waiting?.start ?? piece.start, title: waiting?.title }
      } else
        waiting = {
          ...piece,
          start: waiting?.start ?? piece.start,
          title: joinTitle([waiting?.title ?? '', piece.title ?? '']).slice(0, longestTitle),
        }
      continue
    }
    if (kindOf(piece) === 'part') part = undefined
    const parts =
      part !== undefined && part.depth === depth && part.title !== ''
        ? [...piece.parts, part.title]
        : piece.parts
    joined.push({
      ...piece,
      parts,
      ...(waiting !== undefined && { start: waiting.start, title: titleOf(waiting, piece) }),
    })
    waiting = undefined
  }
  return joined
}

function titleOf(waiting: OutlineSection, piece: OutlineSection): string | undefined {
  if (waiting.title === undefined || waiting.title === '') return piece.title
  // A chapter that has a heading of its own needs no other before it.
  if (kindOf(piece) === 'chapter' && kindOf(waiting) !== 'chapter') return piece.title
  return joinTitle([waiting.title, piece.title ?? ''].filter((title) => title !== ''))
}

function kindOf({ title }: OutlineSection): 'chapter' | 'part' | 'special' | undefined {
  return readHeadingLine(title ?? '')?.kind
}

function isHeadingOnly({ start, end }: OutlineSection, drafts: readonly BlockDraft[]): boolean {
  let headings = 0
  for (let index = start; index < end; index += 1) {
    const draft = drafts[index] as BlockDraft
    if (draft.omit !== undefined || draft.kind === 'scene-break') continue
    if (draft.kind !== 'heading') return false
    headings += 1
  }
  return headings > 0
}

/** Extends a bare title such as `CHAPTER II.` by the title in the heading below. */
export function withSubtitle(piece: OutlineSection, drafts: readonly BlockDraft[]): OutlineSection {
  const { title, start, end } = piece
  if (title === undefined || readHeadingLine(title)?.bare !== true) return piece
  const own = drafts.slice(start, Math.min(end, start + 8)).filter(({ omit }) => omit === undefined)
  const at = own.findIndex(({ kind, text }) => kind === 'heading' && plain(text) === plain(title))
  const below = own[at + 1]
  if (
    at < 0 ||
    below?.kind !== 'heading' ||
    below.text.length > 120 ||
    readHeadingLine(below.text) !== undefined
  )
    return piece
  return { ...piece, title: joinTitle([title, below.text]) }
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
}

/**
 * Whether a chapter begins with a picture in place of its heading, so that only the contents know its words: a picture
 * in a heading, or above the first line of a chapter without a heading.
 */
export function hasPictureHeading(
  { title, start, end }: OutlineSection,
  drafts: readonly BlockDraft[],
  novel: string,
): boolean {
  if (title === undefined || plainLetters(title) === '' || plainLetters(title) === plainLetters(novel))
    return false
  let picture = false
  for (let index = start; index < end; index += 1) {
    const draft = drafts[index] as BlockDraft
    if (draft.omit !== undefined || draft.note) continue
    if (draft.kind === 'scene-break') continue
    if (draft.kind === 'heading' && draft.text !== '') return false
    picture ||=
      draft.kind === 'heading' || draft.taken.some(({ reason, at }) => reason === 'image' && at === 0)
    if (draft.text !== '') return picture && !repeatsTitle(draft.text, title)
  }
  return false
}

/** Whether the first line states the title in other words. */
function repeatsTitle(text: string, title: string): boolean {
  const [plainText, listed] = [plainLetters(text), plainLetters(title)]
  return plainText.startsWith(listed) || (text.length < 100 && listed.includes(plainText))
}

function plainLetters(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
}
